"""The addresses above every environment."""

from django.urls import path

from hotdash.pages.home import views

app_name = "home"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:org>/", views.organization, name="organization"),
]
