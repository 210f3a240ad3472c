"""GET /docs/api/: the operations for people, on a page that runs nothing."""

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser


@pytest.fixture
def page(anyone: httpx.Client) -> HTMLParser:
    return HTMLParser(anyone.get("/docs/api/").text)


def test_the_bare_address_leads_to_the_page(anyone: httpx.Client) -> None:
    answer = anyone.get("/docs/api")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/docs/api/"


def test_the_page_lists_every_operation_of_the_document(
    anyone: httpx.Client, page: HTMLParser
) -> None:
    paths = anyone.get("/openapi.json").json()["paths"]
    expected = {
        facts["operationId"]
        for methods in paths.values()
        for method, facts in methods.items()
        if method != "servers"
    }

    listed = [details.attributes["id"] for details in page.css("details")]

    assert len(listed) == len(set(listed))
    assert set(listed) == expected


def test_every_link_of_the_page_leads_somewhere(page: HTMLParser) -> None:
    ids = {element.attributes["id"] for element in page.css("[id]")}
    links = {str(link.attributes["href"]) for link in page.css("a[href]")}

    assert {link for link in links if not link.startswith("#")} == {"/openapi.json"}
    assert {link[1:] for link in links if link.startswith("#")} <= ids


def test_an_operation_tells_parameters_body_answers_and_permission(page: HTMLParser) -> None:
    (details,) = page.css("#events_publish")
    told = " ".join(details.text(separator=" ").split())

    for part in ("POST /v1/events", "Needs event:* create", "NewEventBody", "201", "422"):
        assert part in told


def test_the_page_runs_nothing_and_loads_its_own_style_alone(
    anyone: httpx.Client, page: HTMLParser
) -> None:
    policy = anyone.get("/docs/api/").headers["Content-Security-Policy"]
    style = anyone.get("/docs/api/page.css")

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not page.css("script, style, [style], [onclick], iframe, img, form")
    assert [link.attributes["href"] for link in page.css("link")] == ["/docs/api/page.css"]
    assert style.headers["Content-Type"] == "text/css; charset=utf-8"
    assert style.headers["X-Content-Type-Options"] == "nosniff"
