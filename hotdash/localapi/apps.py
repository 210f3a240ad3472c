"""The embedded API as a Django application."""

from django.apps import AppConfig


class LocalApi(AppConfig):
    """Tables, routes and engine under one label."""

    name = "hotdash.localapi"
    label = "localapi"
