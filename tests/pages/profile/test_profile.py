"""A person's own page and theme."""

import pytest

from tests.cast import Cast
from tests.reading import attribute, said, select

THEME = "/account/theme/"


def test_the_page_says_who_is_signed_in_and_where_they_belong(cast: Cast) -> None:
    words = said(cast.browser(cast.mia).get("/account/"))
    assert "Mia Member" in words
    assert "mia@example.test" in words
    assert "Organizations Acme Member" in words
    assert "manage.py signin-link mia@example.test" in words


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_is_on_every_page_from_then_on(cast: Cast, theme: str) -> None:
    client = cast.browser(cast.mia)
    here = "http://testserver/acme/production/runs/?status=failed"
    response = client.post(THEME, {"theme": theme}, headers={"Referer": here})
    assert (response.status_code, response["Location"]) == (303, here)
    assert attribute(client.get("/account/"), "html", "data-theme") == theme
    assert attribute(cast.browser(cast.mia).get("/account/"), "html", "data-theme") == theme


def test_the_systems_theme_is_no_theme_of_ours(cast: Cast) -> None:
    client = cast.browser(cast.mia)
    client.post(THEME, {"theme": "dark"})
    client.post(THEME, {"theme": "system"})
    (page,) = select(client.get("/account/"), "html")
    assert "data-theme" not in page.attributes


def test_it_is_the_persons_alone(cast: Cast) -> None:
    cast.browser(cast.mia).post(THEME, {"theme": "dark", "user": str(cast.adam.pk)})
    (page,) = select(cast.browser(cast.adam).get("/account/"), "html")
    assert "data-theme" not in page.attributes


def test_an_unknown_theme_is_400_and_changes_nothing(cast: Cast) -> None:
    client = cast.browser(cast.mia)
    for body in ({"theme": "plaid"}, {}, {"theme": "dark' onload='x"}):
        assert client.post(THEME, body).status_code == 400
    cast.mia.refresh_from_db()
    assert cast.mia.theme == "system"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:x", "/a\r\nb: c"]
)
def test_who_comes_from_elsewhere_is_led_home(cast: Cast, elsewhere: str) -> None:
    browser = cast.browser(cast.mia)
    response = browser.post(THEME, {"theme": "dark"}, headers={"Referer": elsewhere})
    assert response["Location"] == "/"


def test_looking_at_the_address_changes_nothing(cast: Cast) -> None:
    assert cast.browser(cast.mia).get(THEME, {"theme": "dark"}).status_code == 405
