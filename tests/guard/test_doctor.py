"""`manage.py doctor`: misconfiguration in words, with the remedy and without a secret."""

import base64
import os
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

import httpx
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from hotdash.host import landlock, places
from hotdash.host.isolation import in_force
from hotdash.host.keyring import Ring
from hotdash.orgs.models import Environment
from tests.cast import PASSWORD, Cast, key_of
from tests.guard.serving import PRODUCTION, ROOT
from tests.upstream import FakeUpstream


def examined() -> tuple[str, bool]:
    """Run the command; return what it said and whether it found something wrong."""
    out = StringIO()
    try:
        call_command("doctor", stdout=out)
    except CommandError:
        return out.getvalue(), True
    return out.getvalue(), False


@pytest.fixture
def healthy(cast: Cast, settings: Settings, tmp_path: Path) -> Cast:
    """An installation in which nothing is wrong."""
    tmp_path.chmod(0o700)
    settings.DATA_DIR = tmp_path
    cast.olive.set_password(PASSWORD)
    cast.olive.save()
    return cast


def test_where_nothing_is_wrong_it_says_so_and_how_runs_are_isolated(
    healthy: Cast, settings: Settings
) -> None:
    said, is_wrong = examined()
    assert not is_wrong
    assert said.endswith("Nothing is wrong.\n")
    assert f"note   {in_force(settings.DATA_DIR).sentence}\n" in said


def test_a_data_directory_that_runs_can_read_is_wrong(healthy: Cast, settings: Settings) -> None:
    with tempfile.TemporaryDirectory(dir=sys.prefix) as data:  # Python's own, which runs need
        settings.DATA_DIR = Path(data)
        said, is_wrong = examined()
    assert is_wrong
    assert f"WRONG  {in_force(Path(data)).sentence}" in said
    assert f"read the data directory {data}" in said or landlock.version() == 0


def test_what_the_embedded_api_says_of_itself_is_passed_on(
    healthy: Cast, upstream: FakeUpstream
) -> None:
    Environment.objects.filter(pk=healthy.environment().pk).update(
        is_embedded=True, base_url=places.embedded_origin()
    )
    facts = {"status": "ok", "service": "s", "version": "9", "troubles": ["Files lie elsewhere."]}
    upstream.respond("GET", "/status", lambda _: httpx.Response(200, json=facts))
    upstream.refuse("/env", 401)
    said, is_wrong = examined()
    assert is_wrong
    assert "WRONG  Files lie elsewhere." in said


def test_an_unknown_word_for_the_isolation_of_runs_is_quoted(
    healthy: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTDASH_RUN_ISOLATION", "sometimes")
    said, is_wrong = examined()
    assert is_wrong
    assert "HOTDASH_RUN_ISOLATION is one of auto, require, off, not 'sometimes'." in said


def test_a_data_directory_and_secrets_open_to_others_are_named(
    healthy: Cast, settings: Settings
) -> None:
    keys = settings.DATA_DIR / "keys"
    keys.write_text("k1:secret")
    keys.chmod(0o640)
    settings.DATA_DIR.chmod(0o755)
    said, is_wrong = examined()
    assert is_wrong
    assert f"chmod 600 {keys}" in said
    assert f"chmod 700 {settings.DATA_DIR}" in said
    assert "secret" not in said.replace("secret-key", "")


def test_an_entry_of_upstreams_that_is_none_is_quoted(
    healthy: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTDASH_UPSTREAMS", "public,htp://hot.example")
    said, is_wrong = examined()
    assert is_wrong
    assert "HOTDASH_UPSTREAMS holds 'htp://hot.example'" in said


@pytest.mark.parametrize(
    ("is_public", "proxies", "words"),
    [
        (True, 0, "Set HOTDASH_TRUSTED_PROXIES to the number of proxies in front"),
        (False, 1, "Set HOTDASH_PUBLIC_URL too, or neither."),
    ],
)
def test_a_proxy_and_a_public_address_belong_together(
    healthy: Cast, settings: Settings, is_public: bool, proxies: int, words: str
) -> None:
    settings.IS_PUBLIC, settings.TRUSTED_PROXIES = is_public, proxies
    said, is_wrong = examined()
    assert is_wrong
    assert words in said


def test_an_unclaimed_account_comes_with_the_line_that_claims_it(
    healthy: Cast, settings: Settings
) -> None:
    healthy.olive.set_unusable_password()
    healthy.olive.save()
    said, is_wrong = examined()
    assert is_wrong
    assert "manage.py signin-link olive@example.test" in said


def test_keys_that_the_ring_does_not_open_and_keys_to_rotate_are_counted(
    healthy: Cast, settings: Settings
) -> None:
    former = settings.KEY_RING.keys
    settings.KEY_RING = Ring((("new", b"n" * 32), *former))
    said, is_wrong = examined()
    assert not is_wrong
    assert "an older key of HOTDASH_KEYS seals: 13." in said
    assert "manage.py keys rotate" in said
    settings.KEY_RING = Ring((("new", b"n" * 32),))
    said, is_wrong = examined()
    assert is_wrong
    assert "Stored API keys that no key of HOTDASH_KEYS opens: 13." in said
    assert key_of(healthy.mia) not in said
    assert base64.b64encode(b"n" * 32).decode() not in said


def test_who_may_run_code_is_named_and_who_may_not_but_would(healthy: Cast) -> None:
    Environment.objects.filter(organization=healthy.umbra).update(is_embedded=True)
    healthy.acme.may_run_code = True
    healthy.acme.save()
    said, is_wrong = examined()
    assert is_wrong
    assert "manage.py embedded grant umbra" in said
    assert "Owners and admins of acme can run code on this host." in said


def run(data: Path, extra: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the command as an operator does."""
    clean = {name: value for name, value in os.environ.items() if "HOTDASH" not in name}
    return subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT,
        env=clean | {"HOTDASH_DATA_DIR": str(data)} | extra,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_before_the_first_start_it_says_what_is_missing(tmp_path: Path) -> None:
    ended = run(tmp_path, {})
    assert ended.returncode == 1
    assert "Migrations that the dashboard's database lacks" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_a_database_that_does_not_answer_is_the_last_thing_it_names(tmp_path: Path) -> None:
    ended = run(tmp_path, {"DATABASE_URL": "postgres://hotdash:opensesame@127.0.0.1:1/hotdash"})
    assert ended.returncode == 1
    *_, sentence, remedy = ended.stdout.splitlines()
    assert sentence == "WRONG  The dashboard's database does not answer."
    assert remedy.strip() == "Check DATABASE_URL, and start hotdash."
    assert "opensesame" not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("missing", ["HOTDASH_SECRET_KEY", "HOTDASH_KEYS"])
def test_a_production_without_its_secrets_is_told_which(tmp_path: Path, missing: str) -> None:
    settings = {name: value for name, value in PRODUCTION.items() if name != missing}
    ended = run(tmp_path, settings)
    assert ended.returncode == 1
    assert f"{missing} is not set" in ended.stderr
    for secret in settings.values():
        assert secret == PRODUCTION["HOTDASH_PUBLIC_URL"] or secret not in ended.stderr


def test_nothing_it_says_is_a_secret(tmp_path: Path) -> None:
    ended = run(tmp_path, PRODUCTION)
    for name in ("HOTDASH_SECRET_KEY", "HOTDASH_KEYS", "HOTDASH_API_KEYS"):
        assert PRODUCTION[name] not in ended.stdout + ended.stderr
    assert str(django_settings.SECRET_KEY) not in ended.stdout + ended.stderr
