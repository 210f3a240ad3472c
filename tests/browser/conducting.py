"""Runs that go on when the test says so: nothing waits for a clock, so no machine is too slow."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# A day of a report takes one turn, and its end another.
REPORTS = """
from urllib.request import urlopen
from hotbuild import on_event, stream

@on_event("report:asked")
def on_report_asked(asked):
    read = read_days(asked["days"], asked["turns"])
    stream(f"{asked['days']} days read", "log")
    urlopen(asked["turns"])
    return {"days": asked["days"], "orders": read}

def read_days(days, turns):
    read = 0
    for day in range(1, days + 1):
        read += load_day(day, turns)
        stream({"day": day, "of": days}, "progress")
    return read

def load_day(day, turns):
    urlopen(turns)
    return 3 * day
"""


class Turns:
    """A server that answers as often as the test gives a turn: who asks it waits for that."""

    def __init__(self, server: ThreadingHTTPServer, given: threading.Semaphore) -> None:
        self.url = f"http://127.0.0.1:{server.server_port}/"
        self._given = given

    def give(self, count: int = 1) -> None:
        """Let what waits go on, so many times."""
        self._given.release(count)


@contextmanager
def giving_turns() -> Iterator[Turns]:
    """Serve turns while inside; whoever still waits then is told to go on."""
    given = threading.Semaphore(0)

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given.acquire()
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield Turns(server, given)
        finally:
            given.release(1_000)
            server.shutdown()
