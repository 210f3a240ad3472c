"""A run as one flat row of the list: text only, everything worked out before the template."""

from collections.abc import Sequence
from datetime import datetime
from math import log10
from typing import TypedDict

from hotdash.gateway.runs import Run
from hotdash.kit import attempts, formats
from hotdash.kit.faults import fault_of
from hotdash.kit.naming import Names, event_type_of, function_of
from hotdash.kit.statuses import STARTERS, STATUSES

FAILED = frozenset({"failed", "pending_retry"})
REASON_LENGTH = 200
NAME_LENGTH = 120
BAR_PER_DECADE = 18.15  # five and a half decades, 1 ms to 5 min, fill the bar


class Named(TypedDict):
    """What ran, and what started it."""

    ns: str  # empty where the function is not known
    name: str
    function: str  # both in full
    project: str
    origin: str  # project and trigger, for narrow screens that have no column for them
    trigger_kind: str
    trigger: str


class Timed(TypedDict):
    """When it ran, and for how long."""

    started: str
    started_exact: str
    started_iso: str
    took: str
    took_class: str
    bar: str  # percent
    bar_tone: str


class Row(Named, Timed):
    """What one row shows, for a flat loop."""

    run_id: str
    short_id: str
    status: str  # empty where it is one that hotdash does not know
    status_label: str
    tone: str  # fail: the row stands out
    attempt: str  # 2/3; empty for a first try that has not failed
    attempt_title: str
    attempt_tone: str
    detail: str  # why it failed; for the others their origin, which narrow screens lack otherwise
    detail_kind: str  # reason or narrow


def rows_of(runs: Sequence[Run], names: Names, now: datetime) -> list[Row]:
    """Return the rows of a page."""
    return [_row(run, names, now) for run in runs]


def _row(run: Run, names: Names, now: datetime) -> Row:
    attempt, attempt_title = _attempt(run)
    run_id = str(run.run_id)
    named, reason = _named(run, names), _reason(run)
    return {
        **named,
        **_timed(run, now),
        "run_id": run_id,
        "short_id": formats.short_id(run_id),
        "status": run.status if run.status in STATUSES else "",
        "status_label": _status_label(run),
        "tone": _tone(run),
        "attempt": attempt,
        "attempt_title": attempt_title,
        "attempt_tone": "wait" if run.status == "pending_retry" else "outline",
        "detail": reason or named["origin"],
        "detail_kind": "reason" if reason else "narrow",
    }


def _named(run: Run, names: Names) -> Named:
    function = function_of(run, names)
    ns = _shown(f"{function.ns}/") if function else ""
    trigger = _shown(event_type_of(run, names) or run.run_type)
    name = _shown(function.name) if function else trigger
    project = _shown(run.project_name or "")
    return Named(
        ns=ns,
        name=name,
        function=f"{ns}{name}",
        project=project,
        origin=f"{project}, {trigger}" if project else trigger,
        trigger_kind=run.run_type if run.run_type in STARTERS else "",
        trigger=trigger,
    )


def _timed(run: Run, now: datetime) -> Timed:
    took = formats.milliseconds_between(run.start_time, run.stop_time or now)
    is_waiting, is_running = run.status == "pending", run.status == "running"
    return Timed(
        started=formats.ago(run.start_time, now),
        started_exact=formats.exact(run.start_time),
        started_iso=formats.iso(run.start_time),
        took="waiting" if is_waiting else formats.duration(took),
        took_class="elapsed" if is_running else "",
        bar="0" if is_waiting else _bar(took),
        bar_tone="run" if is_running else _tone(run),
    )


def _tone(run: Run) -> str:
    return "fail" if run.status == "failed" else ""


def _shown(text: str) -> str:
    return formats.visible(formats.clipped(text, NAME_LENGTH))


def _status_label(run: Run) -> str:
    """Return the word for the status; one that is not known is shown as it came."""
    if run.status == "pending_retry" and run.next_retry_at:
        return f"Retry {formats.clock(run.next_retry_at)}"
    return STATUSES.get(run.status) or _shown(run.status)


def _attempt(run: Run) -> tuple[str, str]:
    """Return `2/3` and its words; a first try is worth a word only where it failed."""
    this, most = attempts.ordinal(run), attempts.limit(run)
    is_retried = run.status in FAILED and most is not None and most > 1
    if this is None or (this == 1 and not is_retried):
        return "", ""
    if most is None or most < this:
        return str(this), f"Attempt {this}; the server does not say of how many"
    return f"{this}/{most}", f"Attempt {this} of {most}"


def _reason(run: Run) -> str:
    """Return why a run failed, in the error's own words as far as they fit."""
    fault = fault_of(run) if run.status in FAILED else None
    if fault is None:
        return ""
    text = fault.words or (fault.details.head(REASON_LENGTH * 2) if fault.details else "")
    return formats.visible(formats.clipped(text, REASON_LENGTH))


def _bar(took: float | None) -> str:
    if not took or took <= 1:
        return "0"
    return str(min(100, max(2, round(log10(took) * BAR_PER_DECADE))))
