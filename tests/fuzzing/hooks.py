"""What schemathesis is told of this server: keys, objects that exist, and where calls are counted.

Loaded by schemathesis itself, in a process of its own (SCHEMATHESIS_HOOKS).
"""

import json
import os
from pathlib import Path
from typing import Any

import schemathesis

from tests.fuzzing.known import ARCHIVE

_PLAN = json.loads(Path(os.environ["FUZZ_PLAN"]).read_text(encoding="utf-8"))
_LEDGER = Path(os.environ["FUZZ_LEDGER"]).open("a", encoding="utf-8")  # noqa: SIM115  for all calls
_ARCHIVE = Path(_PLAN["archive"]).read_bytes()
_OPERATORS = ("/v1/envs", "/v1/api-keys")
_PATHS, _BODIES = _PLAN["paths"], _PLAN["bodies"]


@schemathesis.auth(refresh_interval=None)  # no token is kept from one operation to the next
class Keys:
    """The full key of an environment; the operator key where only that is accepted."""

    def get(self, case: Any, _context: Any) -> str:
        """Return the token for a call."""
        kind = "operator" if case.operation.path.startswith(_OPERATORS) else "full"
        return str(_PLAN["keys"][kind])

    def set(self, case: Any, data: str, _context: Any) -> None:
        """Send the token with the call."""
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_load_schema(_context: Any, raw_schema: dict[str, Any]) -> None:
    """Give every operation an example that exists on this server."""
    for path, methods in raw_schema["paths"].items():
        for method, operation in methods.items():
            if method != "servers" and path.startswith("/v1"):
                _exemplify(operation)


def _exemplify(operation: dict[str, Any]) -> None:
    name = operation["operationId"]
    values = _PATHS[""] | _PATHS.get(name, {})
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter["example"] = values[parameter["name"]]
    if name in _BODIES:
        (content,) = operation["requestBody"]["content"].values()
        content["example"] = _BODIES[name]


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: dict[str, Any]) -> None:
    """Send a real archive where the example names one."""
    if isinstance(case.body, dict) and case.body.get("file") == ARCHIVE:
        case.body["file"] = _ARCHIVE


@schemathesis.hook
def after_call(_context: Any, case: Any, response: Any) -> None:
    """Count the call: its operation, its status, and whether it came with a full key."""
    sent = response.request.headers.get("Authorization", "")
    line = {
        "operation": f"{case.operation.method.upper()} {case.operation.path}",
        "method": response.request.method,
        "status": response.status_code,
        "full": sent in [f"Bearer {key}" for key in _PLAN["keys"].values()],
    }
    _LEDGER.write(json.dumps(line) + "\n")
    _LEDGER.flush()
