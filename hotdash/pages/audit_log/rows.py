"""The audit log as its table shows it: every text is ready, so that a row is flat."""

from collections.abc import Mapping
from typing import TypedDict

from hotdash.audit.reading import OPEN, Act
from hotdash.kit import formats
from hotdash.kit.formats import visible

# what a person did, as it follows their name, and what they only tried to do
DEEDS = {
    "organizations.create": ("made the organization", "make the organization"),
    "environments.create": ("added the environment", "add the environment"),
    "environments.move": ("changed the address of", "change the address of"),
    "keys.set": ("stored their key to", "store their key to"),
    "keys.remove": ("removed their key to", "remove their key to"),
    "events.publish": ("published", "publish"),
}
_OUTCOMES = {
    "done": ("Done", "succeeded"),
    "invalid": ("Sent back", "cancelled"),
    "refused": ("Refused", "failed"),
    OPEN: ("Never ended", "failed"),
}
# the subject is named by the first of these that a row has; environments have their own column
_NAMES = ("event_type", "event_id", "run_id", "build_id", "project", "environment")
_IN_ENVIRONMENT = ("environments.", "keys.")


class Row(TypedDict):
    """One action."""

    at_iso: str
    at_exact: str
    at: str
    person: str
    email: str
    deed: str
    subject: str
    subject_title: str
    place: str  # its environment, or the organization as a whole
    outcome: str
    status: str
    reason: str
    request_id: str
    request: str


def deed_of(action: str) -> str:
    """Return what an action is in words; one without words is shown by its name."""
    return DEEDS.get(action, (action, action))[0]


def _tried(action: str) -> str:
    return f"tried to {DEEDS[action][1]}" if action in DEEDS else action


def row_of(act: Act) -> Row:
    """Return an action as its row."""
    outcome, status, reason = _outcome(act.outcome)
    subject = _subject(act)
    request_id = visible(act.subject.get("request_id", ""))
    return Row(
        at_iso=formats.iso(act.at),
        at_exact=formats.exact(act.at),
        at=formats.ago(act.at),
        person=visible(act.person_name or act.person_email),
        email=visible(act.person_email),
        deed=deed_of(act.action) if act.outcome == "done" else _tried(act.action),
        subject=formats.clipped(subject, 60),
        subject_title=subject,
        place=act.environment_slug or "organization",
        outcome=outcome,
        status=status,
        reason=reason,
        request_id=request_id,
        request=formats.short_id(request_id),
    )


def _outcome(said: str) -> tuple[str, str, str]:
    if said in _OUTCOMES:
        return *_OUTCOMES[said], ""
    return "Failed", "failed", visible(said.removeprefix("failed").lstrip(": "))


def _subject(act: Act) -> str:
    if count := act.subject.get("keys"):
        return f"{act.environment_slug}, {formats.plural(_whole(count), 'key')} destroyed"
    named = _first_of(act.subject)
    if not named and act.action.startswith(_IN_ENVIRONMENT):
        return act.environment_slug
    return visible(named)


def _first_of(subject: Mapping[str, str]) -> str:
    return next((subject[name] for name in _NAMES if subject.get(name)), "")


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
