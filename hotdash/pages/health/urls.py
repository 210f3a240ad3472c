"""The one address of health; the host gate and the redirect to https know it by its exact path."""

from django.urls import path

from hotdash.pages.health import views

app_name = "health"
urlpatterns = [path("", views.show, name="show")]
