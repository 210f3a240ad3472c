"""The room `credentials` as a Django application."""

from django.apps import AppConfig


class Credentials(AppConfig):
    """Each person's own keys."""

    name = "hotdash.credentials"
