"""Every route that there is: the route table of the contract (section 4), and the extensions."""

from tests.localapi.contract.answers import Flat, Frames, Many, Nothing, One, Raw
from tests.localapi.contract.lines import OPERATOR, Line
from tests.localapi.contract.notation import shape
from tests.localapi.contract.shapes import (
    ACTIVATION,
    API_KEY,
    BUILD,
    BUILD_WITH_PROJECT,
    CALL,
    CONTEXT,
    DOMAIN,
    ENVIRONMENT,
    EVENT,
    EVENT_HANDLER,
    FILE,
    PART,
    PROJECT,
    QUOTA,
    REVOKED,
    RUN,
    SCHEDULE,
    SERVICE_KEY,
    SESSION,
    STATS,
    STATUS,
    STREAM_DATA,
    TASK,
    UPLOAD,
    UPLOADED_BUILD,
    USAGE,
    VERIFIED,
)

_PROJECT = "/projects/{project}"
_BUILD = f"{_PROJECT}/builds/{{build_id}}"
_NAME = shape("name str")
_EVENT = shape("event_type str, event_data any, stream_id~ uuid?")
_CONTEXT = shape("key str, value str, description~ str?")
_VALUE = shape("value str, description~ str?")
_PUBLISHED = {"event_type": "order:placed", "event_data": {"id": 7}}

PUBLIC = (
    Line("GET", "/", "", Flat(STATUS)),
    Line("GET", "/status", "", Flat(STATUS)),
)

PROJECTS = (
    Line("GET", "/projects", "project:* read", Many(PROJECT), needs=("project",)),
    Line("POST", "/projects", "project:* create", One(PROJECT, 201), _NAME, {"name": "new"}),
    Line("GET", _PROJECT, "project:* read", One(PROJECT)),
    Line("PATCH", _PROJECT, "project:* update", One(PROJECT), _NAME, {"name": "other"}),
    Line("DELETE", _PROJECT, "project:* delete", Nothing()),
    Line("POST", f"{_PROJECT}/activate", "project:* update", One(ACTIVATION)),
    Line("POST", f"{_PROJECT}/deactivate", "project:* update", One(ACTIVATION)),
)

BUILDS = (
    Line("GET", "/builds", "build:* read", Many(BUILD_WITH_PROJECT), needs=("build_id",)),
    Line("GET", f"{_PROJECT}/builds", "build:* read", Many(BUILD), needs=("build_id",)),
    Line("POST", f"{_PROJECT}/builds", "build:* create", One(UPLOADED_BUILD, 201), upload=True),
    Line("GET", f"{_PROJECT}/builds/deployed", "build:* read", One(BUILD), needs=("build_id",)),
    Line("GET", f"{_PROJECT}/builds/live", "build:* read", One(BUILD), needs=("live",)),
    Line("GET", _BUILD, "build:* read", One(BUILD)),
    Line("GET", f"{_BUILD}/download", "build:* read", Raw("application/zip")),
    Line("POST", f"{_BUILD}/deploy", "build:* execute", One(BUILD)),
    Line(
        *("GET", f"{_PROJECT}/event-handlers", "build:* read", Many(EVENT_HANDLER)),
        needs=("build_id",),
    ),
    Line("GET", f"{_PROJECT}/schedules", "build:* read", Many(SCHEDULE), needs=("build_id",)),
)

CONTEXTS = (
    Line("GET", f"{_PROJECT}/context", "context:* read", Many(CONTEXT), needs=("key",)),
    Line(
        *("POST", f"{_PROJECT}/context", "context:* create", One(CONTEXT, 201), _CONTEXT),
        body={"key": "NEW", "value": "1"},
    ),
    Line(
        *("PUT", f"{_PROJECT}/context/{{key}}", "context:* update", One(CONTEXT), _VALUE),
        body={"value": "2"},
    ),
    Line("DELETE", f"{_PROJECT}/context/{{key}}", "context:* delete", Nothing()),
)

_ENV_KEY = "/env/context/{env_key}"
SHARED_CONTEXTS = (
    Line(
        *("GET", "/env/context", "context:* read", Many(CONTEXT)),
        needs=("env_key",),
        is_extension=True,
    ),
    Line(
        *("POST", "/env/context", "context:* create", One(CONTEXT, 201), _CONTEXT),
        body={"key": "NEW", "value": "1"},
        is_extension=True,
    ),
    Line(
        *("PUT", _ENV_KEY, "context:* update", One(CONTEXT), _VALUE, {"value": "2"}),
        is_extension=True,
    ),
    Line("DELETE", _ENV_KEY, "context:* delete", Nothing(), is_extension=True),
)

EVENTS = (
    Line("POST", "/events", "event:* create", One(EVENT, 201), _EVENT, _PUBLISHED),
    Line("GET", "/events", "event:* read", Many(EVENT), needs=("event_id",)),
    Line("GET", "/events/{event_id}", "event:* read", One(EVENT)),
    Line("GET", "/events/{event_id}/runs", "event:* read", Many(RUN)),
)

RUNS = (
    Line("GET", "/runs", "run:* read", Many(RUN), needs=("run_id",)),
    Line("GET", "/runs/stats", "run:* read", One(STATS)),
    Line("GET", "/runs/{run_id}", "run:* read", One(RUN)),
    Line("GET", "/runs/{run_id}/subscribe", "run:* read", Frames("run:update")),
    Line(
        *("GET", "/runs/{run_id}/vars", "run:* read"),
        Many(CALL, "rev int, execution int, "),
        is_extension=True,
    ),
    Line(
        *("GET", "/runs/{run_id}/stream-data", "run:* read", Many(STREAM_DATA)),
        is_extension=True,
    ),
)

_WHY = {"reason": "sold out"}
TASKS = (
    Line("GET", "/tasks/{task_id}", "stream:* read", One(TASK)),
    Line("GET", "/tasks/{task_id}/subscribe", "stream:* read", Frames("task:update")),
    Line(
        *("POST", "/tasks/{task_id}/cancel", "run:* execute", One(TASK)),
        body=_WHY,
        is_extension=True,
    ),
    Line(
        *("POST", "/runs/{task_run_id}/cancel", "run:* execute", One(RUN)),
        body=_WHY,
        is_extension=True,
    ),
)

STREAMS = (
    Line("GET", "/streams/{stream_id}/subscribe", "stream:* read", Frames("run:start")),
    Line("POST", "/streams/{stream_id}/subscribe", "stream:* read", Frames("run:start")),
    Line(
        *("POST", "/streams/subscribe-with-event", "stream:* read, event:* create"),
        *(Frames("event:published"), _EVENT, _PUBLISHED),
    ),
)

ENVIRONMENTS = (
    Line("GET", "/env", "env:* read", One(ENVIRONMENT)),
    Line("GET", "/env/subscribe", "env:* read", Frames()),
    Line("GET", "/env/quota", "env:* read", One(QUOTA), is_extension=True),
    Line("GET", "/org/usage", "env:* read", One(USAGE)),
    Line(
        *("POST", "/envs", OPERATOR, One(ENVIRONMENT, 201), shape("org_id uuid, name str")),
        body={"org_id": "{org_id}", "name": "staging"},
        is_extension=True,
    ),
    Line("GET", "/envs", OPERATOR, Many(ENVIRONMENT), needs=("env_id",), is_extension=True),
    Line(
        *("POST", "/api-keys", OPERATOR, One(API_KEY, 201)),
        shape("env_id uuid, name str, permissions map"),
        body={"env_id": "{env_id}", "name": "ci", "permissions": {"run:*": ["read"]}},
        is_extension=True,
    ),
    Line("GET", "/api-keys", OPERATOR, Many(API_KEY), needs=("key_id",), is_extension=True),
    Line("DELETE", "/api-keys/{key_id}", OPERATOR, Nothing(), is_extension=True),
)

# what is given belongs to the key that gave it, and grants no more than that key may itself
_GIVES_SESSIONS = {"session:*": ["*"], "stream:*": ["read"]}
_GIVES_KEYS = {"key:*": ["*"], "stream:*": ["read"]}
_GIVEN = {"permissions": {"stream:*": ["read"]}, "expires_in": 60}

SESSIONS = (
    Line(
        *("POST", "/sessions", "session:* create", One(SESSION, 201)),
        *(shape("permissions map, expires_in~ int?"), _GIVEN),
        beside=_GIVES_SESSIONS,
    ),
    Line(
        *("GET", "/sessions", "session:* read", Many(SESSION)),
        needs=("session_id",),
        beside=_GIVES_SESSIONS,
    ),
    Line("DELETE", "/sessions", "session:* delete", One(REVOKED)),
    Line(
        *("DELETE", "/sessions/{session_id}", "session:* delete", Nothing()),
        beside=_GIVES_SESSIONS,
    ),
)

_SERVICE_KEY = "/service-keys/{service_key_id}"
SERVICE_KEYS = (
    Line(
        *("POST", "/service-keys", "key:* create", One(SERVICE_KEY, 201)),
        shape("permissions map, name~ str?, description~ str?, expires_in~ int?"),
        _GIVEN | {"name": "ci"},
        beside=_GIVES_KEYS,
    ),
    Line(
        *("GET", "/service-keys", "key:* read", Many(SERVICE_KEY)),
        needs=("service_key_id",),
        beside=_GIVES_KEYS,
    ),
    Line("DELETE", "/service-keys", "key:* delete", One(REVOKED)),
    Line("GET", _SERVICE_KEY, "key:* read", One(SERVICE_KEY), beside=_GIVES_KEYS),
    Line(
        *("PATCH", _SERVICE_KEY, "key:* update", One(SERVICE_KEY)),
        *(shape("metadata~ any"), {"metadata": {"team": "payments"}}),
        beside=_GIVES_KEYS,
    ),
    Line("DELETE", _SERVICE_KEY, "key:* delete", Nothing(), beside=_GIVES_KEYS),
)

_UPLOAD = "/files/uploads/{upload_id}"
FILES = (
    Line("GET", "/blobs/{blob_id}/download", "run:* read", Raw("text/plain; charset=utf-8")),
    Line("GET", "/files", "file:* read", Many(FILE), needs=("file_id",)),
    Line("GET", "/files/{file_id}", "file:* read", One(FILE)),
    Line("DELETE", "/files/{file_id}", "file:* delete", Nothing()),
    Line("GET", "/files/{file_id}/download", "file:* read", Raw("text/plain")),
    Line("PUT", "/files/upload/{path}", "file:* create", One(FILE), content=b"new"),
    Line(
        *("POST", "/files/uploads", "file:* create", One(UPLOAD, 201)),
        shape("path str, expected_size~ int?, content_type~ str?"),
        {"path": "reports/large.csv", "expected_size": 70_000_000},
    ),
    Line("PUT", f"{_UPLOAD}/{{part_number}}", "file:* create", One(PART), content=b"part"),
    Line("POST", f"{_UPLOAD}/complete", "file:* create", One(FILE)),
    Line("DELETE", _UPLOAD, "file:* create", Nothing()),
)

_DOMAIN = "/domains/{domain_id}"
DOMAINS = (
    Line(
        *("POST", "/domains", "domain:* create", One(DOMAIN, 201), shape("domain str")),
        body={"domain": "{fresh_name}"},
    ),
    Line("GET", "/domains", "domain:* read", Many(DOMAIN), needs=("domain_id",)),
    Line("GET", _DOMAIN, "domain:* read", One(DOMAIN)),
    Line("POST", f"{_DOMAIN}/verify", "domain:* update", One(VERIFIED)),
    Line("DELETE", _DOMAIN, "domain:* delete", Nothing()),
)

TABLE = (
    *(*PROJECTS, *BUILDS, *CONTEXTS, *EVENTS, *RUNS, *TASKS, *STREAMS, *ENVIRONMENTS),
    *(*SESSIONS, *SERVICE_KEYS, *FILES, *DOMAINS, *SHARED_CONTEXTS),
)
