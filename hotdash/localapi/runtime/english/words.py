"""The words of an English schedule, and what they stand for."""

import re

_MAX_WORDS = 60
_WORD = re.compile(r"\s*(?:(\d{1,2}:\d{2}|:\d{2}|\d+(?:st|nd|rd|th)|\d+|[a-z]+|[,&-])|$)", re.ASCII)

WEEKDAYS = "sunday monday tuesday wednesday thursday friday saturday".split()  # noqa: SIM905  read as words
MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905  as above
)
UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
_COUNTS = "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905  as above
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_SHORT = {"sept": "september", "tues": "tuesday", "wednes": "wednesday", "thurs": "thursday"}
_SAME = {
    "&": "and",
    ",": "and",
    "-": "to",
    "through": "to",
    "thru": "to",
    "until": "to",
    "till": "to",
    "each": "every",
    "secs": "second",
    "sec": "second",
    "mins": "minute",
    "min": "minute",
    "hrs": "hour",
    "hr": "hour",
    "annually": "yearly",
}
_ADVERBS = {
    "hourly": "hour",
    "daily": "day",
    "nightly": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
}


class NotUnderstood(Exception):
    """A text that is no schedule in English; it says which word stands in the way."""


def words_of(text: str) -> list[str]:
    """Return the words of a text, each in its one form: lower case, singular, in full."""
    text = text.lower().replace("a.m.", "am").replace("p.m.", "pm").strip().rstrip(" .")
    found: list[str] = []
    at = 0
    while at < len(text):
        match = _WORD.match(text, at)
        if match is None or match[1] is None:
            raise NotUnderstood(f"{text[at:].split()[0][:20]!r} is no word of a schedule")
        found += _in_full(match[1])
        at = match.end()
    if len(found) > _MAX_WORDS:
        raise NotUnderstood(f"it has more than {_MAX_WORDS} words")
    return found


def _in_full(word: str) -> list[str]:
    word = _SAME.get(word, word)
    if word in _ADVERBS:
        return ["every", _ADVERBS[word]]
    for known in (*WEEKDAYS, *MONTHS):
        if word in (known, f"{known}s", known[:3]) or _SHORT.get(word) == known:
            return [known]
    for known in (*UNITS, "weekday", "weekend"):
        if word == f"{known}s":
            return [known]
    return [word]


def count_of(word: str) -> int | None:
    """Return the number that a word counts, None if it counts nothing."""
    if word.isdigit():
        return int(word[:6])
    return _COUNTS.index(word) if word in _COUNTS else None


def ordinal_of(word: str) -> int | None:
    """Return the number of an ordinal, None if it is none."""
    if word[-2:] in {"st", "nd", "rd", "th"} and word[:-2].isdigit():
        return int(word[:-2][:6])
    return _ORDINALS.get(word)


def range_of(names: list[str], first: str, last: str) -> list[str]:
    """Return the names from one to another, over the end of the list where need be."""
    start, end = names.index(first), names.index(last)
    return names[start : end + 1] if start <= end else names[start:] + names[: end + 1]
