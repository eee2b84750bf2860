"""Rows of schedules.csv, written as opening_hours or as in HSDS, become one opening_hours text."""

import re
from collections.abc import Sequence
from datetime import date, time

from fieldref.guide import hours
from fieldref.guide.tables import Row

DAYS = {"MO": "Mo", "TU": "Tu", "WE": "We", "TH": "Th", "FR": "Fr", "SA": "Sa", "SU": "Su"}
DAY_RULE = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*([ap]m)?(?:Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)
# A night shelter is open sixteen hours; "08:00 to 05:00" is an afternoon that somebody wrote in twelve hours.
LONGEST_NIGHT = 16 * 60
# What opening hours cannot be made of safely: rows that use these say more than we understand.
NOT_UNDERSTOOD = ("bymonthday", "byweekno", "byyearday", "count", "until")


class Unclear(Exception):
    """These hours cannot be made out; the message says why, in words."""


def opening_hours(rows: Sequence[Row]) -> str:
    """Return the hours that *rows*, all those of one service, say; "" if they say nothing about hours.

    An open end ("13:00+") is a closing time that is missing. Raises Unclear if any row cannot be made out:
    hours made of the others would call the service closed when it is not.
    """
    said = [hours_of for hours_of in map(_row, rows) if hours_of]
    together = ", ".join(said)
    if together and not hours.readable(together):
        raise Unclear(f"“{together}” cannot be read as opening hours")
    return together


def _row(row: Row) -> str:
    if row["opening_hours"]:
        return row["opening_hours"]
    if not any(row[column] for column in ("byday", "opens_at", "closes_at")):
        return ""
    days = _days(row)
    if not row["opens_at"]:
        raise Unclear("the opening time is missing")
    return " ".join(filter(None, (_season(row), days, _span(_time(row["opens_at"]), row["closes_at"]))))


def _days(row: Row) -> str:
    if any(row[column] for column in NOT_UNDERSTOOD) or row["interval"] not in ("", "1"):
        raise Unclear("its rule for the days is more than we can read")
    if row["freq"].upper() == "DAILY" and not row["byday"]:
        return "Mo-Su"
    if not row["byday"]:
        raise Unclear("the days are missing")
    return ",".join(_day(row, word.strip().upper()) for word in row["byday"].split(","))


def _day(row: Row, word: str) -> str:
    found = DAY_RULE.fullmatch(word)
    if not found:
        raise Unclear(f"“{word}” is no day")
    which, day = found.groups()
    if (row["freq"].upper() == "MONTHLY") != bool(which):
        raise Unclear("it does not say which weeks of the month")
    return f"{DAYS[day]}[{int(which)}]" if which else DAYS[day]


def _season(row: Row) -> str:
    if not row["valid_from"] and not row["valid_to"]:
        return ""
    try:
        begins = date.fromisoformat(row["valid_from"] or "2000-01-01")
        ends = date.fromisoformat(row["valid_to"] or "2099-12-31")
    except ValueError:
        raise Unclear("its season is no pair of days, like 2026-11-20") from None
    return f"{_month(begins)}-{_month(ends)}"


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
