"""The room `audit` as a Django application."""

from django.apps import AppConfig


class Audit(AppConfig):
    """The record of who did what."""

    name = "hotdash.audit"
