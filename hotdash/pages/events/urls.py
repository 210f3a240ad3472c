"""Addresses of the room Events, below an organization and an environment."""

from django.urls import path

from hotdash.guard.needs import page_and_action
from hotdash.pages.events import actions, new, views

app_name = "events"
urlpatterns = [
    path("events/", views.index, name="index"),
    path("events/new/", page_and_action(new.new, actions.publish), name="new"),
    path("events/<uuid:event_id>/", views.show, name="show"),
    path("events/<uuid:event_id>/listeners/", views.listeners, name="listeners"),
    path("events/<uuid:event_id>/download/", views.download, name="download"),
    path(
        "events/<uuid:event_id>/again/",
        page_and_action(new.again, actions.publish_again),
        name="again",
    ),
]
