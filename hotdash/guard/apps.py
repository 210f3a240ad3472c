"""The room `guard` as a Django application."""

from django.apps import AppConfig


class Guard(AppConfig):
    """Identity, scope and permission."""

    name = "hotdash.guard"
