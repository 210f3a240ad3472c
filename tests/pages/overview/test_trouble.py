"""An overview that can be read in part or not at all."""

import pytest

from tests.hostile import HOSTILE
from tests.pages.overview.first_page import (
    PAGE,
    PARTS,
    failed,
    figures,
    names,
    tell,
    verdict,
)
from tests.reading import attribute, one, said, select, text_of
from tests.samples import failure, run, stats
from tests.troubles import TROUBLES, bring


@pytest.mark.parametrize("part", ["", *PARTS])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_where_nothing_can_be_read_the_page_is_the_trouble_in_words(mia, upstream, trouble, part):
    bring(upstream, "/runs/stats", trouble)
    request_id = bring(upstream, "/runs", trouble)
    status, title = TROUBLES[trouble]
    headers = {"HX-Request": "true", "HX-Target": part} if part else {}
    response = mia.get(PAGE, headers=headers)
    assert response.status_code == status
    assert title in said(response)
    assert request_id[-12:] in said(response)
    assert bool(select(response, "header.topbar")) is not bool(part)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_counts_is_the_panels_own(mia, upstream, trouble):
    tell(upstream, failed())
    bring(upstream, "/runs/stats", trouble)
    response = mia.get(PAGE)
    assert response.status_code == 200
    assert text_of(one(response, "#counts .alert strong")) == TROUBLES[trouble][1]
    assert attribute(response, "#counts .alert a", "href") == PAGE
    assert attribute(response, "#counts .alert a", "hx-target") == "#counts"
    assert len(names(response, "#failing")) == 1


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_runs_is_their_panels_own(mia, upstream, trouble):
    upstream.one("/runs/stats", stats())
    bring(upstream, "/runs", trouble)
    response = mia.get(PAGE)
    assert response.status_code == 200
    assert verdict(response) == "What fails could not be read."
    for part in ("failing", "running"):
        assert text_of(one(response, f"#{part} .alert strong")) == TROUBLES[trouble][1]
        assert attribute(response, f"#{part} .alert a", "hx-target") == f"#{part}"
    assert figures(response)["Runs"] == "3"


@pytest.mark.parametrize("changes", [{"ns": HOSTILE, "var": HOSTILE}, {"project_name": HOSTILE}])
def test_what_comes_from_outside_stays_text(mia, upstream, changes):
    tell(upstream, failed(result=failure(HOSTILE), **changes), run("running", **changes))
    response = mia.get(PAGE)
    assert select(response, "img, [hx-get='/x']") == []
    assert not {"\u202e", "\x1b"} & set(response.content.decode())


def test_everybody_of_the_organization_may_look_and_nobody_else(cast, upstream):
    tell(upstream)
    for person in (cast.olive, cast.adam, cast.mia, cast.vera):
        assert cast.browser(person).get(PAGE).status_code == 200
    seen = len(upstream.calls)
    assert cast.browser(cast.stan).get(PAGE).status_code == 404
    assert len(upstream.calls) == seen
