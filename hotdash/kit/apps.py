"""The kit as a Django application: it brings the template tags."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """Registers the template tags; there are no models here."""

    name = "hotdash.kit"
