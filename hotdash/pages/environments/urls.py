"""The addresses of the environments' settings."""

from django.urls import path

from hotdash.guard.needs import page_and_action
from hotdash.pages.environments import actions, views

app_name = "environments"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", page_and_action(views.new, actions.create), name="new"),
    path("<slug:env>/", views.show, name="show"),
    path("<slug:env>/origin/", page_and_action(views.origin, actions.move), name="origin"),
]
