"""Settings of the embedded API's own Django project."""

import secrets
from pathlib import Path
from typing import Any

from hotdash.host import environment, logs

DEBUG = False
SECRET_KEY = secrets.token_urlsafe(48)  # signs nothing here: no session, no cookie, no link
DATA_DIR = environment.data_dir()
FILES_DIR = environment.files_dir()
INSTALLED_APPS = ["hotdash.localapi.apps.LocalApi"]
ROOT_URLCONF = "hotdash.localapi.urls"
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "description" / "templates"],
    }
]
MIDDLEWARE = ["hotdash.localapi.access_log.AccessLog", "hotdash.localapi.gate.Gate"]
ALLOWED_HOSTS = ["*"]  # the gate judges Host, with words and for routes that never ask for it
SILENCED_SYSTEM_CHECKS = [
    "security.W001",  # the gate sends the headers, on every answer
    "security.W002",  # frames are refused by its Content-Security-Policy
    "security.W003",  # no cookie is read, so no request can be forged with one
]
LOGGING = logs.configuration()

# Every upload is a file: never in memory, and linked into place when it holds.
FILE_UPLOAD_HANDLERS = ["hotdash.localapi.incoming.Incoming"]
# beside what is kept, since an upload is renamed into its place
FILE_UPLOAD_TEMP_DIR = FILES_DIR / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024  # of what is read into memory: all but files
STREAM_SECONDS = environment.number("HOTDASH_API_STREAM_SECONDS")  # 0: no limit

# The list was measured for this engine: WAL with FULL keeps what was accepted through a power cut.
_SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "api.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; "
            "PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728; "
            "PRAGMA journal_size_limit=67108864;"
        ),
    },
}


def _database() -> dict[str, Any]:
    url = environment.text("HOTDASH_API_DATABASE_URL")
    if not url:
        return _SQLITE
    from hotdash.host import database  # only where a URL is given

    # asked before each request: after a restart of Postgres none meets a connection that is dead
    return database.postgres("HOTDASH_API_DATABASE_URL", url) | {"CONN_HEALTH_CHECKS": True}


DATABASES = {"default": _database() | {"CONN_MAX_AGE": None}}
