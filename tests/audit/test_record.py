"""The audit record: two rows an action, in one chain."""

import base64
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from hotdash.audit.models import Entry
from hotdash.audit.record import Deed, UnknownField, chain_value, close, open_deed
from hotdash.host.keyring import CannotOpen, parse_ring
from tests.cast import Cast


def deed(cast: Cast, **changes: Any) -> Deed:
    facts: dict[str, Any] = {
        "action": "builds.deploy",
        "person": cast.mia,
        "organization": cast.acme,
        "environment_slug": "staging",
        "subject": {"build_id": "b-1"},
    }
    return Deed(**facts | changes)


def is_whole() -> bool:
    """Whether every row's chain value is what the rows before it make it."""
    previous = b""
    for entry in Entry.objects.all():
        if bytes(entry.chain) != chain_value(entry, previous):
            return False
        previous = bytes(entry.chain)
    return True


def record(cast: Cast, times: int = 3) -> None:
    for _ in range(times):
        close(deed(cast), open_deed(deed(cast)), "done")


def test_an_action_leaves_two_rows_under_one_id(cast: Cast) -> None:
    close(deed(cast), open_deed(deed(cast)), "done")
    opened, closed = Entry.objects.all()
    assert opened.action_id == closed.action_id
    assert (opened.phase, opened.outcome) == ("opened", "")
    assert (closed.phase, closed.outcome) == ("closed", "done")
    assert (closed.action, closed.subject) == ("builds.deploy", {"build_id": "b-1"})
    assert (closed.organization_slug, closed.environment_slug) == ("acme", "staging")


def test_rows_keep_name_and_address_when_the_person_is_gone(cast: Cast) -> None:
    open_deed(deed(cast))
    cast.mia.delete()
    assert Entry.objects.get().person_email == "mia@example.test"
    assert Entry.objects.get().person_name == "Mia Member"


def test_the_chain_holds_as_it_was_written(cast: Cast) -> None:
    record(cast)
    assert [entry.position for entry in Entry.objects.all()] == [1, 2, 3, 4, 5, 6]
    assert is_whole()


@pytest.mark.parametrize(
    ("field", "value"),
    [("outcome", "refused"), ("person_email", "x@y.test"), ("subject", {}), ("action", "other")],
)
def test_a_changed_row_breaks_the_chain(cast: Cast, field: str, value: Any) -> None:
    record(cast)
    Entry.objects.filter(position=4).update(**{field: value})
    assert not is_whole()


def test_a_missing_row_breaks_the_chain(cast: Cast) -> None:
    record(cast)
    Entry.objects.get(position=3).delete()
    assert not is_whole()


def test_the_chain_cannot_be_made_again_without_the_ring(cast: Cast, settings: Settings) -> None:
    record(cast)
    key = base64.b64encode(b"another key of thirty-two bytes!").decode()
    settings.KEY_RING = parse_ring(f"{settings.KEY_RING.first_id}:{key}", "HOTDASH_KEYS")
    assert not is_whole()
    settings.KEY_RING = parse_ring(f"unknown:{key}", "HOTDASH_KEYS")
    with pytest.raises(CannotOpen):
        is_whole()


def test_what_is_not_on_the_list_is_refused_before_anything_is_done(cast: Cast) -> None:
    with pytest.raises(UnknownField, match="api_key"):
        open_deed(deed(cast, subject={"api_key": "hot_canary"}))
    assert not Entry.objects.exists()


def test_long_values_are_cut_at_two_hundred_characters(cast: Cast) -> None:
    action_id = open_deed(deed(cast, subject={"project": "p" * 500}))
    close(deed(cast), action_id, "failed: " + "x" * 500)
    opened, closed = Entry.objects.all()
    assert len(opened.subject["project"]) == 200
    assert len(closed.outcome) == 200


def test_an_action_that_never_ended_is_seen_by_its_single_row(cast: Cast) -> None:
    open_deed(deed(cast))
    record(cast, times=1)
    alone = [entry.action_id for entry in Entry.objects.filter(phase="opened")]
    ended = set(Entry.objects.filter(phase="closed").values_list("action_id", flat=True))
    assert [action_id in ended for action_id in alone] == [False, True]
