"""The one address of live."""

from django.urls import path

from hotdash.live import views

app_name = "live"
urlpatterns = [path("", views.stream, name="stream")]
