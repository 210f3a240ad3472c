"""Schedules in English: what each phrase means, and which are refused with which words."""

import random

import pytest

from hotdash.localapi.runtime.cron import BadCron, check_cron
from hotdash.localapi.runtime.english import EXAMPLES, NotUnderstood, crons_of
from hotdash.localapi.runtime.english.words import MONTHS, UNITS, WEEKDAYS

MEANINGS = {
    # by the clock
    "every minute": "* * * * *",
    "every 15 minutes": "*/15 * * * *",
    "each five minutes": "*/5 * * * *",
    "every 60 minutes": "0 * * * *",
    "every second": "* * * * * *",
    "every 15 seconds": "*/15 * * * * *",
    "every 60 seconds": "0 * * * * *",
    "every 1 hour": "0 * * * *",
    "hourly": "0 * * * *",
    "every 6 hours": "0 */6 * * *",
    "every 24 hours": "0 0 * * *",
    "every hour at :30": "30 * * * *",
    "every hour at 15 minutes past the hour": "15 * * * *",
    "every two hours at 5 past": "5 */2 * * *",
    "every 15 minutes on weekdays": "*/15 * * * 1,2,3,4,5",
    "every hour on monday": "0 * * * 1",
    # times of the day
    "every day": "0 0 * * *",
    "daily at 9am": "0 9 * * *",
    "every day at noon": "0 12 * * *",
    "Every day at 4:00 PM.": "0 16 * * *",
    "every day at 12am": "0 0 * * *",
    "every day at 12:15 p.m.": "15 12 * * *",
    "every day at 9": "0 9 * * *",
    "at 10:00 am": "0 10 * * *",
    "9am UTC": "0 9 * * *",
    "noon and midnight": "0 0,12 * * *",
    "every day at 9:15, 12:15 and 5:15pm": "15 9,12,17 * * *",
    # days of the week
    "every monday at 9am": "0 9 * * 1",
    "every Monday at 2 PM": "0 14 * * 1",
    "on Sunday at 12:00": "0 12 * * 0",
    "7pm every Thursday": "0 19 * * 4",
    "midnight on Tuesdays": "0 0 * * 2",
    "every weekday at 18:30": "30 18 * * 1,2,3,4,5",
    "weekends at noon": "0 12 * * 0,6",
    "every mon, wed & fri at 8am": "0 8 * * 1,3,5",
    "monday to friday at 6am": "0 6 * * 1,2,3,4,5",
    "fri-mon": "0 0 * * 0,1,5,6",
    "weekly": "0 0 * * 0",
    "every week on tues at 7:05": "5 7 * * 2",
    "first monday of the month at 8am": "0 8 * * 1#1",
    "the second tues of march": "0 0 * 3 2#2",
    "last friday of every month at 17:00": "0 17 * * 5L",
    # days of the month
    "first day of the month at 6am": "0 6 1 * *",
    "last day of the month": "0 0 L * *",
    "last weekday of the month at 5pm": "0 17 LW * *",
    "run at midnight on the 1st and 15th of the month": "0 0 1,15 * *",
    "the 5th": "0 0 5 * *",
    "monthly": "0 0 1 * *",
    "every month on the 3rd at 3:33": "33 3 3 * *",
    # months
    "every 3 months at 6:00": "0 6 1 */3 *",
    "every quarter": "0 0 1 */3 *",
    "every 12 months": "0 0 1 1 *",
    "annually": "0 0 1 1 *",
    "every year on june 30 at noon": "0 12 30 6 *",
    "january 1st at 9am": "0 9 1 1 *",
    "1st of january and july": "0 0 1 1,7 *",
    "every day in june to august at 7am": "0 7 * 6,7,8 *",
    "nov to feb": "0 0 1 1,2,11,12 *",
}


@pytest.mark.parametrize("text", MEANINGS)
def test_a_phrase_means_what_a_reader_takes_it_for(text: str) -> None:
    assert crons_of(text) == (MEANINGS[text],)
    check_cron(text)


def test_times_of_different_minutes_are_several_crons() -> None:
    assert crons_of("every day at 9am and 5:30pm") == ("0 9 * * *", "30 17 * * *")


@pytest.mark.parametrize("text", EXAMPLES)
def test_what_a_refusal_names_is_understood(text: str) -> None:
    check_cron(text)


REFUSED = {
    "": "it says no time",
    "utc": "it says no time",
    "every": "it breaks off",
    "at": "it breaks off",
    "every monday at": "it breaks off",
    "monday to": "'to' is not expected there",
    "every fish": "'fish' is not expected there",
    "every 15": "it breaks off",
    "now and then": "'now' is not expected there",
    "every day !": "'!' is no word of a schedule",
    "every day at ٩am": "'٩am' is no word of a schedule",
    "every 7 minutes": "every 7 minutes does not divide evenly",
    "every 90 minutes": "every 90 minutes does not divide evenly",
    "every 0 minutes": "every 0 minutes does not divide evenly",
    "every 5 hours": "every 5 hours does not divide evenly",
    "every 2 days": "every 2 days does not divide evenly",
    "every 2 weeks": "every 2 weeks does not divide evenly",
    "every 2 years": "every 2 years does not divide evenly",
    "every 99999999999999999999 minutes": "does not divide evenly",
    "every other day": "every other one cannot be told",
    "every second monday": "every other one cannot be told",
    "every day at 25:00": "'25:00' is no time of the day",
    "every day at 9:60": "'9:60' is no time of the day",
    "every day at 13pm": "'13pm' is no time of the day",
    "every day at 0am": "'0am' is no time of the day",
    "every minute at 9am": "something every minute has no time of its own",
    "every day at :30": "minutes past the hour go with 'every hour'",
    "every hour at :75": "an hour has minutes from 0 to 59",
    "on monday and the 1st": "days of the week and days of the month do not go together",
    "friday the 13th": "days of the week and days of the month do not go together",
    "every day at 9am every day": "it says two things of one kind",
    "32nd": "no month has a day 32",
    "june 31st and june 30th": "it says two things of one kind",
    "seventh monday": "'seventh' is not expected there",
    "6th monday of the month": "no month has a 6th monday",
    "every " + "monday and " * 30: "it has more than 60 words",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_understood_is_refused_with_the_word(text: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        crons_of(text)
    assert REFUSED[text] in str(refused.value)


def test_a_refusal_says_what_would_be_understood() -> None:
    with pytest.raises(BadCron) as refused:
        check_cron("when the moon is full")
    words = str(refused.value)
    assert words.startswith("'when the moon is full' is no schedule: 'when' is not expected there.")
    assert all(example in words for example in EXAMPLES)


def test_a_day_that_never_comes_is_refused() -> None:
    with pytest.raises(BadCron, match="is no schedule: Bad day-of-month"):
        check_cron("february 30")


def test_any_words_are_a_schedule_or_refused_in_words() -> None:
    chance = random.Random(9)  # noqa: S311  the same words each time
    words = [
        *(*WEEKDAYS[:2], *MONTHS[:2], *UNITS, "every", "at", "on", "the", "of", "and", "to", "in"),
        *("first", "last", "2nd", "31st", "9am", "9", "am", ":15", "17:30", "noon", "weekday"),
        *("past", "other", "month", "5", "13", "utc", ",", "-"),
    ]
    understood = 0
    for _ in range(20_000):
        text = " ".join(chance.choices(words, k=chance.randint(1, 7)))
        try:
            check_cron(text)
        except BadCron:
            continue
        understood += 1
    assert understood > 100
