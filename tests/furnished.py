"""A fake Hot API that answers whatever a page asks, well."""

from tests import samples
from tests.routes import EVENT_ID, RUN_ID
from tests.upstream import FakeUpstream


def furnish(upstream: FakeUpstream) -> None:
    """Let the fake have a failed run that has attempts left, its event, and a deployed project.

    It takes new events.
    """
    error = {"type": "CardDeclined", "msg": "card declined"}
    run = samples.run(
        "failed",
        run_id=RUN_ID,
        event_id=EVENT_ID,
        retry_max=2,
        result=samples.failure(error["msg"], {"type": error["type"]}),
    )
    event = samples.event(event_id=EVENT_ID)
    upstream.show(run, [samples.call(error=error, value=None)], event)
    upstream.many("/runs", [run])
    upstream.many("/events", [event])
    upstream.one("/runs/stats", samples.stats())
    upstream.many("/projects", [samples.project()])
    for project in (samples.PROJECT_ID, samples.project()["name"]):
        upstream.many(f"/projects/{project}/event-handlers", [samples.event_handler()])
        upstream.many(f"/projects/{project}/schedules", [samples.schedule()])
    upstream.one("/env", samples.environment())
    upstream.one("/events", event, status=201, method="POST")
    for route in ("/env", "/status"):
        upstream.refuse(f"/api/v1{route}", 404)  # where the older generation has them
