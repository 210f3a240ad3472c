"""Two addresses for machines; the redirect to https spares them by their exact paths."""

from django.urls import path

from hotdash.pages.health import views

app_name = "health"
urlpatterns = [
    path("healthz", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
]
