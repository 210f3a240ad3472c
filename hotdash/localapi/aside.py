"""Database work for async routes: on a few threads that keep their connections."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections
from django.http import HttpRequest

from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.credentials.principals import Principal

P = ParamSpec("P")
T = TypeVar("T")

# Django would give each open stream a thread and a connection for as long as it lasts
_POOL = ThreadPoolExecutor(max_workers=4, thread_name_prefix="aside")


async def aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what the work returns, done on a thread that may wait for the database."""

    def tidy() -> T:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_POOL, tidy)


class Awaited:
    """A permission for an async route: asked aside."""

    is_async = True
    openapi_security_schema = May.openapi_security_schema

    def __init__(self, may: May) -> None:
        self.may = may

    async def __call__(self, request: HttpRequest) -> Principal:
        """Return the key; raise 401 or 403."""
        return await aside(self.may, request)
