"""The addresses of a person's own settings."""

from django.urls import path

from hotdash.pages.profile import actions, password, views

app_name = "profile"
urlpatterns = [
    path("", views.show, name="show"),
    path("theme/", actions.theme, name="theme"),
    path("password/", password.change, name="password"),
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/others/", actions.end_others, name="end_others"),
    path("sessions/<int:session_id>/", actions.end, name="end"),
]
