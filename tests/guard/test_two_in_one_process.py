"""What one person was shown stays theirs, whatever the process remembers."""

from typing import Any

import httpx

from hotdash.gateway import known, pool
from tests.cast import Cast
from tests.furnished import furnish
from tests.routes import address_of, routes
from tests.rules.test_access import ROWS
from tests.upstream import FakeUpstream

HANDLERS = b"storefront"  # the name of the furnished project and of all its functions


def naming(word: bytes) -> httpx.MockTransport:
    """The furnished Hot API with names of its own."""
    fake = FakeUpstream()
    furnish(fake)
    inner = fake.transport()

    def renamed(request: httpx.Request) -> httpx.Response:
        answer = inner.handle_request(request)
        body = answer.read().replace(HANDLERS, word)
        kind = {"content-type": answer.headers.get("content-type", "")}
        return httpx.Response(answer.status_code, headers=kind, stream=httpx.ByteStream(body))

    return httpx.MockTransport(renamed)


def all_that_is_shown(cast: Cast, person: str) -> bytes:
    """Every page and download of acme, as this person gets them one after the other."""
    client = cast.browser(getattr(cast, person))
    shown = b""
    for name, path, _ in routes():
        if path.startswith("<slug:org>") and (name, "GET") in ROWS:
            answer: Any = client.get(address_of(path))
            shown += b"".join(answer.streaming_content) if answer.streaming else answer.content
    return shown


def test_no_page_of_one_has_a_byte_of_anothers(cast: Cast) -> None:
    known.forget_all()
    with pool.use_transport(naming(b"of-olive")):
        assert b"of-olive" in all_that_is_shown(cast, "olive")
    with pool.use_transport(naming(b"of-adam")):
        shown = all_that_is_shown(cast, "adam")
    known.forget_all()
    assert b"of-adam" in shown
    assert b"of-olive" not in shown
