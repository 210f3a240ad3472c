"""The context variables that a run may read: those of its own project, opened for it alone."""

import json
import logging
from typing import Any

from hotdash.host.keyring import CannotOpen
from hotdash.localapi.models import ContextVariable, Run
from hotdash.localapi.seal import open_value

log = logging.getLogger(__name__)


def context_of(run: Run) -> dict[str, Any]:
    """Return the values by key; text that is JSON becomes what it says (contract 5.4)."""
    values = {}
    for variable in ContextVariable.objects.filter(project_id=run.project_id):
        try:
            text = open_value(
                run.environment.org_id,
                run.environment_id,
                run.project_id,
                variable.key,
                bytes(variable.sealed),
            )
        except CannotOpen:
            # one lost key must not stop the runs that never read it
            log.exception("context variable %s cannot be opened", variable.key)
            continue
        values[variable.key] = _parsed(text)
    return values


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
