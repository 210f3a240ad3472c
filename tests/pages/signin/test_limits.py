"""The limits of signing in are one count, whichever process is asked."""

import http.client
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.cast import PASSWORD
from tests.guard.serving import ROOT, Dashboard, dashboard

_PERSON = """
from hotdash.accounts.models import User
for name in ("mia", "adam"):
    User.objects.create_user(f"{name}@example.test", %r)
"""


def sign_in(at: Dashboard, email: str, password: str) -> tuple[int, str]:
    """Post the form of one process; return the status and what the answer says."""
    with closing(http.client.HTTPConnection("127.0.0.1", at.port, timeout=60)) as connection:
        connection.request("GET", "/accounts/login/")
        page = connection.getresponse()
        cookie = (page.headers["Set-Cookie"] or "").partition(";")[0]
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
        assert found
        form = {"csrfmiddlewaretoken": found[1], "login": email, "password": password}
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/accounts/login/", urlencode(form), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Dashboard, Dashboard]]:
    """Two processes that serve one dashboard, each asked under a Host of its own: its port."""
    with ExitStack() as stack:
        first = stack.enter_context(dashboard(tmp_path, {}))
        second = stack.enter_context(dashboard(tmp_path, {}))
        make = [sys.executable, "manage.py", "shell", "-c", _PERSON % PASSWORD]
        clean = {"HOTDASH_DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
        subprocess.run(make, cwd=ROOT, env=clean, check=True, capture_output=True)
        yield first, second


def test_the_sixth_try_is_refused_even_with_the_right_password(
    two: tuple[Dashboard, Dashboard],
) -> None:
    first, second = two
    tries = [sign_in((first, second)[n % 2], "mia@example.test", f"wrong {n}") for n in range(5)]
    assert [status for status, _ in tries] == [422] * 5
    for process in two:
        status, words = sign_in(process, "mia@example.test", PASSWORD)
        assert status == 429
        assert "Too many wrong passwords. This account is paused" in words
    assert sign_in(second, "adam@example.test", PASSWORD)[0] == 302, "another account is open"
