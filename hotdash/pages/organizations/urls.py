"""The addresses above every organization."""

from django.urls import path

from hotdash.guard.needs import page_and_action
from hotdash.pages.organizations import actions, views

app_name = "organizations"
urlpatterns = [path("new/", page_and_action(views.new, actions.create), name="new")]
