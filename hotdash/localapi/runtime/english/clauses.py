"""Reads the clauses of an English schedule, in one pass over its words."""

from hotdash.localapi.runtime.english.plan import Plan
from hotdash.localapi.runtime.english.words import (
    MONTHS,
    UNITS,
    WEEKDAYS,
    NotUnderstood,
    count_of,
    ordinal_of,
    range_of,
    words_of,
)

_WORKDAYS = WEEKDAYS[1:6]
_WEEKEND = [WEEKDAYS[6], WEEKDAYS[0]]
_CLOCK = {"noon": (12, 0), "midday": (12, 0), "midnight": (0, 0)}


class Clauses:
    """One text that is read once."""

    def __init__(self, text: str) -> None:
        self._words = words_of(text)
        self._at = 0
        self._plan = Plan()

    def read(self) -> Plan:
        """Return what the text says; raise NotUnderstood."""
        self._take("run")
        while self._at < len(self._words):
            self._clause()
            self._take("and")
        return self._plan

    def _clause(self) -> None:
        leads = {
            "every": self._every,
            "at": self._times,
            "on": self._days,
            "in": self._months,
            "of": self._of,
            "utc": self._utc,
        }
        for word, read in leads.items():
            if self._take(word):
                read()
                return
        if self._is_time():
            self._times()
        else:
            self._days()

    def _utc(self) -> None:
        """Nothing changes: all times are."""

    def _every(self) -> None:
        if self._next in {"second", "other"} and self._after in {*WEEKDAYS, "day", "week"}:
            raise NotUnderstood("every other one cannot be told: cron counts within a month")
        count = count_of(self._next)
        if count is not None:
            self._at += 1
        if count is None and self._next not in UNITS:
            self._days()
            return
        if self._next not in UNITS:
            raise self._unexpected()
        self._plan.say(unit=self._word())
        self._plan.count = 1 if count is None else count

    def _days(self) -> None:
        self._take("the")
        if self._next in {*WEEKDAYS, "weekday", "weekend"}:
            self._plan.say(weekdays=self._weekdays())
        elif self._next in MONTHS:
            self._months()
        elif self._next == "last" or ordinal_of(self._next) is not None:
            self._ordinals()
        else:
            raise self._unexpected()

    def _weekdays(self) -> list[str]:
        found: list[str] = []
        while True:
            day = self._word()
            if day in {"weekday", "weekend"}:
                found += _WORKDAYS if day == "weekday" else _WEEKEND
            elif self._next == "to" and self._after in WEEKDAYS:
                self._at += 1
                found += range_of(WEEKDAYS, day, self._word())
            else:
                found.append(day)
            if not self._goes_on({*WEEKDAYS, "weekday", "weekend"}):
                return sorted(set(found), key=WEEKDAYS.index)

    def _ordinals(self) -> None:
        number = "L" if self._next == "last" else str(ordinal_of(self._next))
        if self._after in WEEKDAYS:
            self._at += 1
            day = str(WEEKDAYS.index(self._word()))
            if number not in {"L", "1", "2", "3", "4", "5"}:
                raise NotUnderstood(f"no month has a {number}th {WEEKDAYS[int(day)]}")
            self._plan.say(weekdays=[f"{day}L" if number == "L" else f"{day}#{number}"])
            return
        if number == "L" and self._after == "weekday":
            self._at += 2
            self._plan.say(month_days=["LW"])
            return
        self._month_days()

    def _month_days(self) -> None:
        found: list[str] = []
        while True:
            word = self._word()
            number = ordinal_of(word) if word != "last" else None
            found.append("L" if word == "last" else _day_of_month(number))
            self._take("day")
            if not (self._next == "and" and self._is_ordinal(self._after)):
                self._plan.say(month_days=found)
                return
            self._at += 1
            self._take("the")

    def _of(self) -> None:
        self._take("the")
        self._take("every")
        if not self._take("month"):
            self._months()

    def _months(self) -> None:
        if self._next not in MONTHS:
            raise self._unexpected()
        found: list[str] = []
        while True:
            month = self._word()
            if self._next == "to" and self._after in MONTHS:
                self._at += 1
                found += range_of(MONTHS, month, self._word())
            else:
                found.append(month)
            if not self._goes_on(set(MONTHS)):
                break
        self._plan.say(months=sorted(set(found), key=MONTHS.index))
        day = ordinal_of(self._next) or count_of(self._next)
        if day is not None and not self._is_time():
            self._at += 1
            self._plan.say(month_days=[_day_of_month(day)])

    def _times(self) -> None:
        if self._next.startswith(":") or self._after in {"minute", "past"}:
            self._past()
            return
        found = [self._time()]
        while self._next == "and":
            self._at += 1
            if not self._is_time() and count_of(self._next) is None:
                self._at -= 1
                break
            found.append(self._time())
        self._plan.say(times=found)

    def _past(self) -> None:
        minutes = count_of(self._word().removeprefix(":"))
        if self._take("minute") or self._next == "past":
            self._expect("past")
            if self._take("the"):
                self._expect("hour")
        if minutes is None or minutes > 59:
            raise NotUnderstood("an hour has minutes from 0 to 59")
        self._plan.say(past=minutes)

    def _time(self) -> tuple[int, int]:
        word = self._word()
        if word in _CLOCK:
            return _CLOCK[word]
        hour_text, _, minute_text = word.partition(":")
        hour, minute = count_of(hour_text), count_of(minute_text or "0")
        half = self._word() if self._next in {"am", "pm"} else ""
        if hour is None or minute is None or minute > 59 or not _is_hour(hour, half):
            raise NotUnderstood(f"'{word}{half}' is no time of the day")
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        return hour, minute

    def _is_time(self) -> bool:
        is_clock = self._next in _CLOCK or ":" in self._next
        return is_clock or (count_of(self._next) is not None and self._after in {"am", "pm"})

    def _is_ordinal(self, word: str) -> bool:
        if word == "the":
            word = self._words[self._at + 2] if self._at + 2 < len(self._words) else ""
        return word == "last" or ordinal_of(word) is not None

    def _goes_on(self, names: set[str]) -> bool:
        if self._next == "and" and self._after in names:
            self._at += 1
            return True
        return False

    @property
    def _next(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""

    @property
    def _after(self) -> str:
        return self._words[self._at + 1] if self._at + 1 < len(self._words) else ""

    def _word(self) -> str:
        word = self._next
        if not word:
            raise self._unexpected()
        self._at += 1
        return word

    def _take(self, word: str) -> bool:
        is_there = self._next == word
        self._at += is_there
        return is_there

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise self._unexpected()

    def _unexpected(self) -> NotUnderstood:
        if not self._next:
            return NotUnderstood("it breaks off")
        return NotUnderstood(f"{self._next[:20]!r} is not expected there")


def _is_hour(hour: int, half: str) -> bool:
    return 1 <= hour <= 12 if half else 0 <= hour <= 23


def _day_of_month(number: int | None) -> str:
    if number is None or not 1 <= number <= 31:
        raise NotUnderstood(f"no month has a day {number}")
    return str(number)
