"""The sentence that a run's page opens with: the fact first, then what bears on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hotdash.gateway.runs import Run
from hotdash.gateway.traces import Call
from hotdash.kit.attempts import limit, nth, ordinal
from hotdash.kit.faults import Fault
from hotdash.kit.formats import clipped, clock_ms, duration, milliseconds_between

FACT_LENGTH = 160  # characters of an error that the sentence quotes
_ENDINGS = (".", "!", "?", "…", ":")


@dataclass(frozen=True)
class Verdict:
    """`fact` is a whole sentence, the error's own words where there are any; `rest` supports it."""

    fact: str
    rest: str = ""
    since: datetime | None = None  # when what the fact measures began, while it goes on
    elapsed: str = ""  # that stretch of time, as it stands in the fact

    @property
    def parts(self) -> tuple[str, str, str]:
        """The fact before its stretch of time, that, and what follows."""
        return self.fact.partition(self.elapsed) if self.elapsed else (self.fact, "", "")


def verdict(run: Run, fault: Fault | None, now_in: Sequence[Call] = ()) -> Verdict:
    """Say what is the case with this run; `now_in` are the calls it is in, outermost first."""
    match run.status:
        case "succeeded":
            return _succeeded(run)
        case "failed":
            return Verdict(
                _words(fault, "The run failed."), f"It failed{_after(run)}{_attempt(run)}."
            )
        case "cancelled":
            return Verdict(
                _words(fault, "The run was cancelled."), f"It was cancelled{_after(run)}."
            )
        case "pending_retry":
            return Verdict(_words(fault, "The run failed."), _retry_due(run))
        case "running":
            return _running(run, now_in)
        case "pending":
            return _pending(run)
    return Verdict(
        f"The server calls this run “{run.status}”.",
        "hotdash does not know this state; the page shows what the server sent.",
    )


def sentence(text: str) -> str:
    """Return outside words as one line that ends like a sentence."""
    line = clipped(text, FACT_LENGTH)
    return line if line.endswith(_ENDINGS) else f"{line}."


def _words(fault: Fault | None, otherwise: str) -> str:
    return sentence(fault.words) if fault and fault.message.strip() else otherwise


def _after(run: Run) -> str:
    took = milliseconds_between(run.start_time, run.stop_time)
    return f" after {duration(took)}" if took is not None else ""


def _attempt(run: Run) -> str:
    this, most = ordinal(run), limit(run)
    if this is None or most == 1 or (most is None and this == 1):
        return ""
    if this == most:
        return f", on its {nth(this)} and last attempt"
    return f", on its {nth(this)} attempt" + (f" of {most}" if most and this < most else "")


def _succeeded(run: Run) -> Verdict:
    took = milliseconds_between(run.start_time, run.stop_time)
    this = ordinal(run)
    return Verdict(
        "It succeeded." if took is None else f"It succeeded in {duration(took)}.",
        f"It was the {nth(this)} attempt." if this and this > 1 else "",
    )


def _retry_due(run: Run) -> str:
    this, most = ordinal(run), limit(run)
    failed = f"The {nth(this)} attempt" if this else "This attempt"
    following = f"the {nth(this + 1)}" if this else "the next"
    of = f" of {most}" if most else ""
    due = f"is due at {clock_ms(run.next_retry_at)} UTC" if run.next_retry_at else "is due"
    return f"{failed} failed{_after(run)}; {following}{of} {due}."


def _running(run: Run, now_in: Sequence[Call]) -> Verdict:
    so_far = duration(milliseconds_between(run.start_time, datetime.now(UTC)))
    fact = f"Running for {so_far} so far." if so_far else "It is running."
    where = f"It is in {now_in[-1].ns}/{now_in[-1].var}." if now_in else ""
    return Verdict(fact, where, run.start_time, so_far)


def _pending(run: Run) -> Verdict:
    waiting = milliseconds_between(run.start_time, datetime.now(UTC))
    since = f"Accepted {duration(waiting)} ago; no" if waiting is not None else "No"
    return Verdict("It waits to start.", f"{since} worker has taken it yet.")
