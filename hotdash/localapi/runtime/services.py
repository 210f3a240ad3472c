"""What runs may ask of their worker, each in the scope of its own run (threats R6)."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from django.db import DatabaseError, InterfaceError, close_old_connections

from hotdash.localapi import room
from hotdash.localapi.errors import Refused
from hotdash.localapi.models import Run
from hotdash.localapi.runtime import queue, run_files, tasks
from hotdash.localapi.runtime.desk import Reply, refusal
from hotdash.localapi.runtime.messages import Question

_LOG = logging.getLogger(__name__)

Service = Callable[[Run, Path, Question], Reply]

# one for each name in messages.ASKS
SERVICES: Mapping[str, Service] = {
    "files.delete": run_files.delete,
    "files.list": run_files.list_page,
    "files.open": run_files.open_content,
    "files.write": run_files.write,
    "tasks.cancel": tasks.cancel,
    "tasks.start": tasks.start,
}
# which exception a refusal becomes inside the handler
_EXCEPTIONS = {400: "ValueError", 404: "FileNotFoundError"}
_FULL = "The server's disk is full."
_UNFORESEEN = "The server could not do this; its log says why."


def answer(run: Run, scratch: Path, question: Question) -> Reply:
    """Return the answer to a run's question, or a refusal in words; never raises."""
    close_old_connections()
    try:
        return SERVICES[question.what](run, scratch, question)
    except Refused as refused:
        return refusal(_EXCEPTIONS.get(refused.status, "OSError"), refused.message)
    except queue.LeaseLost:
        return refusal("OSError", "Another worker has this run.")
    except (DatabaseError, InterfaceError):
        _LOG.exception("the database is away: %s is refused", question.what)
        return refusal("OSError", "The server's database does not answer.")
    except OSError as error:
        _LOG.exception("what %s needs cannot be kept", question.what)
        return refusal("OSError", _FULL if room.is_lacking(error) else _UNFORESEEN)
    except Exception:  # noqa: BLE001  logged whole; the run is told so
        _LOG.exception("unforeseen in %s", question.what)
        return refusal("OSError", _UNFORESEEN)
    finally:
        close_old_connections()
