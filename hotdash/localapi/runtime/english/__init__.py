"""Schedules in English: `every monday at 9am` becomes cron, in one pass over at most 60 words.

Libraries that do this guess, or are kept by nobody; here what is not understood is refused, since
a schedule that was guessed wrong is noticed when it did not run.
"""

from hotdash.localapi.runtime.english.clauses import Clauses
from hotdash.localapi.runtime.english.words import NotUnderstood

__all__ = ["EXAMPLES", "NotUnderstood", "crons_of"]

EXAMPLES = (
    "every 15 minutes",
    "every hour at :30",
    "every day at 9am and 5:30pm",
    "every weekday at 18:30",
    "every monday and thursday at noon",
    "first monday of the month at 8am",
    "on the 1st and 15th of the month at midnight",
    "last day of march at 23:00",
)


def crons_of(text: str) -> tuple[str, ...]:
    """Return the cron texts that together mean the same; raise NotUnderstood in words.

    They have five fields, or six with seconds first.
    """
    return Clauses(text).read().crons()
