"""What an answer means, by its status: many bodies are empty, text or foreign (contract 1.4)."""

from dataclasses import dataclass

import httpx

from hotdash.gateway.envelopes import Answer, read_envelope
from hotdash.gateway.errors import BadAnswer, GatewayError, Refused, RouteMissing
from hotdash.gateway.fields import maybe_whole, text

_MESSAGE_LENGTH = 500


@dataclass(frozen=True)
class _Complaint:
    """What an error body said: the envelope's facts, a plain text, or nothing."""

    code: str = ""
    message: str = ""
    request_id: str = ""
    retry_after: int | None = None
    is_foreign: bool = False  # HTML, or JSON without the envelope


def judge(response: httpx.Response, body: bytes | bytearray) -> Answer:
    """Return a success as its envelope; raise what anything else means."""
    status = response.status_code
    if status == httpx.codes.NO_CONTENT:
        return Answer(status, {})
    if 200 <= status < 300:
        return Answer(status, _success(response, body))
    raise failure(response, body)


def failure(response: httpx.Response, body: bytes | bytearray) -> GatewayError:
    """Return the error that a response with no success status stands for."""
    status = response.status_code
    if 300 <= status < 400:
        location = response.headers.get("location", "")[:_MESSAGE_LENGTH]
        return BadAnswer("redirect", status, location=location)
    complaint = _read_complaint(response, body)
    if status >= 500:
        return BadAnswer(
            "server_error",
            status,
            code=complaint.code,
            message=complaint.message if complaint.code else "",
            request_id=complaint.request_id,
        )
    if status == httpx.codes.NOT_FOUND and not body:
        return RouteMissing()
    # an intermediary may answer 401 or 429 with a page of its own: the status still holds
    if complaint.is_foreign and status not in {401, 403, 413, 429}:
        return BadAnswer("not_hot", status)
    return Refused(
        status,
        complaint.code,
        complaint.message,
        complaint.request_id,
        complaint.retry_after or _retry_after(response),
    )


def _success(response: httpx.Response, body: bytes | bytearray) -> dict[str, object]:
    if not _is_json(response):
        raise BadAnswer("not_hot", response.status_code)
    try:
        return dict(read_envelope(body))
    except BadAnswer as error:
        raise BadAnswer(error.reason, response.status_code) from None


def _read_complaint(response: httpx.Response, body: bytes | bytearray) -> _Complaint:
    if not body:
        return _Complaint()
    if response.headers.get("content-type", "").startswith("text/plain"):
        # the platform says in text what shape it wanted; any other text is some proxy's
        has_words = response.status_code in {400, 413, 415, 422}
        words = bytes(body[: _MESSAGE_LENGTH * 4]).decode(errors="replace")
        return _Complaint(message=words[:_MESSAGE_LENGTH] if has_words else "")
    try:
        error = read_envelope(body).get("error") if _is_json(response) else None
    except BadAnswer:
        error = None
    if not isinstance(error, dict):
        return _Complaint(is_foreign=True)
    return _Complaint(
        text(error, "code")[:100],
        text(error, "message")[:_MESSAGE_LENGTH],
        text(error, "request_id")[:100],
        maybe_whole(error, "retry_after"),
    )


def _is_json(response: httpx.Response) -> bool:
    kind = str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def _retry_after(response: httpx.Response) -> int | None:
    value = response.headers.get("retry-after", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 7 else None
