"""What a Hot API sends, as plain dicts: one builder per resource, every field changeable.

Fields of the extensions are there by default, as the embedded API sends them; pass `OMIT` to leave
a key out, or build with `platform(...)` to get what the Hot platform sends.
"""

import uuid
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

Wire = dict[str, Any]

OMIT: Any = object()
ENV_ID = "01a204e8-d8d8-72f2-9a6c-ba4271ff8c59"
ORG_ID = "01a204e8-d8d8-72f2-9a6c-ba01273f20e6"
PROJECT_ID = "01a204e8-db0f-73e1-8ceb-ad79acad675a"
BUILD_ID = "01a204e8-db12-74a2-abc8-11a83929faf0"
STREAM_ID = "01a204f9-5893-7112-ad50-294d681c9749"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EXTENSIONS = frozenset(
    {"ns", "var", "event_type", "attempt", "retry_max"}  # of a run
)

_numbers = count(1)


def new_id() -> str:
    """A fresh id that sorts after all before it, as UUIDv7 do."""
    return str(uuid.UUID(f"01a204f9-0000-7000-8000-{next(_numbers):012x}"))


def at(seconds: float = 0) -> str:
    """A time on the wire, so many seconds after noon."""
    return (NOON + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def ago(**span: float) -> str:
    """A time on the wire, so long before now."""
    return (datetime.now(UTC) - timedelta(**span)).isoformat().replace("+00:00", "Z")


def failure(msg: str = "card declined", err: Any = None) -> Wire:
    """The result of a failed run (contract 5.6)."""
    return {"$type": "::hot::run/Failure", "$val": {"msg": msg, "err": msg if err is None else err}}


def cancellation(msg: str = "stopped by Olive") -> Wire:
    """The result of a cancelled run."""
    return {"$type": "::hot::run/Cancellation", "$val": {"msg": msg, "data": None}}


def run(status: str = "succeeded", **changes: Any) -> Wire:
    """A run in a state, with the times and the result that go with it."""
    is_over = status not in {"pending", "running"}
    made: Wire = {
        "run_id": new_id(),
        "env_id": ENV_ID,
        "stream_id": STREAM_ID,
        "build_id": BUILD_ID,
        "run_type": "event",
        "status": status,
        "start_time": at(),
        "stop_time": at(0.25) if is_over else None,
        "origin_run_id": None,
        "event_id": new_id(),
        "result": _result(status),
        "project_id": PROJECT_ID,
        "project_name": "storefront",
        "retry_attempt": 1 if status == "pending_retry" else 0,
        "next_retry_at": at(2) if status == "pending_retry" else OMIT,
        "ns": "::storefront::orders",
        "var": "on-placed",
        "event_type": "order:placed",
        "attempt": 1,
        "retry_max": 0 if status != "pending_retry" else 3,
    }
    return _changed(made, changes)


def event(event_type: str = "order:placed", **changes: Any) -> Wire:
    """An event as it was published."""
    made: Wire = {
        "event_id": new_id(),
        "env_id": ENV_ID,
        "stream_id": STREAM_ID,
        "event_type": event_type,
        "event_data": {"order_id": 7, "qty": 1},
        "event_time": at(),
        "created_at": at(0.001),
        "source": "api",
        "origin_run_id": OMIT,
    }
    return _changed(made, changes)


def call(seq: int = 1, parent: int | None = None, **changes: Any) -> Wire:
    """A traced call; `args`, `error`, `file`, `line`, `rev`, `execution` go into its `meta`."""
    meta: Wire = {
        "kind": "call",
        "seq": seq,
        "execution": 1,
        "rev": seq * 2,
        "call_id": str(seq),
        "parent_id": None if parent is None else str(parent),
        "args": {"order_id": 7},
        "error": None,
        "file": "storefront/orders.py",
        "line": 10 + seq,
    }
    made: Wire = {
        "var_id": new_id(),
        "run_id": OMIT,
        "ns": "::storefront::orders",
        "var": f"step-{seq}",
        "value": {"ok": True},
        "meta": _changed(meta, {key: changes.pop(key) for key in set(changes) & set(meta)}),
        "start_time": at(seq / 100),
        "stop_time": at(seq / 100 + 0.05),
    }
    return _changed(made, changes)


def variable(**changes: Any) -> Wire:
    """A plain variable, as the older generation sends them."""
    made: Wire = {
        "var_id": new_id(),
        "run_id": new_id(),
        "ns": "::billing::handlers",
        "var": "invoice",
        "value": {"id": "inv_42"},
        "meta": None,
        "start_time": at(1),
        "stop_time": at(2),
    }
    return _changed(made, changes)


def event_handler(event_type: str = "order:placed", **changes: Any) -> Wire:
    """A handler of the deployed build."""
    made: Wire = {
        "event_handler_id": new_id(),
        "build_id": BUILD_ID,
        "event_type": event_type,
        "ns": "::storefront::orders",
        "var": "on-placed",
    }
    return _changed(made, changes)


def schedule(**changes: Any) -> Wire:
    """A schedule of the deployed build."""
    made: Wire = {
        "schedule_id": new_id(),
        "build_id": BUILD_ID,
        "cron": "* * * * *",
        "ns": "::storefront::stock",
        "var": "count-stock",
    }
    return _changed(made, changes)


def project(name: str = "storefront", **changes: Any) -> Wire:
    """A project."""
    made: Wire = {
        "project_id": PROJECT_ID,
        "env_id": ENV_ID,
        "name": name,
        "active": True,
        "created_at": at(),
        "updated_at": at(),
    }
    return _changed(made, changes)


def build(**changes: Any) -> Wire:
    """A deployed build."""
    made: Wire = {
        "build_id": BUILD_ID,
        "project_id": PROJECT_ID,
        "hash": "a6e409651799fa73662fbf96776f7146ddcbaf75373c46581806f3a16f6d7980",
        "size": 6916,
        "build_type": "bundle",
        "deployed": True,
        "active": True,
        "runtime_status": "ready",
        "runtime_error": OMIT,
        "deployment_sequence": 1,
        "created_at": at(),
        "updated_at": at(),
    }
    return _changed(made, changes)


def environment(**changes: Any) -> Wire:
    """The environment that a key opens."""
    made: Wire = {"env_id": ENV_ID, "org_id": ORG_ID, "name": "development", "active": True}
    return _changed(made, changes)


def stats(**changes: Any) -> Wire:
    """Counts of runs by status."""
    made: Wire = {
        "total_runs": 3,
        "running": 1,
        "succeeded": 1,
        "failed": 1,
        "cancelled": 0,
        "pending": 0,
        "pending_retry": 0,
    }
    return _changed(made, changes)


def stream_data(payload: Any = "half way", **changes: Any) -> Wire:
    """One piece of what a run streamed."""
    made: Wire = {
        "stream_data_id": new_id(),
        "run_id": new_id(),
        "data_type": "progress",
        "payload": payload,
        "created_at": at(),
    }
    return _changed(made, changes)


def platform(row: Wire) -> Wire:
    """The same row as the Hot platform sends it: without the extensions."""
    extensions = EXTENSIONS if "run_type" in row else frozenset({"source", "origin_run_id"})
    return {key: value for key, value in row.items() if key not in extensions}


def _result(status: str) -> Any:
    results: Wire = {
        "succeeded": {"order_id": 7, "charged": 5},
        "failed": failure(),
        "pending_retry": failure("upstream 503"),
        "cancelled": cancellation(),
    }
    return results.get(status, OMIT)


def _changed(made: Wire, changes: Wire) -> Wire:
    unknown = set(changes) - set(made)
    if unknown:
        raise TypeError(f"no such field: {', '.join(sorted(unknown))}")
    return {key: value for key, value in {**made, **changes}.items() if value is not OMIT}
