"""Whether the server is there (contract 5.14)."""

from datetime import UTC, datetime
from typing import Annotated, Any, NotRequired

from django.http import HttpRequest, HttpResponse
from ninja import Router
from typing_extensions import TypedDict

import hotdash
from hotdash.localapi import room, sharing
from hotdash.localapi.envelopes import Extension, as_json

router = Router(tags=["status"])
_STARTED = datetime.now(UTC)
# what a dashboard may use here and not elsewhere; clients ignore keys that they do not know
_EXTENSIONS = ("trace", "functions", "stats_filters", "stream_filter", "senders", "stream_data")


class StatusShape(TypedDict):
    """Who answers; `troubles` are what keeps it from its work, in words."""

    status: str
    service: str
    version: str
    git_sha: str
    start_time: datetime
    extensions: Annotated[list[str], Extension]
    troubles: NotRequired[Annotated[list[str], Extension]]


@router.get("/", auth=None, url_name="root", response=StatusShape)
def root(request: HttpRequest) -> HttpResponse:
    """Say who answers."""
    return as_json(_facts())


@router.get("/status", auth=None, url_name="status", response=StatusShape)
def status(request: HttpRequest) -> HttpResponse:
    """Say who answers; nothing is looked up."""
    return as_json(_facts())


def _facts() -> dict[str, Any]:
    return {
        "status": "ok",
        "service": "hotdash embedded hot api",
        "version": hotdash.__version__,
        "git_sha": "",
        "start_time": _STARTED.isoformat(),
        "extensions": _EXTENSIONS,
        **_troubles(),
    }


def _troubles() -> dict[str, Any]:
    """Say what is wrong with this machine, as far as it is known without asking the database."""
    troubles = [trouble for trouble in (sharing.known().trouble, room.trouble()) if trouble]
    return {"troubles": troubles} if troubles else {}
