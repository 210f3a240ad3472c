"""Nothing that a Hot API says in its headers reaches a browser, on a page or in a download."""

from typing import Any

import httpx
import pytest

from hotdash.gateway import known, pool
from tests.cast import Cast
from tests.furnished import furnish
from tests.routes import address_of, routes
from tests.rules.test_access import ROWS
from tests.upstream import FakeUpstream

HOSTILE = {
    "set-cookie": "sessionid=stolen; Path=/",
    "location": "https://evil.test/",
    "hx-redirect": "https://evil.test/",
    "hx-location": "https://evil.test/",
    "refresh": "0; url=https://evil.test/",
    "clear-site-data": '"cookies"',
    "access-control-allow-origin": "https://evil.test",
    "content-security-policy": "script-src https://evil.test",
    "content-disposition": "inline; filename=evil.test",
    "x-upstream": "evil.test",
}


def hostile() -> httpx.MockTransport:
    """The furnished Hot API, which says more than it is asked."""
    fake = FakeUpstream()
    furnish(fake)
    inner = fake.transport()

    def said(request: httpx.Request) -> httpx.Response:
        answer = inner.handle_request(request)
        answer.headers.update(HOSTILE)
        return answer

    return httpx.MockTransport(said)


@pytest.mark.parametrize("part", [{}, {"HX-Request": "true", "HX-Target": "listing"}])
def test_no_header_of_the_upstream_arrives(cast: Cast, part: dict[str, str]) -> None:
    client = cast.browser(cast.olive)
    known.forget_all()
    with pool.use_transport(hostile()):
        for name, path, _ in routes():
            if path.startswith("<slug:org>/<slug:env>") and (name, "GET") in ROWS:
                answer: Any = client.get(address_of(path), headers=part)
                assert answer.status_code == 200, name
                assert "evil.test" not in str(answer.headers), name
                assert "sessionid" not in answer.cookies, name
                assert not {"Clear-Site-Data", "HX-Redirect", "Location"} & set(answer.headers), (
                    name
                )
    known.forget_all()
