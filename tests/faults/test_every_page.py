"""Every trouble of a Hot API, at every question of every page and action: what a person then gets.

The pages are those of the URL configuration; what each asks is recorded, and a question without a
line in the tables fails. The statuses are those of `docs/architecture.md`: an action or page whose
subject is missing answers by the trouble; a page one of whose panels is missing stands, and says
so there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from hotdash.gateway import known, pool
from tests import samples
from tests.cast import Cast
from tests.furnished import furnish
from tests.reading import said, select, text_of
from tests.routes import EVENT_ID, RUN_ID, address_of, routes
from tests.rules.test_access import FORMS, ROWS
from tests.troubles import TROUBLES, bring
from tests.upstream import FakeUpstream

# subject: the trouble's status and words instead of the page
# panel:   the page, and the trouble's words in one place of it
# aside:   the page, which does without
PAGES = """
overview:show         /runs                               panel
overview:show         /runs/stats                         panel
overview:steps        /runs/stats                         panel
overview:steps        /events                             panel
overview:steps        /projects                           panel
overview:steps        /projects/PROJECT/event-handlers    aside
runs:index            /runs                               subject
runs:index            /runs/stats                         aside
runs:totals           /runs/stats                         subject
runs:show             /runs/RUN                           subject
runs:show             /runs/RUN/vars                      panel
runs:show             /runs/RUN/stream-data               panel
runs:show             /status                             aside
runs:show             /events/EVENT                       aside
runs:input            /runs/RUN                           subject
runs:input            /runs/RUN/vars                      aside
runs:input            /events/EVENT                       panel
runs:input_download   /runs/RUN                           subject
runs:input_download   /events/EVENT                       subject
runs:result           /runs/RUN                           subject
runs:result           /runs/RUN/vars                      aside
runs:result           /events/EVENT                       aside
runs:result_download  /runs/RUN                           subject
runs:raw              /runs/RUN                           subject
runs:raw              /runs/RUN/vars                      aside
runs:raw              /events/EVENT                       aside
runs:variables        /runs/RUN                           subject
runs:variables        /runs/RUN/vars                      panel
runs:variables        /events/EVENT                       aside
runs:lineage          /runs/RUN                           subject
runs:lineage          /status                             aside
runs:lineage          /runs                               panel
runs:lineage          /events                             panel
runs:lineage          /events/EVENT                       panel
events:index          /events                             subject
events:index          /runs                               aside
events:show           /events/EVENT                       subject
events:show           /events/EVENT/runs                  panel
events:show           /runs                               panel
events:show           /status                             aside
events:listeners      /events/EVENT                       subject
events:listeners      /projects                           subject
events:listeners      /projects/PROJECT/event-handlers    panel
events:download       /events/EVENT                       subject
events:new            /projects                           aside
events:new            /projects/PROJECT/event-handlers    aside
events:again          /events/EVENT                       subject
environments:show     /env                                panel
environments:show     /status                             aside
"""

# subject: the trouble's status and words
# sent:    the same, on the form, which keeps what was typed; 422 where the server refused it
# form:    422 and words at the field; nothing is stored
# aside:   it is done, or refused as for form
ACTIONS = """
events:new            POST  /events               sent
events:new            GET   /events/EVENT/runs    aside
events:again          GET   /events/EVENT         subject
events:again          POST  /events               sent
events:again          GET   /events/EVENT/runs    aside
environments:new      GET   /env                  form
environments:new      GET   /status               aside
environments:origin   GET   /status               aside
environments:origin   GET   /env                  aside
keys:new              GET   /env                  form
"""
HOLES = {RUN_ID: "RUN", EVENT_ID: "EVENT", samples.PROJECT_ID: "PROJECT"}
PATHS = {name: path for name, path, _ in routes()}
ASKING_PAGES = [tuple(line.split()) for line in PAGES.split("\n") if line]
ASKING_ACTIONS = [tuple(line.split()) for line in ACTIONS.split("\n") if line]
PART = {"HX-Request": "true", "HX-Target": "listing"}
SECRET_FIELDS = {"key"}


@contextmanager
def furnished() -> Iterator[FakeUpstream]:
    """A Hot API on which all is well, and about which nothing is known yet."""
    fake = FakeUpstream()
    furnish(fake)
    known.forget_all()
    with pool.use_transport(fake.transport()):
        yield fake
    known.forget_all()


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens to the database inside has not happened."""
    # no atomic(): a durable one inside would refuse to be inside
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)


def filled(pattern: str) -> str:
    """The path with the ids of the furnished fake."""
    for value, hole in HOLES.items():
        pattern = pattern.replace(hole, value)
    return pattern


def questions_of(fake: FakeUpstream) -> Iterator[tuple[str, str]]:
    """Method and path of all that arrived, ids as holes."""
    for call in fake.calls:
        path = call.path
        for value, hole in HOLES.items():
            path = path.replace(value, hole)
        yield call.method, path


def body_of(answer: Any) -> str:
    """All that was sent, streamed or not."""
    whole: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return whole.decode()


@pytest.fixture
def olive(cast: Cast) -> Client:
    """The browser of an owner, to whom nothing is closed; a 500 is looked at, not raised."""
    client = cast.browser(cast.olive)
    client.raise_request_exception = False
    return client


def test_what_every_page_asks_has_a_line(olive: Client) -> None:
    asked = set()
    for name, path in PATHS.items():
        if path.startswith("<slug:org>") and (name, "GET") in ROWS:
            with furnished() as fake:
                body_of(olive.get(address_of(path)))
            asked |= {(name, question) for _, question in questions_of(fake)}
    assert {(name, path) for name, path, _ in ASKING_PAGES} == asked


@pytest.mark.parametrize(("route", "question", "kind"), ASKING_PAGES)
def test_a_page_in_trouble_is_designed(olive: Client, route: str, question: str, kind: str) -> None:
    for trouble, (status, title) in TROUBLES.items():
        for headers in ({}, PART):
            with furnished() as fake:
                request_id = bring(fake, filled(question), trouble)
                answer = olive.get(address_of(PATHS[route]), headers=headers)
            assert "Traceback" not in body_of(answer), trouble
            if kind == "subject":
                assert answer.status_code == status, trouble
                assert_said(answer, title, request_id, is_whole=not headers)
            else:
                assert answer.status_code == 200, trouble
                assert_stands(answer, is_whole=not headers)
            if kind == "panel":
                assert title in said(answer), trouble


def assert_said(answer: Any, title: str, request_id: str, *, is_whole: bool) -> None:
    """The trouble is all there is to read: a page in the shell, or a part without one."""
    where = "main h1" if is_whole else ".alert strong"
    assert [text_of(node) for node in select(answer, where)] == [title]
    assert bool(select(answer, "header.topbar")) is is_whole
    assert request_id[-12:] in said(answer)


def assert_stands(answer: Any, *, is_whole: bool) -> None:
    """The page is there, or the part of it that was asked for."""
    is_page = len(select(answer, "header.topbar, main h1")) == 2
    assert is_page or (not is_whole and select(answer, f"#{PART['HX-Target']}"))


def test_what_every_action_asks_has_a_line(olive: Client) -> None:
    asked = set()
    for name, method in sorted(ROWS):
        if method == "POST" and PATHS[name].startswith("<slug:org>"):
            with furnished() as fake, undone():
                assert act(olive, name).status_code == 303, name
            asked |= {(name, *question) for question in questions_of(fake)}
    assert {line[:3] for line in ASKING_ACTIONS} == asked


@pytest.mark.parametrize(("route", "method", "question", "kind"), ASKING_ACTIONS)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_an_action_in_trouble_is_designed(
    olive: Client, route: str, method: str, question: str, kind: str, trouble: str
) -> None:
    status, title = TROUBLES[trouble]
    with furnished() as fake:
        request_id = bring(fake, filled(question), trouble, method)
        answer = act(olive, route)
    assert "Traceback" not in body_of(answer)
    if kind == "subject":
        assert answer.status_code == status
        assert_said(answer, title, request_id, is_whole=True)
        return
    if kind == "sent":
        assert answer.status_code == (422 if trouble == "text 422" else status)
        assert request_id[-12:] in said(answer)
        assert len(fake.seen(filled(question), method)) == 1, "it is not sent twice"
    elif kind == "form":
        assert answer.status_code == 422
    else:
        assert answer.status_code in {303, 422}
    if answer.status_code != 303:
        assert_kept(answer, route)


def act(olive: Client, route: str) -> Any:
    """Post the valid form of the route."""
    return olive.post(address_of(PATHS[route]), FORMS.get(route, {}))


def assert_kept(answer: Any, route: str) -> None:
    """What was typed is there again, but for secrets; and words say why."""
    typed = {name: text for name, text in FORMS.get(route, {}).items() if name not in SECRET_FIELDS}
    for name, text in typed.items():
        (field,) = select(answer, f"[name={name}]")
        options = select(answer, f"[name={name}] option[selected]") or [field]
        assert text in {options[0].attributes.get("value"), text_of(options[0])}, name
    assert select(answer, ".alert, .field-error, [role=alert]")
