"""What is asked over the wire, by the transcript's names, and what is answered otherwise here."""

from dataclasses import dataclass, field
from typing import Any

# ids that no server has, as the transcript asked for them
MISSING_RUN = "6834d747-338c-4204-b9b1-e87861faa53c"
MISSING_EVENT = "8bf0497b-1269-45fa-8f7f-36d9157e7fca"


@dataclass(frozen=True)
class Case:
    """One request; `{names}` in path and body stand for what exists on the server."""

    name: str
    method: str
    path: str
    json: Any = None
    content: bytes | None = None
    authorization: str = "Bearer {key}"
    headers: dict[str, str] = field(default_factory=dict)
    is_prefixed: bool = True


PROJECT = "/projects/{project}"
CONTEXT = f"{PROJECT}/context"
JSON = {"content-type": "application/json"}

CASES = (
    Case("status", "GET", "/status", authorization="", is_prefixed=False),
    Case("root", "GET", "/", authorization="", is_prefixed=False),
    Case("no key", "GET", "/projects", authorization=""),
    Case("bad key", "GET", "/projects", authorization="Bearer hot_nonsense"),
    Case("bad scheme", "GET", "/projects", authorization="Basic {key}"),
    Case("unknown route", "GET", "/nope"),
    Case("seed run vars", "GET", f"/runs/{MISSING_RUN}/vars"),
    Case("seed env quota", "GET", "/env/quota"),
    Case("env", "GET", "/env"),
    Case("org usage", "GET", "/org/usage"),
    Case("project create", "POST", "/projects", {"name": "{idle}"}),
    Case("project create dup", "POST", "/projects", {"name": "{idle}"}),
    Case("project create missing", "POST", "/projects", {}),
    Case("project create bad json", "POST", "/projects", content=b"{nope", headers=JSON),
    Case("project get slug", "GET", PROJECT),
    Case("project get id", "GET", "/projects/{project_id}"),
    Case("project get 404", "GET", "/projects/missing-project"),
    Case("projects list", "GET", "/projects?limit=1"),
    Case("projects limit 0", "GET", "/projects?limit=0"),
    Case("projects limit big", "GET", "/projects?limit=100000"),
    Case("projects limit bad", "GET", "/projects?limit=abc"),
    Case("projects offset neg", "GET", "/projects?offset=-1"),
    Case("ctx create", "POST", CONTEXT, {"key": "K{fresh}", "value": '"v"'}),
    Case("ctx create no value", "POST", CONTEXT, {"key": "NOVAL"}),
    Case("ctx create dup", "POST", CONTEXT, {"key": "{kept_key}", "value": "x"}),
    Case("ctx list", "GET", CONTEXT),
    Case("ctx update", "PUT", CONTEXT + "/{kept_key}", {"value": "new", "description": "d"}),
    Case("ctx update 404", "PUT", f"{CONTEXT}/NOPE", {"value": "new"}),
    Case("ctx delete", "DELETE", CONTEXT + "/{doomed_key}"),
    Case("ctx delete 404", "DELETE", f"{CONTEXT}/NOPE"),
    Case("event publish", "POST", "/events", {"event_type": "hotdash:contract", "event_data": {}}),
    Case(
        "event publish stream",
        "POST",
        "/events",
        {"event_type": "hotdash:contract", "event_data": [1], "stream_id": "{stream_id}"},
    ),
    Case("event publish no type", "POST", "/events", {"event_data": {}}),
    Case("event publish empty type", "POST", "/events", {"event_type": "", "event_data": {}}),
    Case("event publish scalar", "POST", "/events", {"event_type": "x", "event_data": 5}),
    Case("event publish no data", "POST", "/events", {"event_type": "x"}),
    Case("event get", "GET", "/events/{event_id}"),
    Case("event 404", "GET", f"/events/{MISSING_EVENT}"),
    Case("event bad id", "GET", "/events/abc"),
    Case("event runs", "GET", "/events/{event_id}/runs"),
    Case("events list", "GET", "/events?limit=3"),
    Case("runs list", "GET", "/runs?limit=5"),
    Case("runs status succeeded", "GET", "/runs?limit=1&status=succeeded"),
    Case("runs status pending", "GET", "/runs?limit=1&status=pending"),
    Case("runs status bogus", "GET", "/runs?limit=1&status=bogus"),
    Case("runs type event", "GET", "/runs?limit=1&type=event"),
    Case("runs type bogus", "GET", "/runs?limit=1&type=bogus"),
    Case("runs time_range P7D", "GET", "/runs?limit=1&time_range=P7D"),
    Case("runs time_range bogus", "GET", "/runs?limit=1&time_range=bogus"),
    Case("runs offset far", "GET", "/runs?limit=5&offset=100000"),
    Case("run get", "GET", "/runs/{run_id}"),
    Case("run 404", "GET", f"/runs/{MISSING_RUN}"),
    Case("run bad id", "GET", "/runs/abc"),
    Case("run stats", "GET", "/runs/stats"),
    Case("handlers", "GET", f"{PROJECT}/event-handlers"),
    Case("schedules", "GET", f"{PROJECT}/schedules"),
    Case("handlers none", "GET", "/projects/{idle}/event-handlers"),
    Case("builds env", "GET", "/builds"),
    Case("builds project", "GET", f"{PROJECT}/builds"),
    Case("build deployed", "GET", f"{PROJECT}/builds/deployed"),
    Case("build deployed none", "GET", "/projects/{idle}/builds/deployed"),
    Case("build get", "GET", f"{PROJECT}/builds/{{build_id}}"),
    Case(
        "build upload nofile",
        "POST",
        f"{PROJECT}/builds",
        content=b'--b\r\ncontent-disposition: form-data; name="hash"\r\n\r\nx\r\n--b--\r\n',
        headers={"content-type": "multipart/form-data; boundary=b"},
    ),
)

# every error of the embedded API is in the envelope; the rest of what it does otherwise, with why
ENVELOPED = {400: "bad_request", 401: "unauthorized", 422: "unprocessable_entity"}
STRICTER: dict[str, tuple[int, str | None]] = {
    "seed run vars": (404, "not_found"),  # the route exists here, the run does not
    "seed env quota": (200, None),  # the older generation's clients are served too
    "ctx create dup": (409, "conflict"),  # the platform fails inside
}
