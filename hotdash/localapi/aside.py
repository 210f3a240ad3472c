"""Database work for async routes: on a few threads that keep their connections."""

from django.http import HttpRequest

from hotdash.host.aside import Aside
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.credentials.principals import Principal

# Django would give each open stream a thread and a connection for as long as it lasts
aside = Aside(4, "aside")


class Awaited:
    """A permission for an async route: asked aside."""

    is_async = True
    openapi_security_schema = May.openapi_security_schema

    def __init__(self, may: May) -> None:
        self.may = may

    async def __call__(self, request: HttpRequest) -> Principal:
        """Return the key; raise 401 or 403."""
        return await aside(self.may, request)
