"""The addresses of a person's own settings."""

from django.urls import path

from hotdash.pages.profile import actions, views

app_name = "profile"
urlpatterns = [
    path("", views.show, name="show"),
    path("theme/", actions.theme, name="theme"),
]
