"""The context variables that a run may read: its environment's, and its project's before them."""

import json
import logging
from typing import Any, NoReturn

from django.db.models import Q

from hotdash.host.keyring import CannotOpen
from hotdash.localapi.context.seal import open_value
from hotdash.localapi.models import ContextVariable, Run

_LOG = logging.getLogger(__name__)


def context_of(run: Run) -> dict[str, Any]:
    """Return the values by key; text that is JSON becomes what it says, other text stays text.

    The platform reads nothing but JSON text, a trap (contract 5.4).
    """
    place = Q(project_id=run.project_id) | Q(environment_id=run.environment_id)
    # of one key the project's value comes last, and so is the one that stays
    variables = sorted(ContextVariable.objects.filter(place), key=_is_of_a_project)
    values: dict[str, Any] = {}
    for variable in variables:
        # where the project's own cannot be opened, the environment's is another value: none
        values.pop(variable.key, None)
        try:
            values[variable.key] = _parsed(_opened(run, variable))
        except CannotOpen:
            # one lost key must not stop the runs that never read it
            _LOG.exception("context variable %s cannot be opened", variable.key)
    return values


def _is_of_a_project(variable: ContextVariable) -> bool:
    return variable.project_id is not None


def _opened(run: Run, variable: ContextVariable) -> str:
    return open_value(
        run.environment.org_id,
        run.environment_id,
        variable.project_id,
        variable.key,
        bytes(variable.sealed),
    )


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return text


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")
