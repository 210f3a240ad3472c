"""Who gets what, at every address and every topic of live: one table, an answer in each field.

Mia, Adam, Olive and Vera are in acme, of which every address below is; Stan owns umbra. What is
posted is valid, so that nothing but the person decides. A route or a method that has no line here
fails, but for methods that answer 405 to everybody.
"""

import asyncio
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from hotdash.credentials.models import Credential
from hotdash.live import topics
from hotdash.live.hub import serving
from hotdash.orgs.creation import create_environment
from hotdash.orgs.models import Kind
from tests.cast import Cast, give_key
from tests.furnished import furnish
from tests.routes import RUN_ID, address_of, routes
from tests.samples import STREAM_ID
from tests.upstream import ORIGIN, FakeUpstream

PEOPLE = {
    "nobody": None,
    "stranger": "stan",
    "viewer": "vera",
    "member": "mia",
    "admin": "adam",
    "owner": "olive",
}

# `signin` leads to the sign-in page; nobody here has a password, so nobody can confirm with theirs
ACCESS = """
route                                method nobody  stranger  viewer member admin owner

health:alive                         GET    200     200       200    200    200   200
health:ready                         GET    200     200       200    200    200   200
account_login                        GET    200     302       302    302    302   302
account_login                        POST   422     302       302    302    302    302
account_signup                       GET    403     302       302    302    302    302
account_signup                       POST   403     302       302    302    302    302
account_reset_password               GET    200     200       200    200    200   200
account_reset_password_from_key      GET    200     200       200    200    200   200
account_reset_password_from_key      POST   200     200       200    200    200   200

account_logout                       GET    signin  200       200    200    200   200
account_logout                       POST   signin  signin    signin signin signin signin
account_reauthenticate               GET    signin  403       403    403    403    403
account_reauthenticate               POST   signin  403       403    403    403    403
home:index                           GET    signin  302       302    302    302   302
profile:show                         GET    signin  200       200    200    200   200
profile:theme                        POST   signin  303       303    303    303   303
profile:password                     GET    signin  403       403    403    403   403
profile:password                     POST   signin  403       403    403    403   403
profile:sessions                     GET    signin  200       200    200    200   200
profile:end                          POST   signin  404       404    404    404   404
profile:end_others                   POST   signin  303       303    303    303   303
organizations:new                    GET    signin  200       200    200    200   200
organizations:new                    POST   signin  303       303    303    303   303

home:organization                    GET    signin  404       302    302    302   302

overview:show                        GET    signin  404       200    200    200   200
overview:steps                       GET    signin  404       200    200    200   200

runs:index                           GET    signin  404       200    200    200   200
runs:totals                          GET    signin  404       200    200    200   200
runs:show                            GET    signin  404       200    200    200   200
runs:input                           GET    signin  404       200    200    200   200
runs:input_download                  GET    signin  404       200    200    200   200
runs:result                          GET    signin  404       200    200    200   200
runs:result_download                 GET    signin  404       200    200    200   200
runs:raw                             GET    signin  404       200    200    200   200
runs:variables                       GET    signin  404       200    200    200   200
runs:lineage                         GET    signin  404       200    200    200   200

events:index                         GET    signin  404       200    200    200   200
events:show                          GET    signin  404       200    200    200   200
events:listeners                     GET    signin  404       200    200    200   200
events:download                      GET    signin  404       200    200    200   200
events:new                           GET    signin  404       403    200    200   200
events:new                           POST   signin  404       403    303    303   303
events:again                         GET    signin  404       403    200    200   200
events:again                         POST   signin  404       403    303    303   303

environments:index                   GET    signin  404       200    200    200   200
environments:show                    GET    signin  404       200    200    200   200
environments:new                     GET    signin  404       403    403    200   200
environments:new                     POST   signin  404       403    403    303   303
environments:origin                  GET    signin  404       403    403    200   200
environments:origin                  POST   signin  404       403    403    303   303
keys:new                             GET    signin  404       200    200    200   200
keys:new                             POST   signin  404       303    303    303   303
keys:removal                         GET    signin  404       200    200    200   200
keys:removal                         POST   signin  404       303    303    303   303
audit_log:index                      GET    signin  404       403    403    200   200
"""

# the same for a page that listens, by kind of topic
LISTENING = """
topic   nobody  stranger  viewer member admin owner

env     signin  404       200    200    200   200
run     signin  404       200    200    200   200
stream  signin  404       200    200    200   200
"""

ELSEWHERE = "http://elsewhere.test:4681"
NEW_KEY = "hot_" + "0" * 32 + "_" + "b" * 64
FORMS = {
    "profile:theme": {"theme": "dark"},
    "organizations:new": {"name": "Third", "slug": "third"},
    "events:new": {"event_type": "order:placed", "event_data": "{}"},
    "environments:new": {
        "base_url": ORIGIN,
        "key": NEW_KEY,
        "name": "Fourth",
        "slug": "fourth",
        "kind": "other",
    },
    "environments:origin": {"base_url": ELSEWHERE, "keys": "4"},
    "keys:new": {"key": NEW_KEY},
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PART = {"HX-Request": "true", "HX-Target": "listing"}
PATHS = {name: path for name, path, _ in routes()}

Cell = tuple[str, str, str, str]  # subject, method, who, answer


def fields_of(table: str) -> list[Cell]:
    """Every field of a table with what it belongs to; a topic is got."""
    head, *lines = (line.split() for line in table.split("\n") if line)
    cells = []
    for line in lines:
        named = dict(zip(head, line, strict=True))
        subject = named.pop(head[0])
        method = named.pop("method", "GET")
        cells += [(subject, method, who, answer) for who, answer in named.items()]
    return cells


ROWS = {(name, method) for name, method, _, _ in fields_of(ACCESS)}
ALLOWED = {"200", "302", "303"}


def arrive(cast: Cast, who: str, method: str, address: str, **request: Any) -> str:
    """What this person gets there: a status, or `signin`."""
    name = PEOPLE[who]
    client = cast.browser(getattr(cast, name) if name else None)
    response = getattr(client, method.lower())(address, **request)
    led_to = response.get("Location") or response.get("HX-Redirect") or ""
    return "signin" if led_to.startswith("/accounts/login/") else str(response.status_code)


def at(route: str, **place: str) -> str:
    """An address of a route."""
    return address_of(PATHS[route], **place)


def test_every_route_and_topic_has_its_line() -> None:
    assert {name for name, _ in ROWS} | {"live:stream"} == set(PATHS)
    assert {kind for kind, _, _, _ in fields_of(LISTENING)} == set(get_args(topics.Kind))
    assert {who for _, _, who, _ in fields_of(ACCESS)} == set(PEOPLE)


@pytest.mark.parametrize(("route", "method", "who", "answer"), fields_of(ACCESS))
def test_everybody_gets_what_the_table_says(
    cast: Cast, upstream: FakeUpstream, route: str, method: str, who: str, answer: str
) -> None:
    furnish(upstream)
    form = {"data": FORMS.get(route, {})} if method == "POST" else {}
    if method == "GET":
        assert arrive(cast, who, method, at(route), headers=PART) == answer
    assert arrive(cast, who, method, at(route), **form) == answer
    if answer not in ALLOWED:
        assert upstream.calls == [], "a role is judged before the platform is asked"


@pytest.mark.parametrize("who", PEOPLE)
def test_a_method_without_a_line_is_refused(cast: Cast, upstream: FakeUpstream, who: str) -> None:
    for name, path, view in routes():
        for method in METHODS:
            if (name, method) in ROWS | {("live:stream", "GET")}:
                continue
            is_closed = who == "nobody" and view.login_required
            answer = arrive(cast, who, method, address_of(path))
            assert answer == ("signin" if is_closed else "405"), (name, method)
    assert upstream.calls == []


@pytest.mark.parametrize("who", ["viewer", "member", "admin", "owner"])
def test_what_is_anothers_is_not_there_whoever_one_is_at_home(
    cast: Cast, upstream: FakeUpstream, who: str
) -> None:
    hidden = create_environment(cast.umbra, "hidden", "Hidden", Kind.OTHER, base_url=ORIGIN)
    give_key(cast.stan, hidden)
    for name, method in sorted(ROWS):
        for place in _places_of_umbra(PATHS[name]):
            for headers in ({}, PART):
                form = {"data": FORMS.get(name, {})} if method == "POST" else {}
                answer = arrive(cast, who, method, at(name, **place), headers=headers, **form)
                assert answer == "404", (name, method, place)
    assert upstream.calls == []
    assert Credential.objects.filter(environment=hidden).count() == 1


def _places_of_umbra(path: str) -> Iterator[dict[str, str]]:
    """Umbra's slugs, and its environment's slug below acme, as far as the route names any."""
    if "<slug:org>" in path:
        yield {"organization": "umbra", "environment": "production"}
        if "<slug:env>" in path:
            yield {"organization": "umbra", "environment": "hidden"}
            yield {"organization": "acme", "environment": "hidden"}


@pytest.fixture
def _hub(upstream: FakeUpstream) -> Iterator[None]:
    """A hub whose loop stands still: who is let in is decided before a stream begins."""
    with asyncio.Runner() as runner:
        hub = serving()
        runner.run(hub.__aenter__())
        yield
        runner.run(hub.__aexit__(None, None, None))


def topic_of(cast: Cast, kind: str, slug: str = "staging", organization: str = "acme") -> str:
    """A topic of this kind in an environment."""
    place = cast.environment(slug, organization).pk
    subjects = {"env": "", "run": f"/{RUN_ID}", "stream": f"/{STREAM_ID}"}
    return f"{kind}:{place}{subjects[kind]}"


@pytest.mark.usefixtures("_hub")
@pytest.mark.parametrize(("kind", "method", "who", "answer"), fields_of(LISTENING))
def test_everybody_hears_what_the_table_says(
    cast: Cast, kind: str, method: str, who: str, answer: str
) -> None:
    topic = topic_of(cast, kind)
    assert arrive(cast, who, method, at("live:stream"), data={"topic": topic}) == answer


@pytest.mark.usefixtures("_hub")
@pytest.mark.parametrize("kind", get_args(topics.Kind))
def test_one_topic_that_is_anothers_closes_the_whole_stream(cast: Cast, kind: str) -> None:
    mixed = [topic_of(cast, kind), topic_of(cast, kind, "production", "umbra")]
    for who in ("viewer", "member", "admin", "owner", "stranger"):
        assert arrive(cast, who, "GET", at("live:stream"), data={"topic": mixed}) == "404"


@pytest.mark.usefixtures("_hub")
@pytest.mark.parametrize("kind", get_args(topics.Kind))
def test_nobody_listens_without_a_key_of_their_own(cast: Cast, kind: str) -> None:
    Credential.objects.filter(user=cast.mia).delete()
    data = {"topic": topic_of(cast, kind)}
    assert arrive(cast, "member", "GET", at("live:stream"), data=data) == "403"
    assert arrive(cast, "viewer", "GET", at("live:stream"), data=data) == "200"
