"""An environment's first page, and the steps with which one begins."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.urls import reverse

from hotdash.gateway.pages import Page
from hotdash.gateway.runs import RunStats
from hotdash.guard.needs import needs
from hotdash.guard.request import Request
from hotdash.kit.failures import explained
from hotdash.kit.render import asked_part, page
from hotdash.kit.run_row import rows_of
from hotdash.live.listening import cursor, listen
from hotdash.live.topics import environment_topic
from hotdash.pages.overview.beginning import may_be_beginning, read_progress
from hotdash.pages.overview.counts import figures_of
from hotdash.pages.overview.reading import PARTS, SHOWN, read_overview
from hotdash.pages.overview.verdict import verdict


@needs("runs.view")
def show(request: Request) -> HttpResponse:
    """Show what fails, what runs now, and how much there is."""
    after = cursor(request.environment)
    reading = read_overview(request.gateway, asked_part(request))
    now = datetime.now(UTC)
    context = {
        "verdict": verdict(reading, request.environment.name, now),
        "failing": rows_of(reading.failing[:SHOWN], reading.names, now),
        "failing_trouble": explained(reading.failing_trouble),
        "failed_total": reading.failed.total if isinstance(reading.failed, Page) else 0,
        "running": rows_of(reading.under_way, reading.names, now),
        "running_total": reading.running.total if isinstance(reading.running, Page) else 0,
        "running_trouble": explained(reading.running),
        "figures": figures_of(reading.stats) if isinstance(reading.stats, RunStats) else [],
        "counts_trouble": explained(reading.stats),
        "may_be_beginning": may_be_beginning(reading.stats),
        "is_empty": isinstance(reading.stats, RunStats) and not reading.stats.total_runs,
        "here": reverse("overview:show", args=request.slugs),
        "live": listen(after, environment_topic(request.environment.pk)),
        "runs_address": reverse("runs:index", args=request.slugs),
    }
    return page(request, "overview/show.html", context, parts=PARTS)


@needs("runs.view")
def steps(request: Request) -> HttpResponse:
    """Show the first steps that are not taken yet; loaded after the page."""
    progress = read_progress(request.gateway)
    is_connected = any(not other.is_embedded for other in request.scope.environments)
    may_connect = request.may("environments.create") and not is_connected
    context = {
        "progress": progress,
        "trouble": explained(progress.trouble),
        "may_connect": may_connect,
        "is_nothing_left": progress.is_complete and not progress.trouble and not may_connect,
    }
    return page(request, "overview/steps.html", context, parts={"steps"})
