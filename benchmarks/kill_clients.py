"""The clients of the kill series: each goes on whatever happens, and remembers what it was told."""

import hashlib
import random
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any, Self

import httpx

from benchmarks.installation import Installation

_RATE = 30
_PARTS = 4
_AGAIN_SECONDS = 0.1
_PATIENCE_SECONDS = 120


class Lost(Exception):
    """What was answered for is not there."""


class Client:
    """Something that is done again and again on a thread, until told to stop."""

    def __init__(self, place: Installation, client: httpx.Client) -> None:
        self.http = httpx.Client(base_url=place.origin, headers=client.headers, timeout=10)
        self.is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self._thread.join()
        self.http.close()

    def _run(self) -> None:
        while not self.is_over.is_set():
            self.act()

    def act(self) -> None:
        """Do it once."""
        raise NotImplementedError


class Publisher(Client):
    """Publishes steadily and keeps the ids of the events that were acknowledged."""

    def __init__(self, place: Installation, client: httpx.Client) -> None:
        super().__init__(place, client)
        self.ids: list[str] = []
        self.refused = 0
        self._due = time.monotonic()

    def act(self) -> None:
        """Publish one event when it is due."""
        tick = {"event_type": "tick", "event_data": {"ms": random.randrange(600)}}  # noqa: S311
        try:
            answer = self.http.post("/events", json=tick)
            self.ids.append(answer.raise_for_status().json()["data"]["event_id"])
        except httpx.HTTPError:
            self.refused += 1
        self._due += 1 / _RATE
        time.sleep(max(0.0, self._due - time.monotonic()))


class Uploader(Client):
    """Uploads files in parts, out of order, each request again until it is answered well."""

    def __init__(self, place: Installation, client: httpx.Client) -> None:
        super().__init__(place, client)
        self.completed = 0
        self.interrupted = 0  # of the completed ones: those that saw a server die
        self.lost: list[str] = []
        self._failures = 0

    def act(self) -> None:
        """Upload one file and read it again."""
        self._failures = 0
        path = f"uploads/{secrets.token_hex(8)}.bin"
        try:
            self._upload(path, [secrets.token_bytes(100_000) for _ in range(_PARTS)])
        except (httpx.HTTPError, Lost) as error:
            self.lost.append(f"{path}: {error!r}")
            return
        self.completed += 1
        self.interrupted += self._failures > 0

    def _upload(self, path: str, parts: list[bytes]) -> None:
        begun = self._until_answered(lambda: self.http.post("/files/uploads", json={"path": path}))
        upload = f"/files/uploads/{_data(begun)['upload_id']}"
        for number in random.sample(range(1, _PARTS + 1), _PARTS):
            content = parts[number - 1]

            def send(number: int = number, content: bytes = content) -> httpx.Response:
                return self.http.put(f"{upload}/{number}", content=content)

            kept = _data(self._until_answered(send))
            if kept["etag"] != hashlib.md5(content, usedforsecurity=False).hexdigest():
                raise Lost("another etag")
            time.sleep(random.uniform(0, 0.3))  # noqa: S311  so that servers die in between
        done = self._until_answered(lambda: self.http.post(f"{upload}/complete"))
        # not pending any more: the server died between completing it and saying so
        if done.status_code != 200 and not self._failures:
            raise Lost(done.text)
        listed = self._until_answered(lambda: self.http.get("/files", params={"prefix": path}))
        (file,) = _data(listed)
        address = f"/files/{file['file_id']}/download"
        content = self._until_answered(lambda: self.http.get(address)).content
        if content != b"".join(parts):
            raise Lost("other bytes")

    def _until_answered(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        answer: httpx.Response | httpx.TransportError
        while True:
            try:
                answer = ask()
                if answer.status_code < 500:
                    return answer
            except httpx.TransportError as error:
                answer = error
            if time.monotonic() > deadline:
                raise Lost(f"not answered well for two minutes: {answer}")
            self._failures += 1
            time.sleep(_AGAIN_SECONDS)


def _data(answer: httpx.Response) -> Any:
    return answer.raise_for_status().json()["data"]
