"""No request whatever breaks the API or is answered outside of its document."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conformance.served import Served, serving_the_fixture
from tests.fuzzing.known import Known

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
# cases per operation and phase; a seed makes a failure come again
_EXAMPLES = os.environ.get("EXAMPLES", "5")
_SEED = os.environ.get("SEED", "1")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An embedded API whose streams end after a second, with a worker."""
    data = tmp_path_factory.mktemp("api")
    (data / "dns").write_text("")
    settings = {
        "HOTDASH_API_STREAM_SECONDS": "1",
        "HOTDASH_API_DNS_FILE": str(data / "dns"),
    }
    with serving_the_fixture(data, _HERE / "build", **settings) as server:
        yield server


@pytest.fixture(scope="module")
def plan(served: Served) -> dict[str, Any]:
    """What the hooks are told: keys, and objects that exist."""
    token = (served.database.parent / "operator-key").read_text().strip()
    headers = {"Authorization": f"Bearer {token}"}
    with (
        served.client as client,
        httpx.Client(base_url=served.origin, headers=headers, trust_env=False) as operator,
    ):
        known = Known(served, client, operator)
        return {
            "keys": {"full": served.token, "operator": token},
            "archive": str(served.archive),
            "paths": known.paths(),
            "bodies": known.bodies(),
        }


def test_whatever_is_asked_is_answered_as_the_document_says(
    served: Served, plan: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    variables = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(_ROOT),
        "SCHEMATHESIS_HOOKS": "tests.fuzzing.hooks",
        "FUZZ_PLAN": str(tmp_path / "plan.json"),
        "FUZZ_LEDGER": str(tmp_path / "ledger"),
    }
    command = [
        *(str(Path(sys.executable).with_name("st")), "--config-file"),
        *(str(_HERE / "schemathesis.toml"), "run", f"{served.origin}/openapi.json"),
        *("--max-examples", _EXAMPLES, "--seed", _SEED, "--no-color"),
    ]

    done = subprocess.run(
        command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False
    )

    calls = [json.loads(line) for line in (tmp_path / "ledger").read_text().splitlines()]
    print(told(calls))  # noqa: T201  the figures of a run, shown with -s
    (tmp_path / "report").write_text(done.stdout)
    assert done.returncode == 0, f"{tmp_path}/report\n{done.stdout[-20_000:]}"
    assert [call for call in calls if call["status"] >= 500] == []
    assert sum(call["full"] for call in calls) * 2 >= len(calls)
    assert unanswered(calls, served) == set()


def unanswered(calls: list[dict[str, Any]], served: Served) -> set[str]:
    """Return the operations that never succeeded; the document itself was read to begin with."""
    paths = httpx.get(f"{served.origin}/openapi.json", trust_env=False).json()["paths"]
    all_of_them = {
        f"{method.upper()} {path}"
        for path, methods in paths.items()
        for method in methods
        if method != "servers"
    }
    all_of_them.discard("GET /openapi.json")
    return all_of_them - {call["operation"] for call in calls if call["status"] < 400}


def told(calls: list[dict[str, Any]]) -> str:
    """Return the figures of a run, in one line."""
    full = sum(call["full"] for call in calls)
    operations = len({call["operation"] for call in calls})
    return f"{len(calls)} calls, {full} with a full key, to {operations} operations"
