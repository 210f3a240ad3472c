"""The shapes of the contract (sections 1 and 5), with what this server adds."""

from tests.localapi.contract.notation import shape

META = shape("request_id uuid, timestamp ts")
PAGINATION = shape("total int, limit int, offset int, has_more bool")
ERROR = shape("code str, message str, request_id uuid, retry_after~ int")

STATUS = shape(
    "status str, service str, version str, git_sha str, start_time ts, +extensions list,"
    "+troubles~ list"
)
ENVIRONMENT = shape("env_id uuid, org_id uuid, name str, active bool")
QUOTA = shape(
    "compute_used_percent int, storage_used_percent int, requests_per_hour int,"
    "max_concurrent_runs int"
)
API_KEY = shape("key_id uuid, env_id uuid?, name str, permissions map, +token~ str, created_at ts")
USAGE = shape(
    "org_id uuid, usage usage, limits limits, usage_percent percent, plan plan",
    usage=shape(
        "runs_this_period int, file_storage_bytes int, team_members int, call_storage_bytes int,"
        "call_count int, store_storage_bytes int, active_schedules int"
    ),
    limits=shape(
        "runs_per_month int, storage_bytes int, team_members int, call_retention_days int,"
        "call_storage_bytes int, store_storage_bytes int, compute_units_per_month int,"
        "compute_units_used int, compute_units_budget int, task_minutes_per_month int,"
        "active_schedules_per_org int"
    ),
    percent=shape(
        "runs float, file_storage float, team_members float, call_storage float,"
        "store_storage float, active_schedules float, has_warning bool"
    ),
    plan=shape("name str, period_start ts, period_end ts"),
)

PROJECT = shape("project_id uuid, env_id uuid, name str, active bool, created_at ts, updated_at ts")
ACTIVATION = shape("project project, redeployed_build_id~ uuid", project=PROJECT)
_BUILD = (
    "hash str, size int, build_type str, deployed bool, active bool, runtime_status str,"
    "runtime_error~ str, deployment_sequence int, created_at ts, updated_at ts,"
    "storage_path~ str, storage_backend~ str, runtime_warning~ map"
)
BUILD = shape(f"build_id uuid, project_id uuid, {_BUILD}")
BUILD_WITH_PROJECT = shape(f"build_id uuid, project_id uuid, project_name str, {_BUILD}")
UPLOADED_BUILD = shape(
    "build_id uuid, project_id uuid, hash str, size int, storage_path str, storage_backend str,"
    "created_at ts"
)
CONTEXT = shape("key str, description str?, created_at ts, updated_at ts")
EVENT_HANDLER = shape("event_handler_id uuid, build_id uuid, event_type str, ns str, var str")
SCHEDULE = shape("schedule_id uuid, build_id uuid, cron str, ns str, var str")

EVENT = shape(
    "event_id uuid, env_id uuid, stream_id uuid, event_type str, event_data any, event_time ts,"
    "created_at ts, +source str, +origin_run_id~ uuid"
)
RUN = shape(
    "run_id uuid, env_id uuid, stream_id uuid, build_id uuid?, run_type str, status str,"
    "start_time ts, stop_time ts?, origin_run_id uuid?, event_id uuid?, result~ any,"
    "project_id~ uuid, project_name~ str, retry_attempt int, next_retry_at~ ts,"
    "+ns str, +var str, +event_type~ str, +attempt int, +retry_max int"
)
STATS = shape(
    "total_runs int, running int, succeeded int, failed int, cancelled int,"
    "+pending int, +pending_retry int"
)
CALL = shape(
    "var_id uuid, run_id uuid, ns str, var str, value any?, meta meta, start_time ts,stop_time ts?",
    meta=shape(
        "kind str, seq int, execution int, rev int, call_id str, parent_id str?, args any?,"
        "error any?, file str, line int"
    ),
)
STREAM_DATA = shape("stream_data_id uuid, run_id uuid, data_type str, payload any, created_at ts")
TASK = shape(
    "task_id uuid, env_id uuid, stream_id uuid, build_id uuid, run_id uuid?, origin_run_id uuid?,"
    "function_name str, task_type str, status str, start_time ts?, stop_time ts?,"
    "duration_ms int?, result~ any, timeout_ms int, retry_attempt int, next_retry_at~ ts,"
    "created_at ts"
)

FILE = shape(
    "file_id uuid, path str, size int, etag str?, content_type str?, storage_backend str,"
    "created_by_run_id uuid?, updated_by_run_id uuid?, created_at ts, updated_at ts"
)
UPLOAD = shape("upload_id uuid, path str, part_size int, parts_expected~ int, expires_at ts")
PART = shape("part_number int, size int, etag str")

SESSION = shape(
    "session_id uuid, token~ str, permissions map, metadata~ any, expires_at ts, created_at ts,"
    "last_used_at~ ts"
)
SERVICE_KEY = shape(
    "service_key_id uuid, name str?, description str?, token~ str, permissions map,"
    "metadata~ any, expires_at~ ts, revoked_at~ ts, created_at ts, last_used_at~ ts"
)
REVOKED = shape("revoked_count int")
DOMAIN = shape(
    "domain_id uuid, env_id uuid, domain str, status str, dns_records list, routing_domain~ str,"
    "created_at ts, verified_at~ ts, tls_provisioned_at~ ts, provisioning_error~ str"
)
VERIFIED = shape("domain_id uuid, domain str, status str, message str")
