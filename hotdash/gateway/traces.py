"""What a run called, and the variables that the older generation sends instead."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hotdash.gateway import fields, lists
from hotdash.gateway.envelopes import Row
from hotdash.gateway.json_value import Json
from hotdash.gateway.paths import identifier, path
from hotdash.gateway.upstream import Gateway


@dataclass(frozen=True)
class CallError:
    """What a call raised."""

    type: str
    msg: str


@dataclass(frozen=True)
class Call:
    """One traced call; `stop_time` None while it runs, `error` None unless it raised."""

    var_id: str
    call_id: str
    parent_id: str | None
    seq: int
    rev: int
    execution: int
    ns: str
    var: str
    args: Json | None
    value: Json | None
    error: CallError | None
    file: str | None
    line: int | None
    start_time: datetime | None
    stop_time: datetime | None

    @property
    def function(self) -> str:
        """`ns/var`."""
        return f"{self.ns}/{self.var}"


@dataclass(frozen=True)
class Variable:
    """A plain variable of a run, as the older generation sends them."""

    ns: str
    var: str
    value: Json | None
    meta: Json | None
    start_time: datetime | None
    stop_time: datetime | None


@dataclass(frozen=True)
class Trace:
    """One page of a trace; a changed `execution` means that what was read before is void."""

    calls: tuple[Call, ...]
    variables: tuple[Variable, ...]
    execution: int | None
    rev: int | None
    total: int
    limit: int
    offset: int
    has_more: bool


def list_calls(
    gateway: Gateway,
    run_id: UUID | str,
    limit: int = 500,
    offset: int = 0,
    after_rev: int | None = None,
) -> Trace:
    """Return calls in `seq` order, or those changed after a `rev`; RouteMissing where none exist.

    Rows without `meta.kind` "call" are plain variables: no trace is drawn from them.
    """
    since = None if after_rev is None else str(after_rev)
    vars_path = path("runs", identifier(run_id), "vars")
    listing = lists.fetch_list(gateway, vars_path, limit, offset, after_rev=since)
    page = listing.page(_shape)
    return Trace(
        calls=tuple(row for row in page if isinstance(row, Call)),
        variables=tuple(row for row in page if isinstance(row, Variable)),
        execution=fields.maybe_whole(listing.envelope, "execution"),
        rev=fields.maybe_whole(listing.envelope, "rev"),
        total=page.total,
        limit=page.limit,
        offset=page.offset,
        has_more=page.has_more,
    )


def _shape(row: Row) -> Call | Variable:
    meta = fields.mapping(row, "meta")
    return _call(row, meta) if meta.get("kind") == "call" else _variable(row)


def _call(row: Row, meta: Row) -> Call:
    error = fields.mapping(meta, "error")
    return Call(
        var_id=fields.text(row, "var_id"),
        call_id=fields.text(meta, "call_id"),
        parent_id=fields.maybe_text(meta, "parent_id"),
        seq=fields.whole(meta, "seq"),
        rev=fields.whole(meta, "rev"),
        execution=fields.whole(meta, "execution"),
        ns=fields.text(row, "ns"),
        var=fields.text(row, "var"),
        args=fields.payload(meta, "args"),
        value=fields.payload(row, "value"),
        error=CallError(fields.text(error, "type"), fields.text(error, "msg")) if error else None,
        file=fields.maybe_text(meta, "file"),
        line=fields.maybe_whole(meta, "line"),
        start_time=fields.moment(row, "start_time"),
        stop_time=fields.moment(row, "stop_time"),
    )


def _variable(row: Row) -> Variable:
    return Variable(
        ns=fields.text(row, "ns"),
        var=fields.text(row, "var"),
        value=fields.payload(row, "value"),
        meta=fields.payload(row, "meta"),
        start_time=fields.moment(row, "start_time"),
        stop_time=fields.moment(row, "stop_time"),
    )
