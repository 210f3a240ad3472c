"""The addresses of a person's own key, below its environment's."""

from django.urls import path

from hotdash.guard.needs import page_and_action
from hotdash.pages.keys import actions, views

app_name = "keys"
urlpatterns = [
    path("", page_and_action(views.new, actions.store), name="new"),
    path("removal/", page_and_action(views.removal, actions.remove), name="removal"),
]
