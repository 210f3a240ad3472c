"""Refusals and failures as pages and as fragments, inside and before the door."""

import pytest
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from redis.exceptions import ConnectionError as RedisConnectionError

from hotdash.guard.needs import public
from hotdash.urls import handler400, handler403, handler404, handler500
from tests.reading import heading, one, said, select, text_of
from tests.routes import EVENT_ID, RUN_ID

__all__ = ["handler400", "handler403", "handler404", "handler500"]

HTMX = {"HX-Request": "true", "HX-Target": "rows"}


@public
def broken(request):
    """Fail as a mistake of ours would."""
    raise ZeroDivisionError


@public
def unreadable(request):
    """Refuse what no page of ours sends."""
    raise BadRequest


@public
def away(request):
    """Miss the database, as a query would."""
    raise OperationalError("connection to server at 10.1.2.3 failed")


@public
def uncounted(request):
    """Miss the cache, as a sign-in would."""
    raise RedisConnectionError("Error 111 connecting to 10.1.2.3:6379")


@public
def fine(request):
    """Answer."""
    return HttpResponse("ok")


urlpatterns = [
    path("broken/", broken),
    path("unreadable/", unreadable),
    path("fine/", fine),
    path("away/", away),
    path("uncounted/", uncounted),
    path("", include("hotdash.urls")),
]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def stranger(db):
    """A browser in which nobody is signed in."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/broken/", 500, "hotdash failed at this page"),
        ("/unreadable/", 400, "This request cannot be read"),
        ("/away/", 503, "hotdash's database cannot be used"),
        ("/uncounted/", 503, "hotdash cannot count tries at the moment"),
    ],
)
def test_an_error_before_the_door_is_a_page_and_a_fragment(stranger, address, status, title):
    page = stranger.get(address)
    assert page.status_code == status
    assert heading(page) == title
    assert "Traceback" not in page.content.decode()
    part = stranger.get(address, headers=HTMX)
    assert part.status_code == status
    assert text_of(one(part, ".alert strong")) == title
    assert select(part, "main") == []


@pytest.mark.parametrize("address", ["/broken/", "/unreadable/"])
def test_a_part_that_failed_leaves_the_address_as_it_was(stranger, address):
    assert stranger.get(address, headers=HTMX).headers["HX-Push-Url"] == "false"


@pytest.mark.parametrize("address", ["/away/", "/uncounted/"])
def test_what_hotdash_misses_itself_is_for_a_moment_and_not_named(stranger, address):
    answer = stranger.get(address)
    assert answer.headers["Retry-After"] == "5"
    assert "10.1.2.3" not in said(answer)


def test_an_error_of_ours_asks_nothing_of_the_database(stranger, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert stranger.get("/broken/").status_code == 500


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/umbra/production/runs/", "no such organization, or you are not a member of it"),
        ("/nobody/production/runs/", "no such organization, or you are not a member of it"),
        ("/acme/nowhere/runs/", "This organization has no such environment"),
        ("/no/such/thing/at/all/", "The address leads nowhere"),
    ],
)
def test_an_unknown_address_says_why_to_whoever_is_signed_in(cast, address, sentence):
    response = cast.browser(cast.mia).get(address)
    assert response.status_code == 404
    assert heading(response) == "There is no such page"
    assert sentence in said(response)
    assert text_of(one(response, "header.topbar h3")) == "mia@example.test"


def test_whoever_is_not_signed_in_is_told_at_the_door(db):
    response = Client().get("/no/such/thing/at/all/")
    assert response.status_code == 404
    assert select(response, "header.topbar, nav.nav") == []
    assert select(response, "main.login")


@pytest.mark.parametrize(("room", "noun"), [("runs", "Runs"), ("events", "Events")])
def test_what_is_not_on_the_platform_leads_back_to_its_list(cast, upstream, room, noun):
    for asked in (f"/runs/{RUN_ID}", f"/runs/{RUN_ID}/vars", f"/events/{EVENT_ID}"):
        upstream.refuse(asked, 404, "not_found", "not found")
    upstream.many(f"/runs/{RUN_ID}/stream-data", [])
    number = RUN_ID if room == "runs" else EVENT_ID
    response = cast.browser(cast.mia).get(f"/acme/staging/{room}/{number}/")
    assert response.status_code == 404
    links = {text_of(link): link.attributes["href"] for link in select(response, "main .cluster a")}
    assert links[f"Back to {noun}"] == f"/acme/staging/{room}/"


def test_a_list_that_failed_leads_back_to_no_list(cast, upstream):
    for asked in ("/runs", "/runs/stats", "/events"):
        upstream.refuse(asked, 401)
    response = cast.browser(cast.mia).get("/acme/staging/runs/")
    assert response.status_code == 403
    assert not [link for link in select(response, "main a") if "Back to" in text_of(link)]


def test_another_tenants_address_and_none_at_all_answer_alike(cast):
    browser = cast.browser(cast.mia)
    theirs, nobodys = browser.get("/umbra/production/runs/"), browser.get("/nobody/at-all/runs/")
    told = [text_of(one(answer, ".verdict")) for answer in (theirs, nobodys)]
    assert told[0] == told[1]


def test_a_wrong_method_says_so_and_names_the_right_ones(cast, upstream):
    response = cast.browser(cast.mia).post("/acme/development/runs/")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert heading(response) == "This address does not do that"
    assert upstream.calls == []


def test_a_form_without_its_token_is_refused_in_words(cast):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.mia)
    response = browser.post("/account/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert heading(response) == "This form is out of date"


def test_trying_again_is_offered_where_it_can_help(stranger):
    again = one(stranger.get("/broken/?a=b"), "a.button.primary")
    assert again.attributes["href"] == "/broken/?a=b"
    assert select(stranger.post("/broken/"), "a.button.primary") == []
    assert select(stranger.get("/unreadable/"), "a.button.primary") == []
