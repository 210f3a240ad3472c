"""What an English schedule says, and the cron texts that mean the same."""

from dataclasses import dataclass, field

from hotdash.localapi.runtime.english.words import MONTHS, WEEKDAYS, NotUnderstood

_WHOLE = {"second": 60, "minute": 60, "hour": 24, "month": 12}
_SMALL = ("second", "minute", "hour")


@dataclass
class Plan:
    """The clauses of one schedule; each is said at most once."""

    unit: str | None = None
    count: int = 1
    times: list[tuple[int, int]] = field(default_factory=list)  # hour, minute
    past: int | None = None  # minutes past each hour
    weekdays: list[str] = field(default_factory=list)  # names, or cron such as 1#2
    month_days: list[str] = field(default_factory=list)  # numbers, or cron such as L
    months: list[str] = field(default_factory=list)  # names

    def say(self, **clause: object) -> None:
        """Take in a clause; raise NotUnderstood for a second one of its kind."""
        for name, value in clause.items():
            if getattr(self, name) not in (None, []):
                raise NotUnderstood("it says two things of one kind")
            setattr(self, name, value)

    def crons(self) -> tuple[str, ...]:
        """Return the cron texts; raise NotUnderstood for what cron cannot mean."""
        self._check()
        days = self._days()
        if self.unit == "second":
            return (f"{_every(self.count, 60)} * * {days}",)
        if self.unit == "minute":
            return (f"{_every(self.count, 60)} * {days}",)
        if self.unit == "hour":
            return (f"{self.past or 0} {_every(self.count, 24)} {days}",)
        hours: dict[int, set[int]] = {}
        for hour, minute in self.times or [(0, 0)]:
            hours.setdefault(minute, set()).add(hour)
        return tuple(
            f"{minute} {','.join(map(str, sorted(found)))} {days}"
            for minute, found in sorted(hours.items())
        )

    def _check(self) -> None:
        if self == Plan():
            raise NotUnderstood("it says no time")
        if self.times and self.unit in _SMALL:
            raise NotUnderstood(f"something every {self.unit} has no time of its own")
        if self.past is not None and self.unit != "hour":
            raise NotUnderstood("minutes past the hour go with 'every hour'")
        if self.weekdays and self.month_days:
            raise NotUnderstood("days of the week and days of the month do not go together")
        if not self._is_even():
            raise NotUnderstood(
                f"every {self.count} {self.unit}s does not divide evenly: cron would begin anew "
                "in between"
            )

    def _is_even(self) -> bool:
        if self.unit is None or self.count == 1:
            return True
        whole = _WHOLE.get(self.unit, 0)
        return 0 < self.count <= whole and whole % self.count == 0

    def _days(self) -> str:
        month_days, months, weekdays = self.month_days, self._months(), self.weekdays
        if self.unit == "week" and not weekdays:
            weekdays = ["sunday"]
        if not weekdays and not month_days and self._is_once_a_month():
            month_days = ["1"]
        return " ".join(
            (
                ",".join(month_days) or "*",
                months,
                ",".join(_weekday(day) for day in weekdays) or "*",
            )
        )

    def _is_once_a_month(self) -> bool:
        in_months_alone = self.unit is None and bool(self.months)
        return self.unit in {"month", "quarter", "year"} or in_months_alone

    def _months(self) -> str:
        if self.months:
            return ",".join(str(MONTHS.index(month) + 1) for month in self.months)
        if self.unit == "month":
            return _every(self.count, 12, first=1)
        return {"quarter": "*/3", "year": "1"}.get(self.unit or "", "*")


def _every(count: int, whole: int, first: int = 0) -> str:
    if count == 1:
        return "*"
    return f"*/{count}" if count < whole else str(first)


def _weekday(name: str) -> str:
    return str(WEEKDAYS.index(name)) if name in WEEKDAYS else name
