"""Traced calls and streamed output on the wire (docs/embedded-api.md)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema
from typing_extensions import TypedDict

from hotdash.localapi.bodies import Digits
from hotdash.localapi.envelopes import Listing, stored
from hotdash.localapi.models import Call, StreamData


class CallMeta(TypedDict):
    """What makes a variable a call; `call_id` and `parent_id` are unique within the execution."""

    kind: str
    seq: int
    execution: int
    rev: int
    call_id: str
    parent_id: str | None
    args: Any
    error: Any
    file: str
    line: int


class CallShape(TypedDict):
    """A call of a build's function; `stop_time` is null while it is open."""

    var_id: UUID
    run_id: UUID
    ns: str
    var: str
    value: Any
    meta: CallMeta
    start_time: datetime
    stop_time: datetime | None


class Trace(Listing[CallShape]):
    """A page of calls; a changed `execution` means: start over."""

    rev: int
    execution: int


class StreamDataShape(TypedDict):
    """One piece of output that a run streamed."""

    stream_data_id: UUID
    run_id: UUID
    data_type: str
    payload: Any
    created_at: datetime


class Changed(Schema):
    """From which revision on calls are wanted; without it all of them, as they were made."""

    after_rev: Annotated[int, Digits, Field(ge=0, le=2**31 - 1)] | None = None


def call_shape(call: Call) -> CallShape:
    """Return a call as it is sent."""
    return {
        "var_id": call.var_id,
        "run_id": call.run_id,
        "ns": call.ns,
        "var": call.var,
        "value": _json(call.value),
        "meta": {
            "kind": "call",
            "seq": call.seq,
            "execution": call.execution,
            "rev": call.rev,
            "call_id": str(call.seq),
            "parent_id": None if call.parent_seq is None else str(call.parent_seq),
            "args": _json(call.args),
            "error": _json(call.error),
            "file": call.file,
            "line": call.line,
        },
        "start_time": call.start_time,
        "stop_time": call.stop_time,
    }


def stream_data_shape(piece: StreamData) -> StreamDataShape:
    """Return a piece of output as it is sent."""
    return {
        "stream_data_id": piece.stream_data_id,
        "run_id": piece.run_id,
        "data_type": piece.data_type,
        "payload": stored(piece.payload),
        "created_at": piece.at,
    }


def _json(text: str | None) -> Any:
    return None if text is None else stored(text)
