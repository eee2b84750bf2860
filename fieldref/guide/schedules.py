"""Rows of schedules.csv, written as opening_hours or as in HSDS, become one opening_hours text; and back."""

import re
from collections.abc import Sequence
from datetime import date, time

from fieldref.guide import hours
from fieldref.guide.tables import Row

DAYS = {"MO": "Mo", "TU": "Tu", "WE": "We", "TH": "Th", "FR": "Fr", "SA": "Sa", "SU": "Su"}
# MO as the standard has it, MON and MONDAY as people write it all the same.
DAY_RULE = re.compile(
    r"([+-]?[1-5])?(?:(MO)(?:N(?:DAY)?)?|(TU)(?:E(?:SDAY)?)?|(WE)(?:D(?:NESDAY)?)?|(TH)(?:U(?:RSDAY)?)?"
    r"|(FR)(?:I(?:DAY)?)?|(SA)(?:T(?:URDAY)?)?|(SU)(?:N(?:DAY)?)?)"
)
# A week like any other, said in days and times alone.
PLAIN_WEEK = re.compile(r"(?:(?:Mo|Tu|We|Th|Fr|Sa|Su|24/7|\d\d:\d\d)[-,; ]*)+")
A_MONDAY = date(2026, 11, 23)
TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*([ap]m)?(?:Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)
# A night shelter is open sixteen hours; "08:00 to 05:00" is an afternoon that somebody wrote in twelve hours.
LONGEST_NIGHT = 16 * 60
# What opening hours cannot be made of safely: rows that use these say more than we understand.
NOT_UNDERSTOOD = ("bymonthday", "byweekno", "byyearday", "count")
FREQUENCIES = ("", "DAILY", "WEEKLY", "MONTHLY")


class Unclear(Exception):
    """These hours cannot be made out; the message says why, in words."""


def opening_hours(rows: Sequence[Row]) -> str:
    """Return the hours that *rows*, all those of one service, say; "" if they say nothing about hours.

    Where a row has an opening_hours text, rows without one only repeat it for others. An open end ("13:00+") is
    a closing time that is missing. Raises Unclear if any row cannot be made out: hours made of the others would
    call the service closed when it is not.
    """
    texts = [row for row in rows if row["opening_hours"]]
    said = [hours_of for hours_of in map(_row, texts or rows) if hours_of]
    together = ", ".join(said)
    if together and not hours.readable(together):
        raise Unclear(f"“{together}” cannot be read as opening hours")
    return together


def weekly(text: str) -> list[tuple[tuple[str, ...], str, str]]:
    """The days (MO), opening and closing times of *text*, where it is a week like any other; else nothing."""
    if not PLAIN_WEEK.fullmatch(text) or not hours.readable(text):
        return []
    found: dict[tuple[str, str], list[str]] = {}
    for code, day in zip(DAYS, hours.week(text, A_MONDAY), strict=True):
        for span in day.spans:
            closes = "23:59" if span.closes in (None, time()) else f"{span.closes:%H:%M}"
            found.setdefault((f"{span.opens:%H:%M}", closes), []).append(code)
    return [(tuple(days), opens, closes) for (opens, closes), days in found.items()]


def _row(row: Row) -> str:
    if row["opening_hours"]:
        return row["opening_hours"]
    if not any(row[column] for column in ("byday", "opens_at", "closes_at")):
        return ""
    days = _days(row)
    if not row["opens_at"]:
        raise Unclear("the opening time is missing")
    # Whoever writes Z means the time in Greenwich, or did not think of it; which, nobody can tell from here.
    if row["timezone"] not in ("0", "+00:00") and any(row[name].endswith("Z") for name in ("opens_at", "closes_at")):
        raise Unclear("its times are those of Greenwich (Z), not of the place")
    return " ".join(filter(None, (_season(row), days, _span(_time(row["opens_at"]), row["closes_at"]))))


def _days(row: Row) -> str:
    if any(row[column] for column in NOT_UNDERSTOOD) or row["freq"].upper() not in FREQUENCIES:
        raise Unclear("its rule for the days is more than we can read")
    if row["interval"] not in ("", "1", "1.0"):
        raise Unclear(f"it is only every {row['interval']} weeks or months, which is more than we can read")
    if row["freq"].upper() == "DAILY" and not row["byday"]:
        return "Mo-Su"
    if not row["byday"]:
        raise Unclear("the days are missing")
    return ",".join(_day(row, word.strip().upper()) for word in re.split("[,;]", row["byday"]))


def _day(row: Row, word: str) -> str:
    found = DAY_RULE.fullmatch(word)
    if not found:
        raise Unclear(f"“{word}” is no day")
    which = found[1]
    day = DAYS[next(filter(None, found.groups()[1:]))]
    if (row["freq"].upper() == "MONTHLY") != bool(which):
        raise Unclear("it does not say which weeks of the month")
    return f"{day}[{int(which)}]" if which else day


def _season(row: Row) -> str:
    """The days between which the row holds: from the later of its beginnings to the earlier of its ends."""
    begins = [_date(row[column]) for column in ("valid_from", "dtstart") if row[column]]
    ends = [_date(row[column]) for column in ("valid_to", "until") if row[column]]
    if not begins and not ends:
        return ""
    first, last = max(begins, default=date(2000, 1, 1)), min(ends, default=date(2099, 12, 31))
    if first > last:
        raise Unclear("its season ends before it begins")
    return f"{_month(first)}-{_month(last)}"


def _date(words: str) -> date:
    """Read 2026-11-20, and 20261120T170000Z as calendars have it."""
    try:
        return date.fromisoformat(words.split("T")[0])
    except ValueError:
        raise Unclear(f"its season is no pair of days, like 2026-11-20 (“{words}”)") from None


def _month(day: date) -> str:
    # Not strftime: month names must be English whatever the machine speaks.
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{day.year} {names[day.month - 1]} {day.day:02}"


def _span(opens: time, closes_at: str) -> str:
    if not closes_at:
        if opens == time():
            raise Unclear("it opens at 00:00 and has no closing time; that is nobody's hours")
        return f"{opens:%H:%M}+"
    closes = _time(closes_at)
    # HSDS writes a whole day as 00:00 to 23:59.
    if closes in (time(), time(23, 59)):
        return f"{opens:%H:%M}-24:00"
    minutes = (closes.hour - opens.hour) * 60 + closes.minute - opens.minute
    if minutes == 0 or (minutes < 0 and minutes + 24 * 60 > LONGEST_NIGHT):
        raise Unclear(f"{opens:%H:%M} to {closes:%H:%M} cannot be right")
    return f"{opens:%H:%M}-{closes:%H:%M}"


def _time(words: str) -> time:
    """Read 9:00, 09.00, 1:00pm, 24:00, and 13:00pm for what it must mean."""
    found = TIME.fullmatch(words.strip())
    if not found or not (found[2] or found[3]):
        raise Unclear(f"“{words}” is no time of day")
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if (hour, minute) == (24, 0):
        hour = 0
    try:
        return time(hour, minute)
    except ValueError:
        raise Unclear(f"“{words}” is no time of day") from None
