"""The room `orgs` as a Django application."""

from django.apps import AppConfig


class Orgs(AppConfig):
    """Organizations, memberships, environments and roles."""

    name = "hotdash.orgs"
