"""A browser as a plain client: cookies, pages and forms of a dashboard that runs elsewhere."""

import http.client
from contextlib import closing
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from selectolax.lexbor import LexborHTMLParser


class Browser:
    """One person's browser; it keeps cookies and nothing else."""

    def __init__(self, port: int) -> None:
        self.cookies: dict[str, str] = {}
        self._port = port

    @property
    def session(self) -> str:
        """The session that it is signed in with."""
        return self.cookies["hotdash_session"]

    def get(self, path: str) -> tuple[int, LexborHTMLParser]:
        """Status and page at a path."""
        return self._ask("GET", path, "")

    def send(self, path: str, action: str = "", **fields: str) -> int:
        """Fill in the form of a page that goes to an action, itself by default; the status."""
        status, page = self.get(path)
        assert status == 200, path
        (form,) = page.css(f'main form[action="{action}"]') if action else page.css("main form")
        hidden = {
            str(node.attributes["name"]): node.attributes.get("value") or ""
            for node in form.css("input[type=hidden]")
        }
        body = urlencode(hidden | fields)
        return self._ask("POST", action or form.attributes.get("action") or path, body)[0]

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the form."""
        assert self.send("/accounts/login/", login=email, password=password) == 302

    def _ask(self, method: str, path: str, body: str) -> tuple[int, LexborHTMLParser]:
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)) as connection:
            headers = {"Host": f"localhost:{self._port}", "Cookie": kept, **kind}
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            return answer.status, LexborHTMLParser(answer.read().decode())
