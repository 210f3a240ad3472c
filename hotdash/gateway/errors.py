"""What can go wrong with a call to the Hot API, as facts; `kit.failures` has the words."""

from typing import Literal

NoAnswerKind = Literal["timeout", "refused", "unreachable", "busy"]
BadAnswerReason = Literal[
    "server_error",  # 5xx, with or without an envelope
    "redirect",  # 3xx; `location` says where to
    "not_hot",  # HTML, text or JSON that no Hot API sends
    "not_json",  # cut off, half a JSON, or JSON beyond what is read
    "too_large",  # more than is read into memory
    "encoding",  # compressed although identity was asked for
    "shape",  # JSON, but without what the noun cannot do without
]


class GatewayError(Exception):
    """The call came to nothing; the subclass says in which of the ways."""


class NoAnswer(GatewayError):
    """Nobody answered: too slow, not listening, not reachable, or too many calls in flight.

    `was_sent` where the call may have arrived, and only its answer did not come.
    """

    def __init__(self, kind: NoAnswerKind, *, was_sent: bool = False) -> None:
        super().__init__(kind)
        self.kind: NoAnswerKind = kind
        self.was_sent = was_sent


class NotAllowed(GatewayError):
    """The address may not be called; `entry` in `variable` would allow it, if any."""

    variable = "HOTDASH_UPSTREAMS"

    def __init__(self, host: str, entry: str | None) -> None:
        super().__init__(f"{host} may not be called")
        self.host = host
        self.entry = entry


class Refused(GatewayError):
    """The Hot API answered no: a 4xx with whatever it said about it."""

    def __init__(
        self,
        status: int,
        code: str = "",
        message: str = "",
        request_id: str = "",
        retry_after: int | None = None,
    ) -> None:
        super().__init__(f"{status} {code}".strip())
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id
        self.retry_after = retry_after


class RouteMissing(Refused):
    """The server has no such route: 404 with an empty body (contract 12.1, advice 4)."""

    def __init__(self) -> None:
        super().__init__(404)


class BadAnswer(GatewayError):
    """Something answered, but not as a Hot API does, or it failed inside."""

    def __init__(
        self,
        reason: BadAnswerReason,
        status: int | None = None,
        *,
        code: str = "",
        message: str = "",
        request_id: str = "",
        location: str = "",
    ) -> None:
        super().__init__(f"{reason} {status or ''}".strip())
        self.reason: BadAnswerReason = reason
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id
        self.location = location


class WrongEnvironment(GatewayError):
    """A key opens another environment than the one it was entered for."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.expected = expected
        self.found = found
