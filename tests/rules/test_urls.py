"""Every address is closed until it was opened, by name, on purpose."""

import pytest
from django.test import Client

from hotdash.guard.needs import PERSONAL, PUBLIC
from hotdash.orgs import roles
from hotdash.orgs.slugs import reserved
from tests.cast import Cast
from tests.routes import address_of, routes
from tests.rules.sources import dashboard_modules, modules, parsed, places
from tests.upstream import FakeUpstream

# whoever adds to this list shows the page to everybody
PUBLIC_ROUTES = {
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_from_key",
    "health:alive",
    "health:ready",
}
PART = {"HX-Request": "true", "HX-Target": "rows"}
PERSONAL_ROUTES = {
    "account_logout",
    "account_reauthenticate",
    "home:index",
    "live:stream",
    "organizations:new",
    "profile:end",
    "profile:end_others",
    "profile:password",
    "profile:sessions",
    "profile:show",
    "profile:theme",
}


def test_every_route_says_who_may_come() -> None:
    silent = [name for name, _, view in routes() if not hasattr(view, "permission")]
    assert silent == []


def test_the_public_and_the_personal_routes_are_exactly_these() -> None:
    by_permission: dict[str, set[str]] = {PUBLIC: set(), PERSONAL: set()}
    for name, _, view in routes():
        if view.permission in by_permission:
            by_permission[view.permission].add(name)
    assert by_permission == {PUBLIC: PUBLIC_ROUTES, PERSONAL: PERSONAL_ROUTES}


def test_only_public_routes_let_the_unknown_pass() -> None:
    for name, _, view in routes():
        assert view.login_required is (name not in PUBLIC_ROUTES), name


def test_a_route_of_an_organization_asks_for_a_permission_of_the_table() -> None:
    for name, path, view in routes():
        is_scoped = path.startswith("<slug:org>/")
        assert is_scoped is (view.permission in roles.PERMISSIONS), name


def test_every_permission_is_granted_and_asked_for() -> None:
    asked = {view.permission for _, _, view in routes()} - {PUBLIC, PERSONAL}
    assert asked == set(roles.PERMISSIONS)
    assert all(roles.PERMISSIONS.values())


def test_no_first_segment_of_a_route_is_a_slug_that_can_be_had() -> None:
    first = {path.lstrip("^").split("/")[0] for _, path, _ in routes()} - {"", "<slug:org>"}
    assert first <= reserved(0)
    assert first >= {"accounts", "account", "healthz", "readyz"}
    second = {path.split("/")[1] for _, path, _ in routes() if path.startswith("<slug:org>/")} - {
        "",
        "<slug:env>",
    }
    assert second <= reserved(1)


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_every_route_of_an_organization_is_404_to_a_stranger(cast: Cast, method: str) -> None:
    client = cast.browser(cast.stan)
    for name, path, view in routes():
        if view.permission not in roles.PERMISSIONS:
            continue
        for headers in ({}, PART):
            response = getattr(client, method)(address_of(path), headers=headers)
            # the wrong method is refused before anybody looks where
            assert response.status_code in ({404} if method == "get" else {404, 405}), name


def test_every_route_refuses_a_forged_form(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.mia)
    client.get("/account/")
    token = {"X-CSRFToken": client.cookies["hotdash_csrf"].value}
    for name, path, _ in routes():
        address = address_of(path)
        assert client.post(address).status_code == 403, name
        for origin in ("https://evil.test", "null"):
            headers = token | {"Origin": origin}
            assert client.post(address, headers=headers).status_code == 403, name


def test_no_route_lets_its_answer_be_kept(cast: Cast, upstream: FakeUpstream) -> None:
    for person in (cast.mia, cast.stan, None):
        client = cast.browser(person)
        client.raise_request_exception = False  # the upstream answers nothing here
        for name, path, _ in routes():
            for headers in ({}, PART):
                response = client.get(address_of(path), headers=headers)
                kept = {word.strip() for word in response["Cache-Control"].split(",")}
                assert kept == {"no-store", "private"}, name
                varies = {word.strip().lower() for word in response["Vary"].split(",")}
                assert varies >= {"cookie", "hx-request", "hx-target"}, name
                assert "default-src 'self'" in response["Content-Security-Policy"], name


def test_no_view_is_exempt_from_the_check_of_forms() -> None:
    assert places("csrf_exempt", dashboard_modules()) == []


def test_rooms_reach_rows_only_through_the_request() -> None:
    rooms = [path for path in dashboard_modules() if "pages" in path.parts]
    assert rooms
    assert places(r"\.objects\b", rooms) == []


def test_addresses_that_are_not_ours_by_name_are_judged_in_one_place() -> None:
    going = places(
        r"HttpResponseRedirect|HttpResponseClientRedirect\(|HttpResponseLocation\("
        r'|"Location"|"HX-Redirect"|"HX-Location"',
        list(dashboard_modules()),
    )
    files = {place.partition(":")[0] for place in going}
    assert files == {"hotdash/kit/render.py", "hotdash/guard/identity.py"}
    for place in places(
        r"\bredirect\((?!\")", [p for p in dashboard_modules() if "pages" in p.parts]
    ):
        pytest.fail(f"{place}: redirect() takes the name of a route")


def test_the_rules_read_something() -> None:
    assert len(list(modules())) > 100
    assert all(parsed(path).body for path in dashboard_modules())
