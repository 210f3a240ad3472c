"""Sealing everything anew with the first key of HOTDASH_API_KEYS, one by one."""

import sys
from collections import Counter
from collections.abc import Callable, Generator
from enum import Enum
from typing import Any

from django.db import transaction

from hotdash.host.keyring import CannotOpen
from hotdash.localapi.context import seal
from hotdash.localapi.models import ContextVariable, ServiceKey, Session


class Outcome(Enum):
    """What became of one sealed value."""

    SEALED = "sealed anew"
    KEPT = "sealed with the first key already"
    UNREADABLE = "cannot be opened"


def main() -> int:
    """Seal everything anew and say what became of it; 1 where something cannot be opened."""
    counts: Counter[Outcome] = Counter()
    for outcome, place in reseal_all():
        counts[outcome] += 1
        if outcome is Outcome.UNREADABLE:
            sys.stderr.write(f"{place} cannot be opened with any key of HOTDASH_API_KEYS.\n")
    sys.stdout.write(", ".join(f"{counts[one]:,} {one.value}" for one in Outcome) + ".\n")
    return 1 if counts[Outcome.UNREADABLE] else 0


def reseal_all() -> Generator[tuple[Outcome, str], None, None]:
    """Yield the outcome and the place of each sealed value, each written before it is yielded.

    Stopped at any point it has lost nothing, and begun again it goes on where it stopped.
    """
    variables = ContextVariable.objects.select_related("environment", "project__environment")
    yield from _each(variables, "sealed", _variable)
    for given in (Session.objects.all(), ServiceKey.objects.all()):
        credentials = given.exclude(sealed_metadata=None).select_related("api_key__environment")
        yield from _each(credentials, "sealed_metadata", _metadata)


# of a row: where its value is, in words, and what seals that value anew
_Reseal = Callable[[Any], tuple[str, Callable[[bytes], bytes]]]


def _each(rows: Any, column: str, reseal: _Reseal) -> Generator[tuple[Outcome, str], None, None]:
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            # locked, so that a value which is set meanwhile is not overwritten with the old one
            row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
            if row is None:
                continue  # deleted since the list was made
            place, anew = reseal(row)
            outcome = Outcome.KEPT
            sealed = bytes(getattr(row, column))
            if not seal.seals_now(sealed):
                try:
                    # not save(): nobody has changed it, so it keeps its time
                    rows.model.objects.filter(pk=pk).update(**{column: anew(sealed)})
                    outcome = Outcome.SEALED
                except CannotOpen:
                    outcome = Outcome.UNREADABLE
        yield outcome, place


def _variable(row: Any) -> tuple[str, Callable[[bytes], bytes]]:
    environment = (row.project or row).environment
    where = (environment.org_id, environment.env_id, row.project_id, row.key)
    owner = f"project {row.project}" if row.project else "all projects"
    return (
        f"Context variable {row.key} of {owner} in environment {environment.env_id}",
        lambda sealed: seal.seal_value(*where, seal.open_value(*where, sealed)),
    )


def _metadata(row: Any) -> tuple[str, Callable[[bytes], bytes]]:
    environment = row.api_key.environment
    where = (environment.org_id, environment.env_id, row.pk)
    return (
        f"The metadata of credential {row.pk} in environment {environment.env_id}",
        lambda sealed: seal.seal_metadata(*where, seal.open_metadata(*where, sealed)),
    )
