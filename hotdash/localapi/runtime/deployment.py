"""A build becomes the one that runs: loaded in a template, compared with its manifest, activated.

Until it is ready, the former build stays deployed; a build that cannot be loaded says why.
"""

import json
from datetime import timedelta
from typing import Any

from django.db import transaction

from hotdash.localapi.archives.archive import BadArchive
from hotdash.localapi.models import Build, Schedule
from hotdash.localapi.runtime.clock import database_now
from hotdash.localapi.runtime.cron import BadCron, next_due
from hotdash.localapi.runtime.messages import storable
from hotdash.localapi.runtime.templates import TemplateProcess, Templates

_LEASE_SECONDS = 60
_REASON_CHARACTERS = 512  # contract 5.2


class Deployments:
    """The builds that this worker is loading."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self._loading: dict[TemplateProcess, Build] = {}

    def take_next(self) -> TemplateProcess | None:
        """Begin to load the next build that waits for it; None if none does."""
        build = _claim()
        if build is None:
            return None
        language = next(iter(json.loads(build.manifest).values())).get("language", "hot")
        if language != "python":
            fail(build, "This build is written in Hot; running it needs the Hot platform.")
            return None
        try:
            template = self._templates.get(build.build_id)
        except (BadArchive, OSError) as error:
            fail(build, f"The archive cannot be unpacked: {error}")
            return None
        self._loading[template] = build
        return template

    def settle(self, template: TemplateProcess) -> None:
        """Activate or fail the build that waited for this template, if one did."""
        build = self._loading.pop(template, None)
        if build is None:
            return
        if template.declared is None:
            fail(build, template.failure or "The build could not be loaded.")
            return
        difference = _difference(build, template.declared)
        if difference:
            fail(build, difference)
        else:
            _activate(build)

    def hand_back(self) -> None:
        """Let another worker load what this one has begun to load."""
        for build in self._loading.values():
            _still_loading(build).update(runtime_status="pending", claim_at=database_now())
        self._loading.clear()


def fail(build: Build, reason: str) -> None:
    """Say why a build cannot run; what is deployed stays so."""
    _still_loading(build).update(
        runtime_status="failed",
        runtime_error=storable(reason[:_REASON_CHARACTERS]),
        claim_at=None,
        updated_at=database_now(),
    )


def _claim() -> Build | None:
    now = database_now()
    for build in Build.objects.filter(claim_at__lte=now).order_by("claim_at")[:1]:
        taken = Build.objects.filter(pk=build.pk, claim_at=build.claim_at).update(
            runtime_status="loading",
            claim_at=now + timedelta(seconds=_LEASE_SECONDS),
            updated_at=now,
        )
        if taken:
            return build
    return None


def _activate(build: Build) -> None:
    now = database_now()
    with transaction.atomic():
        # the sequence fences: a build that was superseded meanwhile changes nothing
        if not _still_loading(build).update(runtime_error=None):
            return
        schedules = list(Schedule.objects.filter(build=build))
        try:
            dues = {schedule.pk: next_due(schedule.cron, now) for schedule in schedules}
        except BadCron as error:
            fail(build, str(error))
            return
        former = Build.objects.filter(project_id=build.project_id, deployed=True)
        Schedule.objects.filter(build__in=former).update(next_at=None)
        former.update(deployed=False, updated_at=now)
        for schedule_id, due_at in dues.items():
            Schedule.objects.filter(pk=schedule_id).update(next_at=due_at)
        Build.objects.filter(pk=build.pk).update(
            runtime_status="ready", deployed=True, claim_at=None, updated_at=now
        )


def _still_loading(build: Build) -> Any:
    return Build.objects.filter(
        pk=build.pk,
        runtime_status="loading",
        deployment_sequence=build.deployment_sequence,
    )


def _difference(build: Build, declared: dict[str, Any]) -> str | None:
    """Return in words how the imported build differs from its manifest, None if it does not."""
    manifest = next(iter(json.loads(build.manifest).values()))
    found = {
        f"handler of {one['type']}: {one['fn']} (retry {one['retry']}, {one['retry_delay_ms']} ms)"
        for one in declared["handlers"]
    } | {f"schedule {one['cron']}: {one['fn']}" for one in declared["schedules"]}
    named = {
        f"handler of {event_type}: {one['fn']} (retry {one.get('meta', {}).get('retry', 0)}, "
        f"{one.get('meta', {}).get('retry_delay_ms', 0)} ms)"
        for event_type, entries in manifest.get("event_handlers", {}).items()
        for one in entries
    } | {
        f"schedule {cron}: {one['fn']}"
        for cron, entries in manifest.get("scheduled_functions", {}).items()
        for one in entries
    }
    if found == named:
        return None
    only_found, only_named = sorted(found - named), sorted(named - found)
    parts = [f"not in the manifest: {', '.join(only_found)}"] if only_found else []
    parts += [f"only in the manifest: {', '.join(only_named)}"] if only_named else []
    return f"The code and its manifest differ. {'; '.join(parts)}. Pack the build again."
