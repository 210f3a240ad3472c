"""Each operation of the SDK: the status that the API documents for it, and how it is called."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.conformance.served import PROJECT
from tests.conformance.world import World, first

_P = "/v1/projects/{project_id_or_slug}"
_B = f"{_P}/builds/{{build_id}}"
_U = "/v1/files/uploads"
_GIVEN = {"permissions": {"stream:*": ["read"]}}
_ECHO = {"event_type": "sdk:echo", "event_data": {"text": "hello"}}

Call = Callable[[World], Any]

OPERATIONS: Mapping[str, tuple[int, Call]] = {
    # the SDK has no call for it: its own HTTP client asks
    "GET /status": (200, lambda w: w.hot._transport.client.get(f"{w.served.origin}/status")),
    "GET /v1/projects": (200, lambda w: w.hot.projects.list()),
    "POST /v1/projects": (201, lambda w: w.project()),
    f"GET {_P}": (200, lambda w: w.hot.projects.get(PROJECT)),
    f"PATCH {_P}": (
        200,
        lambda w: w.hot.projects.update(project := w.project(), {"name": f"{project}-new"}),
    ),
    f"DELETE {_P}": (204, lambda w: w.hot.projects.delete(w.project())),
    f"POST {_P}/activate": (200, lambda w: w.hot.projects.activate(w.project())),
    f"POST {_P}/deactivate": (200, lambda w: w.hot.projects.deactivate(w.project())),
    f"GET {_P}/event-handlers": (200, lambda w: w.hot.projects.event_handlers(PROJECT)),
    f"GET {_P}/schedules": (200, lambda w: w.hot.projects.schedules(PROJECT)),
    "GET /v1/builds": (200, lambda w: w.hot.builds.list()),
    f"GET {_P}/builds": (200, lambda w: w.hot.builds.list_for_project(PROJECT)),
    f"POST {_P}/builds": (201, lambda w: w.build()),
    f"GET {_P}/builds/deployed": (200, lambda w: w.hot.builds.deployed(PROJECT)),
    f"GET {_P}/builds/live": (200, lambda w: w.hot.builds.live(w.live())),
    f"GET {_B}": (200, lambda w: w.hot.builds.get(PROJECT, w.deployed_id())),
    f"GET {_B}/download": (200, lambda w: w.hot.builds.download(PROJECT, w.deployed_id())),
    f"POST {_B}/deploy": (200, lambda w: w.hot.builds.deploy(*w.build())),
    f"GET {_P}/context": (200, lambda w: w.hot.context.list(w.variable()[0])),
    f"POST {_P}/context": (201, lambda w: w.variable()),
    f"PUT {_P}/context/{{key}}": (
        200,
        lambda w: w.hot.context.update(*w.variable(), {"value": '"us"'}),
    ),
    f"DELETE {_P}/context/{{key}}": (204, lambda w: w.hot.context.delete(*w.variable())),
    "POST /v1/events": (201, lambda w: w.event()),
    "GET /v1/events": (200, lambda w: w.hot.events.list(limit=5)),
    "GET /v1/events/{event_id}": (200, lambda w: w.hot.events.get(w.event()["event_id"])),
    "GET /v1/events/{event_id}/runs": (
        200,
        lambda w: w.hot.events.get_runs(w.event()["event_id"]),
    ),
    "GET /v1/runs": (200, lambda w: w.hot.runs.list(status="succeeded", limit=5)),
    "GET /v1/runs/stats": (200, lambda w: w.hot.runs.stats()),
    "GET /v1/runs/{run_id}": (200, lambda w: w.hot.runs.get(w.run_id())),
    "GET /v1/runs/{run_id}/subscribe": (200, lambda w: w.hot.runs.wait(w.run_id())),
    "GET /v1/tasks/{task_id}": (200, lambda w: w.hot.tasks.get(w.task_id())),
    "GET /v1/tasks/{task_id}/subscribe": (200, lambda w: w.hot.tasks.wait(w.task_id())),
    "GET /v1/streams/{stream_id}/subscribe": (
        200,
        lambda w: first(w.hot.streams.subscribe(w.event()["stream_id"])),
    ),
    "POST /v1/streams/{stream_id}/subscribe": (
        200,
        lambda w: first(w.hot.streams.subscribe_post(w.event()["stream_id"])),
    ),
    "POST /v1/streams/subscribe-with-event": (
        200,
        lambda w: list(w.hot.streams.subscribe_with_event(_ECHO)),
    ),
    "GET /v1/env": (200, lambda w: w.hot.env.get()),
    "GET /v1/env/subscribe": (200, lambda w: w.heard()),
    "GET /v1/org/usage": (200, lambda w: w.hot.org.usage()),
    "POST /v1/sessions": (201, lambda w: w.session_id()),
    "GET /v1/sessions": (200, lambda w: w.hot.sessions.list(limit=5)),
    "DELETE /v1/sessions": (200, lambda w: w.hot.sessions.revoke_all()),
    "DELETE /v1/sessions/{session_id}": (204, lambda w: w.hot.sessions.revoke(w.session_id())),
    "POST /v1/service-keys": (201, lambda w: w.hot.service_keys.create(_GIVEN)),
    "GET /v1/service-keys": (200, lambda w: w.hot.service_keys.list()),
    "DELETE /v1/service-keys": (200, lambda w: w.hot.service_keys.revoke_all()),
    "GET /v1/service-keys/{service_key_id}": (
        200,
        lambda w: w.hot.service_keys.get(w.service_key_id()),
    ),
    "PATCH /v1/service-keys/{service_key_id}": (
        200,
        lambda w: w.hot.service_keys.update(w.service_key_id(), {"metadata": {"team": "a"}}),
    ),
    "DELETE /v1/service-keys/{service_key_id}": (
        204,
        lambda w: w.hot.service_keys.revoke(w.service_key_id()),
    ),
    "POST /v1/domains": (201, lambda w: w.domain()),
    "GET /v1/domains": (200, lambda w: w.hot.domains.list()),
    "GET /v1/domains/{domain_id}": (200, lambda w: w.hot.domains.get(w.domain()["domain_id"])),
    "DELETE /v1/domains/{domain_id}": (
        204,
        lambda w: w.hot.domains.delete(w.domain()["domain_id"]),
    ),
    "POST /v1/domains/{domain_id}/verify": (
        200,
        lambda w: w.hot.domains.verify(w.domain()["domain_id"]),
    ),
    "GET /v1/files": (200, lambda w: w.hot.files.list(prefix="reports/")),
    "GET /v1/files/{file_id}": (200, lambda w: w.hot.files.get(w.file_id())),
    "DELETE /v1/files/{file_id}": (204, lambda w: w.hot.files.delete(w.file_id())),
    "GET /v1/files/{file_id}/download": (200, lambda w: w.hot.files.download(w.file_id())),
    "PUT /v1/files/upload/{path}": (200, lambda w: w.file_id()),
    f"POST {_U}": (201, lambda w: w.upload_id()),
    f"PUT {_U}/{{upload_id}}/{{part_number}}": (200, lambda w: w.parts()),
    f"POST {_U}/{{upload_id}}/complete": (200, lambda w: w.hot.files.complete_upload(w.parts())),
    f"DELETE {_U}/{{upload_id}}": (204, lambda w: w.hot.files.abort_upload(w.upload_id())),
}
