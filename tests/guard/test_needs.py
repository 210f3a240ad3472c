"""Who comes in where: identity, scope, permission."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from hotdash.audit.models import Entry
from hotdash.guard.needs import action, needs, personal
from hotdash.orgs import roles
from hotdash.orgs.roles import Role
from tests.cast import Cast
from tests.guard.rooms import LIGHT
from tests.reading import said

LAMPS = "/acme/staging/lamps/"
ACTION = "/acme/staging/lamps/porch/light/"


@pytest.fixture(autouse=True)
def room(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own room beside the real ones, and its permission in the table."""
    settings.ROOT_URLCONF = "tests.guard.rooms"
    monkeypatch.setitem(roles.PERMISSIONS, LIGHT, frozenset({Role.OWNER, Role.ADMIN}))


def test_the_guard_finds_organization_and_environment_of_the_url(cast: Cast) -> None:
    response = cast.browser(cast.olive).get(LAMPS)
    assert response.content == b"acme/staging olive@example.test"


def test_above_the_environments_there_is_none(cast: Cast) -> None:
    assert cast.browser(cast.olive).get("/acme/settings/lamps/").content == b"acme None"


@pytest.mark.parametrize("address", [LAMPS, ACTION, "/acme/settings/lamps/", "/forgotten/"])
def test_whoever_is_unknown_signs_in_first(cast: Cast, address: str) -> None:
    for response in (Client().get(address), Client().post(address)):
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize(
    "address",
    [
        "/umbra/production/lamps/",
        "/umbra/settings/lamps/",
        "/nowhere/production/lamps/",
        "/acme/nowhere/lamps/",
        "/umbra/staging/lamps/",
    ],
)
def test_outside_is_404_as_page_and_as_part(cast: Cast, address: str) -> None:
    client = cast.browser(cast.olive)
    part = {"HX-Request": "true", "HX-Target": "rows"}
    for response in (client.get(address), client.get(address, headers=part)):
        assert response.status_code == 404


def test_what_is_anothers_and_what_is_not_there_are_told_alike(cast: Cast) -> None:
    client = cast.browser(cast.mia)
    anothers = said(client.get("/umbra/production/lamps/"))
    missing = said(client.get("/meadow/production/lamps/"))
    assert anothers == missing


def test_an_action_outside_is_404_and_leaves_no_row_anywhere(cast: Cast) -> None:
    response = cast.browser(cast.olive).post("/umbra/production/lamps/porch/light/")
    assert response.status_code == 404
    assert not Entry.objects.exists()


def test_inside_without_the_permission_is_403_in_words(cast: Cast) -> None:
    response = cast.browser(cast.mia).get(LAMPS)
    assert response.status_code == 403
    assert "As a member of Acme you may not do this. It takes an owner or an admin." in said(
        response
    )


def test_a_role_that_changed_counts_at_once(cast: Cast) -> None:
    client = cast.browser(cast.adam)
    assert client.get(LAMPS).status_code == 200
    membership = cast.membership(cast.adam)
    membership.role = Role.VIEWER
    membership.save()
    assert client.get(LAMPS).status_code == 403
    membership.delete()
    assert client.get(LAMPS).status_code == 404


def test_a_page_answers_to_looking_alone_and_an_action_to_post_alone(cast: Cast) -> None:
    client = cast.browser(cast.olive)
    assert client.head(LAMPS).status_code == 200
    for response in (client.post(LAMPS), client.put(LAMPS), client.delete(LAMPS)):
        assert response.status_code == 405
    for response in (client.get(ACTION), client.head(ACTION), client.put(ACTION)):
        assert response.status_code == 405
        assert response["Allow"] == "POST"
    assert not Entry.objects.exists()


def test_an_action_without_token_or_from_elsewhere_is_403_and_not_done(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.olive)
    assert client.post(ACTION).status_code == 403
    client.get("/accounts/logout/")
    token = client.cookies["hotdash_csrf"].value
    with_token = {"X-CSRFToken": token}
    foreign = with_token | {"Origin": "https://evil.test"}
    assert client.post(ACTION, headers=foreign).status_code == 403
    assert client.post(ACTION, headers=with_token | {"Origin": "null"}).status_code == 403
    assert not Entry.objects.exists()
    assert client.post(ACTION, headers=with_token).status_code == 303


def test_a_view_that_nobody_opened_is_not_public(cast: Cast) -> None:
    assert Client().get("/forgotten/").status_code == 302


@pytest.mark.django_db
def test_whoever_is_unknown_stops_at_the_view_too_should_no_middleware_ask(
    rf: RequestFactory,
) -> None:
    request = rf.get("/anywhere/")
    request.user = AnonymousUser()
    inside = personal(lambda _request: HttpResponse("mine"))
    with pytest.raises(PermissionDenied):
        inside(request)
    with pytest.raises(PermissionDenied):
        needs(LIGHT)(lambda _request: HttpResponse("ours"))(request, org="acme")


def test_a_permission_that_is_in_no_table_cannot_be_asked_for() -> None:
    for opened in (needs, action):
        with pytest.raises(LookupError, match=r"lamps\.smash"):
            opened("lamps.smash")(lambda _request: HttpResponse())


@pytest.mark.parametrize(
    ("end", "outcome", "status"),
    [
        ("", "done", 303),
        ("invalid", "invalid", 422),
        ("no answer", "failed: NoAnswer", 504),
        ("fault", "failed: RuntimeError", 500),
    ],
)
def test_an_action_is_on_record_however_it_ends(
    cast: Cast, end: str, outcome: str, status: int
) -> None:
    client = cast.browser(cast.adam)
    client.raise_request_exception = False
    assert client.post(ACTION, {"end": end}).status_code == status
    opened, closed = Entry.objects.all()
    assert (opened.phase, closed.phase, closed.outcome) == ("opened", "closed", outcome)
    assert opened.action_id == closed.action_id
    assert closed.person_email == "adam@example.test"
    assert closed.subject == {"project": "porch"}
    assert "canary" not in str(Entry.objects.values())


def test_a_refused_action_is_on_record_and_not_done(cast: Cast) -> None:
    response = cast.browser(cast.mia).post(ACTION)
    assert response.status_code == 403
    opened, closed = Entry.objects.all()
    assert (opened.action, closed.outcome) == (LIGHT, "refused")


def test_what_a_form_sends_never_reaches_the_record(cast: Cast) -> None:
    cast.browser(cast.adam).post(ACTION, {"end": "", "key": "hot_canary"})
    assert "canary" not in str(list(Entry.objects.values()))
