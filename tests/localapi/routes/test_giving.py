"""What an API key may give away to a session: a part of its own rights, and never more."""

from typing import Any

import pytest

from tests.localapi.tenants import EVERYTHING, Tenant


def test_permissions_that_mean_nothing_are_refused_in_words(tenant: Tenant) -> None:
    answer = tenant.client.post("/v1/sessions", json={"permissions": {"stream": ["read"]}})

    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("Invalid permissions: 'stream'")


@pytest.mark.parametrize(
    "wanted",
    [
        EVERYTHING,
        {"event:*": ["create"]},
        {"event:order:*": ["*"]},
        {"event:order:placed": ["create", "read"]},
        {"event:order*": ["create"]},
        {"run:*": ["read"]},
    ],
)
def test_a_key_gives_nothing_away_that_it_lacks(tenant: Tenant, wanted: dict[str, Any]) -> None:
    giver = tenant.may({"session:*": ["*"], "event:order:*": ["create"]})

    answer = giver.post("/v1/sessions", json={"permissions": wanted})

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "permission_escalation")
    assert giver.get("/v1/sessions").json()["data"] == []


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"event:order:*": ["create"]},
        {"event:order:placed": ["create"]},
        {"event:order:placed:*": ["create"]},
        {"session:*": ["read", "create", "delete"]},
        {"session:x": ["*"]},
    ],
)
def test_a_key_gives_away_what_it_holds(tenant: Tenant, wanted: dict[str, Any]) -> None:
    giver = tenant.may({"session:*": ["*"], "event:order:*": ["create"]})

    answer = giver.post("/v1/sessions", json={"permissions": wanted})

    assert answer.status_code == 201
    assert answer.json()["data"]["permissions"] == wanted


def test_all_actions_of_a_type_are_all_of_them(tenant: Tenant) -> None:
    giver = tenant.may({"session:*": ["create"], "event:*": ["create", "read"]})

    assert giver.post("/v1/sessions", json={"permissions": {"event:*": ["*"]}}).status_code == 201
    assert giver.post("/v1/sessions", json={"permissions": {"other:*": ["*"]}}).status_code == 403
