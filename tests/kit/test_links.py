"""Where hotdash sends a person, and which outside addresses become links."""

import pytest
from django.test import RequestFactory

from hotdash.kit.links import local_path, web_address

ELSEWHERE = [
    "//evil.test",
    "/\\evil.test",
    "https:evil.test",
    "https://evil.test/",
    "javascript:alert(1)",
    "/ok\r\nSet-Cookie: a=b",
    "/\x00",
    "/" + "x" * 3000,
    "",
    None,
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_an_address_that_leads_elsewhere_is_replaced(wanted):
    request = RequestFactory().get("/", headers={"Host": "localhost"})
    assert local_path(request, wanted, "/home/") == "/home/"


@pytest.mark.parametrize("wanted", ["/acme/development/runs/?status=failed", "/"])
def test_an_address_of_this_server_is_kept(wanted):
    request = RequestFactory().get("/", headers={"Host": "localhost"})
    assert local_path(request, wanted, "/home/") == wanted


@pytest.mark.parametrize("text", ["https://hot.dev/a?b=c", "http://127.0.0.1:4681"])
def test_web_addresses_become_links(text):
    assert web_address(text) == text


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "data:text/html,x", "//x", "https://", "http://[", "a b", 7]
)
def test_anything_else_stays_text(text):
    assert web_address(text) == ""
