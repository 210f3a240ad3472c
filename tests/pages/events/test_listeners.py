"""Who listens for the type of an event."""

import pytest

from tests import samples
from tests.pages.events.an_event import ROOM, tell
from tests.reading import attribute, one, said, select, text_of
from tests.samples import event, event_handler, new_id, project
from tests.troubles import TROUBLES, bring


def listen(upstream, made, handlers, projects=None):
    address = tell(upstream, made)
    upstream.many("/projects", projects or [project()])
    upstream.many(f"/projects/{samples.PROJECT_ID}/event-handlers", handlers)
    return f"{address}listeners/"


def test_the_page_loads_who_listens_after_itself(mia, upstream):
    made = event()
    response = mia.get(tell(upstream, made))
    link = one(response, "#listeners a")
    assert link.attributes["href"] == f"{ROOM}{made['event_id']}/listeners/"
    assert link.attributes["hx-get"] == link.attributes["href"]


def test_the_functions_that_listen_for_the_type_are_named(mia, upstream):
    made = event()
    handlers = [event_handler(var="on-it"), event_handler("order:paid", var="on-another")]
    response = mia.get(listen(upstream, made, handlers), headers={"HX-Request": "true"})
    assert [text_of(name) for name in select(response, ".name")] == ["on-it"]
    assert "Read the deployed builds of 1 project." in said(response)


def test_a_type_that_nobody_listens_for_says_so(mia, upstream):
    response = mia.get(listen(upstream, event(), []))
    assert "No function of a deployed build listens for this type." in said(response)


def test_projects_that_were_not_read_are_counted(mia, upstream):
    ids = [new_id() for _ in range(6)]
    for made in ids:
        upstream.many(f"/projects/{made}/event-handlers", [])
    rows = [project(project_id=made) for made in ids] + [project(active=False)]
    response = mia.get(listen(upstream, event(), [], rows))
    assert "No function of a deployed build that was read listens" in said(response)
    assert "Read the deployed builds of 4 projects; 2 more were not." in said(response)


def test_trouble_with_the_handlers_has_its_own_retry(mia, upstream):
    address = listen(upstream, event(), [])
    bring(upstream, f"/projects/{samples.PROJECT_ID}/event-handlers", "slow")
    response = mia.get(address)
    assert response.status_code == 200
    assert attribute(response, "#listeners .alert a", "href") == address


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_projects_is_in_words(mia, upstream, trouble):
    address = listen(upstream, event(), [])
    bring(upstream, "/projects", trouble)
    response = mia.get(address, headers={"HX-Request": "true", "HX-Target": "listeners"})
    assert response.status_code == TROUBLES[trouble][0]
    assert TROUBLES[trouble][1] in said(response)
