"""Every page over 2,000 real runs: what the server spends, what is sent, what a visit costs.

    python -m benchmarks.pages [--runs 2000] [--requests 200]

Starts `make run` with ports and data of its own, publishes the sample events until there are enough
runs, and asks a second dashboard server beside the first, which differs by its clock alone.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright

from benchmarks import embedded
from tests.household import ROOT, Household, household
from tests.sockets import can_connect, free_port, wait_for

ENVIRONMENT = "/acme/development/"
SETTINGS = "/acme/settings/"
PASSWORD = "a lamp in the window"  # noqa: S105  of a household that lives for minutes
PARTS = ("total", "call", "over", "render", "queries", "rest")
_WARM_UP = 20
_LATE_MS = 1500  # for the parts that a page fetches itself; its stream never ends
_VISIT = """() => {
  const entries = ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind));
  return [entries.length, entries.reduce((sum, entry) => sum + entry.transferSize, 0)];
}"""


def main() -> None:
    """Print a table of times and one of sizes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--requests", type=int, default=200)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, household(Path(folder) / "data") as house:
        house.wait_until_up()
        with embedded.development(house) as api:
            runs = embedded.fill(api, wanted.runs)
            pages = all_pages(embedded.failed_run(api))
        with timed_dashboard(house) as url, signed_in(house, url) as browser:
            print(f"{runs} runs, {wanted.requests} requests each, {os.cpu_count()} cores\n")
            print_times(browser, pages, wanted.requests)
            print_sizes(browser, pages)


def all_pages(failed: Mapping[str, str]) -> dict[str, str]:
    """Return the path of every page by its name; one run and its event stand for all."""
    return {
        "Overview": ENVIRONMENT,
        "Runs, 50 rows": f"{ENVIRONMENT}runs/?limit=50",
        "A run": f"{ENVIRONMENT}runs/{failed['run_id']}/",
        "Events, 50 rows": f"{ENVIRONMENT}events/?limit=50",
        "An event": f"{ENVIRONMENT}events/{failed['event_id']}/",
        "Publish": f"{ENVIRONMENT}events/new/",
        "Environments": f"{SETTINGS}environments/",
        "An environment": f"{SETTINGS}environments/development/",
        "Audit log": f"{SETTINGS}audit/",
        "New organization": "/organizations/new/",
        "Account": "/account/",
        "Sessions": "/account/sessions/",
    }


@contextmanager
def timed_dashboard(house: Household) -> Iterator[str]:
    """Give the address of a dashboard server with a clock, on the household's data."""
    port = free_port()
    settings = {"DJANGO_SETTINGS_MODULE": "benchmarks.timed_settings"}
    environment = os.environ | house.settings | settings | {"HOTDASH_PORT": str(port)}
    command = [sys.executable, "-m", "hotdash.serve"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: can_connect("127.0.0.1", port))
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def signed_in(house: Household, url: str) -> Iterator[httpx.Client]:
    """Give a client whose session is the owner's: it claims the account by the printed link."""
    assert house.link  # noqa: S101  a first start prints one
    with httpx.Client(base_url=url, timeout=30, follow_redirects=True) as client:
        form = client.get(house.link.replace(house.url, url))
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.text)
        assert token  # noqa: S101  the form is ours
        fields = {"csrfmiddlewaretoken": token[1], "password1": PASSWORD, "password2": PASSWORD}
        client.post(form.url, data=fields, headers={"Referer": str(form.url)}).raise_for_status()
        client.follow_redirects = False
        yield client


def print_times(browser: httpx.Client, pages: dict[str, str], requests: int) -> None:
    """Print p50 and p95 in ms: `over` is the total without the slowest call of that request."""
    print("| page | " + " | ".join(f"{part} p50 / p95" for part in PARTS) + " | calls | queries |")
    print("|---" * (len(PARTS) + 3) + "|")
    for name, path in pages.items():
        for _ in range(_WARM_UP):
            browser.get(path).raise_for_status()
        samples = [timed(browser, path) for _ in range(requests)]
        cells = [
            f"{statistics.median(values):.1f} / {statistics.quantiles(values, n=20)[-1]:.1f}"
            for part in PARTS
            if (values := [sample[part] for sample in samples])
        ]
        counts = f"{samples[0]['calls']:.0f} | {samples[0]['statements']:.0f}"
        print(f"| {name} | {' | '.join(cells)} | {counts} |")
    print()


def timed(browser: httpx.Client, path: str) -> dict[str, float]:
    """Ask once; return what the server says it spent, in ms."""
    answer = browser.get(path, headers={"Accept-Encoding": "br"}).raise_for_status()
    told = re.findall(r'(\w+);(?:dur|desc)="?([\d.]+)', answer.headers["Server-Timing"])
    spent = {name: float(value) for name, value in told}
    over = spent["total"] - spent["call"]
    return spent | {"over": over, "rest": over - spent["render"] - spent["queries"]}


def print_sizes(browser: httpx.Client, pages: dict[str, str]) -> None:
    """Print bytes of HTML raw and as sent, and bytes and requests of a first visit by Chromium."""
    print("| page | HTML raw | HTML as sent | first visit | requests |\n|---|---|---|---|---|")
    for name, path in pages.items():
        raw = browser.get(path, headers={"Accept-Encoding": "identity"})
        with browser.stream("GET", path, headers={"Accept-Encoding": "br"}) as answer:
            sent = sum(len(chunk) for chunk in answer.iter_raw())
        requests, bytes_ = first_visit(browser, path)
        sizes = " | ".join(f"{size / 1000:.1f} kB" for size in (len(raw.content), sent, bytes_))
        print(f"| {name} | {sizes} | {requests} |")


def first_visit(browser: httpx.Client, path: str) -> tuple[int, int]:
    """Return requests and bytes, headers included, of a visit with nothing in the cache."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        context = chromium.new_context()
        session, origin = browser.cookies["hotdash_session"], str(browser.base_url)
        context.add_cookies([{"name": "hotdash_session", "value": session, "url": origin}])
        page = context.new_page()
        page.goto(str(browser.base_url.join(path)))
        page.wait_for_timeout(_LATE_MS)
        requests, transferred = page.evaluate(_VISIT)
        chromium.close()
    return requests, transferred


if __name__ == "__main__":
    main()
