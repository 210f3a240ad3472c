"""Addresses of the room Runs, below an organization and an environment."""

from django.urls import path

from hotdash.pages.runs import views

app_name = "runs"
urlpatterns = [
    path("runs/", views.index, name="index"),
    path("runs/totals/", views.totals, name="totals"),
]
