"""What a person does in one browser ends the open streams of another, by every form there is."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from tests.live.browsing import Browser
from tests.live.page import until
from tests.live.pushing import live
from tests.live.sockets import House, house

PASSWORD = "a lamp in the window"  # what the household sets
SESSIONS = "/account/sessions/"
KEY_PAGE = "/acme/settings/environments/development/key/"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A dashboard that runs."""
    with house(tmp_path_factory.mktemp("forms")) as running:
        yield running


def browsers(home: House, name: str, *, listed: bool) -> tuple[Browser, Browser]:
    """A person signed in twice; the second browser's session is the one that listens."""
    home.enter(name)
    home.tell("password", name)
    pair = Browser(home.dashboard.port), Browser(home.dashboard.port)
    # ten a minute may sign in from one address: where the session need not be listed, the
    # household lets the second one in
    for browser in pair if listed else pair[:1]:
        browser.sign_in(f"{name}@example.test", PASSWORD)
    if not listed:
        pair[1].cookies["hotdash_session"] = home.tell("entrance", name)["session"]
    home.sessions[name] = pair[1].session
    return pair


def end_one(here: Browser, _there: Browser) -> int:
    """End the other session by its own button."""
    _, page = here.get(SESSIONS)
    others = [form.attributes["action"] for form in page.css("main form")]
    (one,) = [action for action in others if action and action[-2].isdigit()]
    return here.send(SESSIONS, one)


WAYS: dict[str, Callable[[Browser, Browser], int]] = {
    "that session ended": end_one,
    "all others ended": lambda here, _: here.send(
        "/account/sessions/", "/account/sessions/others/"
    ),
    "signed out there": lambda _, there: there.send("/accounts/logout/"),
    "a new password": lambda here, _: here.send(
        "/account/password/",
        oldpassword=PASSWORD,
        password1="a boat on the river",
        password2="a boat on the river",
    ),
    "the key removed": lambda here, _: here.send(f"{KEY_PAGE}removal/"),
    "another key": lambda here, _: here.send(KEY_PAGE, key=f"hot_{'7' * 40}"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_form_in_one_browser_ends_the_stream_of_the_other(home: House, way: str) -> None:
    name = f"forms{list(WAYS).index(way)}"
    listed = way.endswith("ended")
    here, there = await asyncio.to_thread(browsers, home, name, listed=listed)
    async with home.listening(name) as page:
        await live(page)
        assert await asyncio.to_thread(WAYS[way], here, there) in {302, 303}
        await until(lambda: page.has_ended)
        assert page.of("bye") == [{"reason": "revoked"}]
    topic = f"/live/?topic=env:{home.environment}"
    stays_out = {"the key removed": 403, "another key": 200}.get(way, 302)
    if stays_out != 200:
        assert (await asyncio.to_thread(there.get, topic))[0] == stays_out
