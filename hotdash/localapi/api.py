"""The API put together: every router, every error handler, closed by default."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError

import hotdash
from hotdash.localapi import errors
from hotdash.localapi.bodies import StrictJson, from_validation
from hotdash.localapi.errors import Refused
from hotdash.localapi.outages import from_storage
from hotdash.localapi.routes import (
    api_keys,
    blobs,
    builds,
    cancellations,
    context,
    domains,
    environments,
    events,
    file_uploads,
    files,
    handlers,
    projects,
    runs,
    service_keys,
    sessions,
    status,
    subscriptions,
    tasks,
    usage,
)


def nobody(_request: HttpRequest) -> NoReturn:
    """Refuse: what guards a route that declares no permission."""
    raise Refused(403, "This route declares no permission and is closed.")


_ROUTERS: Mapping[str, Router] = {
    "environments": environments.router,
    "api-keys": api_keys.router,
    "usage": usage.router,
    "projects": projects.router,
    "builds": builds.router,
    "context": context.router,
    "domains": domains.router,
    "handlers": handlers.router,
    "events": events.router,
    "runs": runs.router,
    "file-uploads": file_uploads.router,  # before files: uploads is no file_id
    "files": files.router,
    "blobs": blobs.router,
    "tasks": tasks.router,
    "cancellations": cancellations.router,
    "subscriptions": subscriptions.router,
    "sessions": sessions.router,
    "service-keys": service_keys.router,
}


_ANSWERS: Mapping[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Refused: errors.from_refusal,
    HttpError: errors.from_ninja,
    ValidationError: from_validation,
    MultiPartParserError: errors.from_unreadable,
    RequestDataTooBig: errors.from_too_large,
    TooManyFieldsSent: errors.from_too_many,
    TooManyFilesSent: errors.from_too_many,
    SuspiciousOperation: errors.from_unreadable,
    UnreadablePostError: errors.from_unreadable,
    OSError: from_storage,
    OperationalError: from_storage,
    InterfaceError: from_storage,
    Exception: errors.from_anything,
}


def _api(namespace: str, routers: Mapping[str, Router]) -> NinjaAPI:
    api = NinjaAPI(
        title="Hot API",
        version=hotdash.__version__,
        description="The embedded Hot API of hotdash; x-extension marks what it adds.",
        urls_namespace=namespace,
        openapi_url=None,
        docs_url=None,
        parser=StrictJson(),
        auth=nobody,
    )
    for noun, router in routers.items():
        api.add_router("", router, url_name_prefix=noun)
    for kind, answer in _ANSWERS.items():
        api.add_exception_handler(kind, answer)
    return api


public = _api("public", {"status": status.router})
v1 = _api("v1", _ROUTERS)
