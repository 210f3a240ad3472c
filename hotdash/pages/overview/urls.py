"""Addresses of the room Overview, an environment's first page."""

from django.urls import path

from hotdash.pages.overview import views

app_name = "overview"
urlpatterns = [
    path("", views.show, name="show"),
    path("overview/steps/", views.steps, name="steps"),
]
