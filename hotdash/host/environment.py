"""Every environment variable of hotdash, in one table; nothing else reads the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

from environs import Env

_ENV = Env()


class MissingSetting(Exception):
    """A setting is missing or cannot be used; its text names the variable and the remedy."""


@dataclass(frozen=True)
class Variable:
    """One row of README's table of configuration."""

    name: str
    default: str
    meaning: str
    is_secret: bool = False  # may also be given as <name>_FILE


VARIABLES = (
    Variable("HOTDASH_HOST", "127.0.0.1", "Address on which the dashboard listens."),
    Variable("HOTDASH_PORT", "4680", "Port of the dashboard."),
    Variable("HOTDASH_API_HOST", "127.0.0.1", "Address on which the embedded Hot API listens."),
    Variable("HOTDASH_API_PORT", "4681", "Port of the embedded Hot API."),
    Variable(
        "HOTDASH_DATA_DIR", "./data", "Databases, builds and generated secrets; nobody else's."
    ),
    Variable(
        "HOTDASH_API_FILES_DIR",
        "",
        "Builds and files of the embedded API; several machines share it. Unset: in the data "
        "directory.",
    ),
    Variable(
        "HOTDASH_PUBLIC_URL",
        "",
        "The https address under which people reach the dashboard. Unset: local mode, "
        "only localhost is answered.",
    ),
    Variable(
        "HOTDASH_SECRET_KEY",
        "",
        "Signs sessions and links. Generated into the data directory in local mode.",
        is_secret=True,
    ),
    Variable(
        "HOTDASH_KEYS",
        "",
        "Key ring for stored API keys: comma-separated `id:base64` of 32 bytes, the first seals. "
        "Generated in local mode.",
        is_secret=True,
    ),
    Variable(
        "HOTDASH_API_KEYS",
        "",
        "Key ring for context variables of the embedded API, written like HOTDASH_KEYS. "
        "Generated in local mode.",
        is_secret=True,
    ),
    Variable("HOTDASH_SIGNUP", "invite", "Who may make an account: `invite`, `open` or `closed`."),
    Variable(
        "HOTDASH_UPSTREAMS",
        "",
        "Which Hot APIs may be called: a comma-separated list of `public`, `private`, `loopback`, "
        "origins and `range:port`. Unset: `public,private,loopback` in local mode, else `public`.",
    ),
    Variable(
        "HOTDASH_TRUSTED_PROXIES", "0", "How many proxies stand in front and set X-Forwarded-For."
    ),
    Variable(
        "DATABASE_URL",
        "",
        "The dashboard's database. Unset: SQLite in the data directory.",
        is_secret=True,
    ),
    Variable(
        "HOTDASH_API_DATABASE_URL",
        "",
        "The embedded API's database. Unset: SQLite in the data directory.",
        is_secret=True,
    ),
    Variable(
        "REDIS_URL",
        "",
        "The Redis in which sign-in attempts are counted. Unset: the dashboard's database.",
        is_secret=True,
    ),
    Variable("HOTDASH_FILE_MAX_MB", "5120", "How large a file of the embedded API may be."),
    Variable(
        "HOTDASH_FILES_QUOTA_MB",
        "0",
        "How large the files of one organization may be together in the embedded API; 0: any size.",
    ),
    Variable("HOTDASH_RUN_SECONDS", "300", "How long a run of the embedded API may take."),
    Variable("HOTDASH_RUN_MEMORY_MB", "512", "How much memory a run may allocate."),
    Variable("HOTDASH_RUN_SLOTS", "16", "How many runs a worker executes at the same time."),
    Variable(
        "HOTDASH_RUN_ISOLATION",
        "auto",
        "Keeps runs from files and processes that are not theirs, by Landlock: `auto` as far as "
        "this kernel can, `require` wholly or not at all, `off`.",
    ),
    Variable(
        "HOTDASH_BLOB_BYTES",
        "65536",
        "From which size on the embedded API stores a text or bytes beside its payload; 0: never.",
    ),
    Variable(
        "HOTDASH_KEEP_DAYS",
        "90",
        "How many days the embedded API keeps runs that are over, and events without runs; 0: for "
        "ever.",
    ),
    Variable(
        "HOTDASH_KEEP_RUNS",
        "1000000",
        "How many runs and how many events the embedded API keeps in an environment, tasks beside "
        "them; 0: all.",
    ),
    Variable(
        "HOTDASH_NOTES_KEPT_SECONDS",
        "3600",
        "How long the embedded API keeps what it told subscribers and what runs streamed.",
    ),
    Variable(
        "HOTDASH_API_STREAMS",
        "128",
        "How many streams a credential may hold open at each process of the embedded API. `0`: no "
        "limit.",
    ),
    Variable(
        "HOTDASH_API_STREAM_SECONDS",
        "300",
        "How long a stream of the embedded API lasts until its client has to come back. "
        "`0`: no limit.",
    ),
    Variable(
        "HOTDASH_API_RATE",
        "0",
        "How many requests a second a credential may send to each process of the embedded API. "
        "`0`: no limit.",
    ),
    Variable(
        "HOTDASH_API_DNS_FILE",
        "",
        "A file of lines `name target`: the CNAME records that validate custom domains where no "
        "DNS can be asked. Unset: the DNS is asked.",
    ),
    Variable(
        "HOTDASH_DEBUG", "", "`1`: debug pages and unjoined assets, for work on hotdash itself."
    ),
)
_BY_NAME = {variable.name: variable for variable in VARIABLES}


def text(name: str) -> str:
    """Return a variable, or a secret's `_FILE`, or the default; raise MissingSetting."""
    variable = _BY_NAME[name]
    if variable.is_secret and (path := _ENV.str(f"{name}_FILE", "")):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise MissingSetting(
                f"{name}_FILE names {path}, which cannot be read: {error}"
            ) from error
    return _ENV.str(name, variable.default).strip() or variable.default


def number(name: str) -> int:
    """Return a variable as a whole number; raise MissingSetting with words otherwise."""
    raw = text(name)
    try:
        return int(raw)
    except ValueError:
        raise MissingSetting(f"{name} must be a whole number, not {raw!r}.") from None


def words(name: str) -> tuple[str, ...]:
    """Return a comma-separated variable as its non-empty parts."""
    return tuple(part.strip() for part in text(name).split(",") if part.strip())


def is_on(name: str) -> bool:
    """Return whether a switch is `1`; anything but `1`, `0` and empty raises MissingSetting."""
    raw = text(name)
    if raw not in {"", "0", "1"}:
        raise MissingSetting(f"{name} is either 1 or 0, not {raw!r}.")
    return raw == "1"


def data_dir() -> Path:
    """Return the absolute data directory, made on first use and closed to others (0700).

    Raises MissingSetting where it cannot be made, or not be written to.
    """
    return _directory("HOTDASH_DATA_DIR")


def files_dir() -> Path:
    """Return where the embedded API keeps builds and files, made like the data directory."""
    name = "HOTDASH_API_FILES_DIR"
    return _directory(name) if text(name) else data_dir()


def _directory(name: str) -> Path:
    path = Path(text(name)).expanduser().resolve()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise MissingSetting(
            f"{name} names {path}, which cannot be made: {error.strerror}."
        ) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise MissingSetting(
            f"{name} names {path}, into which this user (id {os.geteuid()}) cannot write."
        )
    return path
