"""Addresses of the room Events, below an organization and an environment."""

from django.urls import path

from hotdash.pages.events import views

app_name = "events"
urlpatterns = [
    path("events/", views.index, name="index"),
    path("events/<uuid:event_id>/", views.show, name="show"),
    path("events/<uuid:event_id>/listeners/", views.listeners, name="listeners"),
    path("events/<uuid:event_id>/download/", views.download, name="download"),
]
