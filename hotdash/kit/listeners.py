"""Who listens: the handlers of the deployed builds, project by project."""

from dataclasses import dataclass
from functools import partial

from hotdash.gateway.errors import GatewayError
from hotdash.gateway.handlers import EventHandler, list_event_handlers
from hotdash.gateway.pages import Page
from hotdash.gateway.projects import list_projects
from hotdash.gateway.together import attempt, together
from hotdash.gateway.upstream import Gateway
from hotdash.kit.formats import plural

MOST_PROJECTS = 4  # asked for their handlers, all at once: a call each is what the API has


@dataclass(frozen=True)
class Listeners:
    """The handlers that were read; `trouble` says why those of a project are missing."""

    handlers: tuple[EventHandler, ...] = ()
    projects: int = 0
    left_out: int = 0
    trouble: GatewayError | None = None

    @property
    def types(self) -> list[str]:
        """Every event type that a function listens for."""
        return sorted({handler.event_type for handler in self.handlers if handler.event_type})

    @property
    def is_whole(self) -> bool:
        """Whether these are all the handlers of the environment."""
        return not self.left_out and self.trouble is None

    def of(self, event_type: str) -> tuple[EventHandler, ...]:
        """Return who listens for events of this type."""
        return tuple(handler for handler in self.handlers if handler.event_type == event_type)

    @property
    def searched(self) -> str:
        """What was read, in words."""
        words = f"Read the deployed builds of {plural(self.projects, 'project')}"
        return f"{words}; {self.left_out} more were not." if self.left_out else f"{words}."


def read_listeners(gateway: Gateway) -> Listeners:
    """Return the handlers of the active projects; raise only if the projects cannot be read."""
    found = list_projects(gateway)
    active = [project for project in found if project.is_active]
    asked = active[:MOST_PROJECTS]
    left_out = len(active) - len(asked) + found.total - len(found)
    calls = [
        partial(attempt, partial(list_event_handlers, gateway, project.project_id))
        for project in asked
    ]
    answers = together(*calls) if calls else ()
    pages = [answer for answer in answers if isinstance(answer, Page)]
    trouble = next((answer for answer in answers if isinstance(answer, GatewayError)), None)
    handlers = tuple(handler for page in pages for handler in page)
    return Listeners(handlers, len(asked), left_out, trouble)
