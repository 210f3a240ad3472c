"""How a start is decided: local or production, and what each refuses in words."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
EVERYWHERE = "0.0.0.0"  # noqa: S104  what is asked for, never bound
RING = "k1:" + base64.b64encode(b"k" * 32).decode()
PRODUCTION = {
    "HOTDASH_PUBLIC_URL": "https://hot.example",
    "HOTDASH_SECRET_KEY": "a secret of the operator's own, long enough for every check of Django",
    "HOTDASH_KEYS": RING,
    "HOTDASH_API_KEYS": RING,
}
SHOWN = (
    "DEBUG",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_NAME",
    "CSRF_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SECURE_PROXY_SSL_HEADER",
    "SECRET_KEY",
    "EMBEDDED_ORIGIN",
)
SHOW = f"""
import json
from hotdash import settings
shown = {{name: getattr(settings, name) for name in {SHOWN!r}}}
print(json.dumps(shown | {{"ring": settings.KEY_RING.first_id}}))
"""


def start(data: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Start a process with exactly these variables of ours."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if "HOTDASH" not in name and name != "DATABASE_URL"
    }
    return subprocess.run(
        [sys.executable, *(command or ("-c", SHOW))],
        cwd=ROOT,
        env=clean | {"HOTDASH_DATA_DIR": str(data)} | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def settings(data: Path, **variables: str) -> Any:
    """The settings of a start that succeeds."""
    done = start(data, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refusal(data: Path, **variables: str) -> str:
    """The last words of a start that is refused."""
    done = start(data, **variables)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("hotdash.host.environment.MissingSetting: ")
    return last.partition(": ")[2]


def test_without_a_public_url_only_this_machine_is_answered(tmp_path: Path) -> None:
    local = settings(tmp_path, HOTDASH_HOST=EVERYWHERE)
    assert local["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert local["SESSION_COOKIE_NAME"] == "hotdash_session"
    assert not local["SESSION_COOKIE_SECURE"]
    assert not local["SECURE_SSL_REDIRECT"]
    assert local["SECURE_HSTS_SECONDS"] == 0
    assert not local["DEBUG"]


def test_a_public_url_decides_everything_that_follows_from_it(tmp_path: Path) -> None:
    public = settings(tmp_path, **PRODUCTION | {"HOTDASH_PUBLIC_URL": "https://Hot.Example:8443/"})
    assert public["ALLOWED_HOSTS"] == ["hot.example"]
    assert public["CSRF_TRUSTED_ORIGINS"] == ["https://hot.example:8443"]
    assert public["SESSION_COOKIE_NAME"] == "__Host-hotdash"
    assert public["CSRF_COOKIE_NAME"] == "__Host-hotdash-csrf"
    assert public["SESSION_COOKIE_SECURE"]
    assert public["CSRF_COOKIE_SECURE"]
    assert public["SECURE_SSL_REDIRECT"]
    assert public["SECURE_HSTS_SECONDS"] == 31_536_000
    assert public["SECURE_PROXY_SSL_HEADER"] is None


def test_a_proxys_word_on_https_counts_only_where_proxies_are_trusted(tmp_path: Path) -> None:
    public = settings(tmp_path, **PRODUCTION, HOTDASH_TRUSTED_PROXIES="1")
    assert public["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_local_secrets_are_made_once_for_the_owners_eyes(tmp_path: Path) -> None:
    first, second = settings(tmp_path), settings(tmp_path)
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert first["ring"] == second["ring"]
    assert len(first["SECRET_KEY"]) >= 50
    for name in ("secret-key", "keys"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    other = settings(tmp_path / "other")
    assert other["SECRET_KEY"] != first["SECRET_KEY"]
    assert (tmp_path / "other").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("missing", ["HOTDASH_SECRET_KEY", "HOTDASH_KEYS"])
def test_production_without_a_secret_is_refused_naming_it(tmp_path: Path, missing: str) -> None:
    words = refusal(tmp_path, **{k: v for k, v in PRODUCTION.items() if k != missing})
    assert words == f"{missing} is not set. With HOTDASH_PUBLIC_URL no secret is generated."
    assert list(tmp_path.iterdir()) == []


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "elsewhere"
    file.write_text("a secret from a file\n")
    given = {k: v for k, v in PRODUCTION.items() if k != "HOTDASH_SECRET_KEY"}
    public = settings(tmp_path, **given, HOTDASH_SECRET_KEY_FILE=str(file))
    assert public["SECRET_KEY"] == "a secret from a file"


def test_a_secret_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    words = refusal(tmp_path, HOTDASH_SECRET_KEY_FILE=str(tmp_path / "none"))
    assert words.startswith(f"HOTDASH_SECRET_KEY_FILE names {tmp_path / 'none'}")


@pytest.mark.parametrize("ring", ["short:YWJj", "noid", "k1:not base64!", ":" + RING[3:], ","])
def test_a_ring_that_is_none_is_refused_without_showing_it(tmp_path: Path, ring: str) -> None:
    words = refusal(tmp_path, HOTDASH_KEYS=ring)
    assert words.startswith("HOTDASH_KEYS ")
    assert ring not in words or ring == ","


@pytest.mark.parametrize(
    "url",
    [
        "http://hot.example",
        "hot.example",
        "https://hot.example/dash",
        "https://",
        "https://me:secret@hot.example",
        "https://hot.example?x=1",
        "ftp://hot.example",
    ],
)
def test_a_public_url_that_cannot_be_one_is_refused(tmp_path: Path, url: str) -> None:
    assert refusal(tmp_path, **PRODUCTION | {"HOTDASH_PUBLIC_URL": url}).startswith(
        "HOTDASH_PUBLIC_URL must"
    )


def test_debug_is_for_this_machine_alone(tmp_path: Path) -> None:
    assert settings(tmp_path, HOTDASH_DEBUG="1")["DEBUG"]
    assert "unset it, or HOTDASH_PUBLIC_URL" in refusal(tmp_path, **PRODUCTION, HOTDASH_DEBUG="1")
    assert "it needs HOTDASH_HOST=127.0.0.1" in refusal(
        tmp_path, HOTDASH_DEBUG="1", HOTDASH_HOST=EVERYWHERE
    )
    assert "either 1 or 0" in refusal(tmp_path, HOTDASH_DEBUG="yes")


def test_an_unknown_mode_of_sign_up_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, HOTDASH_SIGNUP="maybe") == (
        "HOTDASH_SIGNUP is one of invite, open, closed, not 'maybe'."
    )


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("", "http://127.0.0.1:4681"),
        (EVERYWHERE, "http://127.0.0.1:4681"),
        ("::1", "http://[::1]:4681"),
        ("hot", "http://hot:4681"),
    ],
)
def test_the_embedded_api_is_called_where_it_listens(
    tmp_path: Path, host: str, origin: str
) -> None:
    assert settings(tmp_path, HOTDASH_API_HOST=host)["EMBEDDED_ORIGIN"] == origin


def test_djangos_own_checks_of_a_deployment_pass(tmp_path: Path) -> None:
    check = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    done = start(tmp_path, *check, **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "2 silenced" in done.stdout
