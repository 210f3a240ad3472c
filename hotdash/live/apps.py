"""The room `live` as a Django application."""

from django.apps import AppConfig


class Live(AppConfig):
    """Streams to open pages."""

    name = "hotdash.live"

    def ready(self) -> None:
        """Hear of every change of a right."""
        from hotdash.live import revocations  # models exist only now

        revocations.listen()
