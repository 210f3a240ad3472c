"""The operator's commands as they are typed."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def manage(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if "HOTDASH" not in name}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=clean | {"HOTDASH_DATA_DIR": str(data), "HOTDASH_PORT": "4999"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_sign_in_link_is_printed_by_the_command_that_every_page_names(tmp_path: Path) -> None:
    assert manage(tmp_path, "migrate", "-v0").returncode == 0
    make = "from hotdash.accounts.models import User; User.objects.create_user('a@b.test')"
    assert manage(tmp_path, "shell", "-v0", "-c", make).returncode == 0
    done = manage(tmp_path, "signin-link", "A@b.test")
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert line.startswith("http://127.0.0.1:4999/accounts/password/reset/key/")


def test_it_says_whom_it_does_not_know(tmp_path: Path) -> None:
    manage(tmp_path, "migrate", "-v0")
    done = manage(tmp_path, "signin-link", "who@b.test")
    assert done.returncode != 0
    assert done.stderr.strip() == "CommandError: Nobody here has the address who@b.test."
