"""People as a Django application."""

from django.apps import AppConfig


class Accounts(AppConfig):
    """Users, their sign-in and their preferences."""

    name = "hotdash.accounts"
