"""Who may run code on the host is the operator's word, on the command line alone."""

import pytest
from django.core.management import CommandError, call_command

from tests.cast import Cast


def test_it_is_granted_and_withdrawn(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    for decision, is_granted in (("grant", True), ("withdraw", False)):
        call_command("embedded", decision, "acme")
        cast.acme.refresh_from_db()
        assert cast.acme.may_run_code is is_granted
    said = capsys.readouterr().out.splitlines()
    assert said == ["acme may now run code on this host.", "acme may no longer run code here."]


def test_the_others_are_not_touched(cast: Cast) -> None:
    call_command("embedded", "grant", "acme")
    cast.umbra.refresh_from_db()
    assert not cast.umbra.may_run_code


def test_an_unknown_organization_is_named(cast: Cast) -> None:
    with pytest.raises(CommandError, match="There is no organization nowhere"):
        call_command("embedded", "grant", "nowhere")
