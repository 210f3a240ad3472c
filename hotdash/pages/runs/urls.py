"""Addresses of the room Runs, below an organization and an environment."""

from django.urls import path

from hotdash.pages.runs import run_views, views

app_name = "runs"
urlpatterns = [
    path("runs/", views.index, name="index"),
    path("runs/totals/", views.totals, name="totals"),
    path("runs/<uuid:run_id>/", run_views.show, name="show"),
    path("runs/<uuid:run_id>/input/", run_views.input, name="input"),
    path("runs/<uuid:run_id>/input/download/", run_views.input_download, name="input_download"),
    path("runs/<uuid:run_id>/result/", run_views.result, name="result"),
    path("runs/<uuid:run_id>/result/download/", run_views.result_download, name="result_download"),
    path("runs/<uuid:run_id>/raw/", run_views.raw, name="raw"),
    path("runs/<uuid:run_id>/variables/", run_views.variables, name="variables"),
    path("runs/<uuid:run_id>/lineage/", run_views.lineage, name="lineage"),
]
