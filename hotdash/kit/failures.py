"""Trouble in words: what happened, what still works, what to do, and the request id."""

from dataclasses import dataclass
from functools import singledispatch
from typing import Literal

from hotdash.gateway.errors import (
    BadAnswer,
    GatewayError,
    NoAnswer,
    NotAllowed,
    Refused,
    RouteMissing,
    WrongEnvironment,
)

_RETRY_SECONDS = 5

Kind = Literal["silent", "refused", "broken", "missing", "here"]


@dataclass(frozen=True)
class Failure:
    """One trouble as a person reads it; `status` answers where it is the subject of the page."""

    title: str
    sentence: str
    advice: str = ""
    status: int = 502
    kind: Kind = "broken"
    said: str = ""  # the upstream's own code and message
    request_id: str = ""
    retry_after: int | None = None  # seconds
    asks_for_key: bool = False  # another key of the person's own would mend it

    @property
    def is_of_platform(self) -> bool:
        """Whether it lies with the Hot API, the way there or the key: one looks at those."""
        return self.kind in {"silent", "refused", "broken"}


@singledispatch
def explain(_error: GatewayError) -> Failure:
    """Put an error of the gateway into words; its statuses are in `docs/architecture.md`."""
    return Failure(
        "The platform could not be asked",
        "hotdash works, but its call to the Hot API came to nothing.",
        "Try again; if it stays so, tell the people who run hotdash.",
    )


def explained(found: object) -> Failure | None:
    """Put what was attempted into words where an error came of it; None where it did not."""
    return explain(found) if isinstance(found, GatewayError) else None


_SILENCE = {
    "timeout": (
        "The platform is not answering",
        "hotdash works, but the Hot API of this environment gave no answer in time.",
    ),
    "refused": (
        "Nobody listens at the platform's address",
        "hotdash works, but the connection to the Hot API of this environment was refused.",
    ),
    "unreachable": (
        "The platform cannot be reached",
        "hotdash works, but it finds no way to the Hot API of this environment.",
    ),
    "busy": (
        "Too many calls are waiting for the platform",
        "hotdash has as many calls to this environment's Hot API under way as it makes at once.",
    ),
}


@explain.register
def _no_answer(error: NoAnswer) -> Failure:
    title, sentence = _SILENCE[error.kind]
    return Failure(
        title, sentence, "Your functions may still be running.", status=504, kind="silent"
    )


@explain.register
def _not_allowed(error: NotAllowed) -> Failure:
    remedy = f"add {error.entry} to {error.variable}" if error.entry else f"see {error.variable}"
    return Failure(
        "This address may not be called",
        f"hotdash does not call {error.host}: its operator has not allowed it.",
        f"Whoever runs hotdash can allow it: {remedy}.",
    )


@explain.register
def _wrong_environment(error: WrongEnvironment) -> Failure:
    return Failure(
        "The key opens another environment",
        f"This environment is {error.expected} on the platform; the key belongs to {error.found}.",
        "Store a key that was made for this environment.",
        status=403,
        kind="refused",
        asks_for_key=True,
    )


_NO = {
    401: (
        403,
        "The platform does not accept your key",
        "It may have been taken back or have run out.",
        "A new key opens this environment again.",
    ),
    403: (
        403,
        "Your key may not do this",
        "The platform knows the key but does not let it see this.",
        "An owner or admin can give you a key that may.",
    ),
    404: (
        404,
        "This is not on the platform",
        "The Hot API of this environment knows nothing by this id.",
        "It may belong to another environment, or have been removed.",
    ),
    429: (
        503,
        "The platform asks to wait",
        "More was asked of the Hot API than it answers at a time.",
        "Nothing is lost; try again in a moment.",
    ),
}


@explain.register
def _refused(error: Refused) -> Failure:
    if error.status not in _NO:
        return Failure(
            "The platform did not accept the question",
            f"The Hot API answered {error.status} to what hotdash asked.",
            "This is a fault between hotdash and this server, not in what you did.",
            said=_said(error),
            request_id=error.request_id,
        )
    status, title, sentence, advice = _NO[error.status]
    if error.retry_after:
        advice = f"Nothing is lost; try again in {error.retry_after} s."
    return Failure(
        title,
        sentence,
        advice,
        status=status,
        kind="missing" if status == 404 else "refused",
        said=_said(error),
        request_id=error.request_id,
        retry_after=error.retry_after or (1 if status == 503 else None),
        asks_for_key=error.status == 401,
    )


@explain.register
def _route_missing(_error: RouteMissing) -> Failure:
    return Failure(
        "This server does not offer this",
        "The Hot API of this environment has no such route; it may be an older version.",
        status=404,
        kind="missing",
    )


_BROKEN = {
    "server_error": "The Hot API failed inside and answered {status}.",
    "redirect": "The Hot API pointed to another address, and hotdash does not follow there.",
    "not_hot": "Something answered at the platform's address, but it is not a Hot API.",
    "not_json": "The answer of the Hot API broke off or is no JSON.",
    "too_large": "The answer of the Hot API is larger than hotdash reads.",
    "encoding": "The answer of the Hot API is compressed in a way that hotdash did not ask for.",
    "shape": "The answer of the Hot API lacks what this page is made of.",
}
_LOOK = {
    "server_error": "Your functions may still be running. Try again in a moment.",
    "redirect": "Check the base URL of this environment.",
    "not_hot": "A proxy or a changed address may stand between. Check the environment's base URL.",
}


# codes by which a server speaks of its own state; a bare 503 may be a proxy's
_OUT_OF_ORDER = {
    "service_unavailable": (
        "The platform cannot answer just now",
        "The Hot API of this environment says that something which it needs is away.",
        "Nothing that it has accepted is lost. Try again in a moment.",
    ),
    "insufficient_storage": (
        "The platform's disk is full",
        "The Hot API of this environment has no room left to keep anything.",
        "What it holds can still be read. Whoever runs it has to make room.",
    ),
}


@explain.register
def _bad_answer(error: BadAnswer) -> Failure:
    if error.code in _OUT_OF_ORDER:
        title, sentence, advice = _OUT_OF_ORDER[error.code]
        return Failure(
            title,
            sentence,
            advice,
            status=503,
            said=_said(error),
            request_id=error.request_id,
            retry_after=_RETRY_SECONDS,
        )
    return Failure(
        "The platform's answer cannot be used",
        _BROKEN[error.reason].format(status=error.status or "an error"),
        _LOOK.get(error.reason, "Try again; if it stays so, tell the people who run the platform."),
        said=_said(error),
        request_id=error.request_id,
    )


def _said(error: Refused | BadAnswer) -> str:
    return ": ".join(part for part in (error.code, error.message) if part)
