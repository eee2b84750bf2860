"""Opening hours, worked out by hand on a calendar. Monday is 23 November 2026."""

from datetime import date, datetime, time, timedelta

import pytest

from fieldref.guide.hours import Span, opening, readable, valid_until, week

MONDAY = date(2026, 11, 23)
DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "Mo+1"]
OFFICE = "Mo-Fr 09:00-17:00"
NIGHT = "Mo-Su 22:00-02:00"
TWICE_A_DAY = "Mo-Su 08:00-12:00,14:00-20:00"
WEEKDAYS_OR_ASK = 'Mo-Fr 09:00-17:00; Sa 09:00-17:00 "by appointment"'
ONLY_OPENS = "Su-Th 13:00+"


def at(words: str) -> datetime:
    """`Tu 09:30` of that week, or a day as it is written in full."""
    if words[0].isdigit():
        return datetime.fromisoformat(words)
    day, clock = words.split()
    return datetime.combine(MONDAY + timedelta(days=DAYS.index(day)), time.fromisoformat(clock))


@pytest.mark.parametrize(
    ("hours", "now", "state", "moment"),
    [
        (OFFICE, "Mo 08:59", "closed", "Mo 09:00"),
        (OFFICE, "Mo 09:00", "open", "Mo 17:00"),
        (OFFICE, "Mo 15:59", "open", "Mo 17:00"),
        (OFFICE, "Mo 16:00", "closes_soon", "Mo 17:00"),
        (OFFICE, "Mo 16:59", "closes_soon", "Mo 17:00"),
        (OFFICE, "Mo 17:00", "closed", "Tu 09:00"),
        (OFFICE, "Fr 17:00", "closed", "Mo+1 09:00"),
        (OFFICE, "Sa 12:00", "closed", "Mo+1 09:00"),
        ("24/7", "Su 03:00", "open", None),
        ("Mo-Su 00:00-24:00", "Su 23:59", "open", None),
        ("24/7; Mo 10:00-11:00 off", "Mo 09:30", "closes_soon", "Mo 10:00"),
        ("24/7; Mo 10:00-11:00 off", "Mo 10:30", "closed", "Mo 11:00"),
        (NIGHT, "Mo 21:59", "closed", "Mo 22:00"),
        (NIGHT, "Mo 23:00", "open", "Tu 02:00"),
        (NIGHT, "Tu 00:30", "open", "Tu 02:00"),
        (NIGHT, "Tu 01:00", "closes_soon", "Tu 02:00"),
        (NIGHT, "Tu 02:00", "closed", "Tu 22:00"),
        ("Fr 20:00-26:00", "Sa 00:30", "open", "Sa 02:00"),
        ("Fr 20:00-26:00", "Sa 02:00", "closed", "2026-12-04 20:00"),
        ("Mo 09:00-24:00; Tu 00:00-08:00", "Mo 23:30", "open", "Tu 08:00"),
        (TWICE_A_DAY, "Mo 11:30", "closes_soon", "Mo 12:00"),
        (TWICE_A_DAY, "Mo 13:00", "closed", "Mo 14:00"),
        (TWICE_A_DAY, "Mo 20:00", "closed", "Tu 08:00"),
        ("Mo 08:00-12:00, Mo 14:00-18:00", "Mo 15:00", "open", "Mo 18:00"),
        ('Mo 08:00-12:00 "women", Mo 12:00-16:00', "Mo 11:30", "open", "Mo 16:00"),
        ("Nov-Mar 18:00-08:00", "Mo 07:30", "closes_soon", "Mo 08:00"),
        ("Nov-Mar 18:00-08:00", "Mo 08:00", "closed", "Mo 18:00"),
        ("Jun-Aug 10:00-12:00", "Mo 11:00", "closed", "2027-06-01 10:00"),
        ("2026 Nov 24-2026 Nov 26 08:00-16:00", "Mo 10:00", "closed", "Tu 08:00"),
        ("2026 Nov 24-2026 Nov 26 08:00-16:00", "Th 16:00", "closed", None),
        ("Su[1] 10:00-12:00", "Mo 10:00", "closed", "2026-12-06 10:00"),
        ("Tu,Fr 10:00-13:00; PH off", "Tu 10:30", "open", "Tu 13:00"),
        ("PH 10:00-12:00", "Mo 11:00", "closed", None),
        ("Mo-Fr off", "Mo 11:00", "closed", None),
        ("off", "Mo 11:00", "closed", None),
        ('"by appointment"', "Mo 11:00", "appointment", None),
        ('Tu 09:00-13:00 "by appointment"', "Tu 10:00", "appointment", None),
        ('Tu 09:00-13:00 "by appointment"', "Mo 10:00", "appointment", None),
        (WEEKDAYS_OR_ASK, "Sa 10:00", "appointment", None),
        (WEEKDAYS_OR_ASK, "Fr 18:00", "closed", "Mo+1 09:00"),
        ('Mo-Fr 09:00-17:00 unknown "call first"', "Mo 10:00", "appointment", None),
        ("Mo-Fr unknown", "Mo 10:00", "unknown", None),
        (ONLY_OPENS, "Mo 12:00", "closed", "Mo 13:00"),
        (ONLY_OPENS, "Mo 14:00", "unknown", None),
        (ONLY_OPENS, "Fr 14:00", "closed", "Su 13:00"),
        ("", "Mo 10:00", "unknown", None),
        ("every morning", "Mo 10:00", "unknown", None),
        ("Mo-Fr 9-5", "Mo 10:00", "unknown", None),
        ("sunrise-sunset", "Mo 12:00", "unknown", None),
        ("easter Mo", "Mo 12:00", "closed", None),
    ],
)
def test_what_is_said_of_hours_at_a_moment(hours: str, now: str, state: str, moment: str | None) -> None:
    found = opening(hours, at(now))
    assert (found.state, found.until or found.opens) == (state, at(moment) if moment else None)


def test_an_open_service_says_when_it_closes_and_a_closed_one_when_it_opens() -> None:
    assert opening(OFFICE, at("Mo 10:00")).opens is None
    assert opening(OFFICE, at("Mo 18:00")).until is None


def test_a_week_is_seven_days_from_today_each_with_its_spans() -> None:
    days = week(TWICE_A_DAY + "; Su off", MONDAY)
    assert [day.date.day for day in days] == [23, 24, 25, 26, 27, 28, 29]
    assert days[0].spans == (Span(time(8), time(12)), Span(time(14), time(20)))
    assert days[6].spans == ()


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    assert all(day.spans == (Span(time(22), time(2)),) for day in week(NIGHT, MONDAY))


def test_always_open_is_all_day_every_day() -> None:
    assert all(day.spans[0].all_day and len(day.spans) == 1 for day in week("24/7", MONDAY))


def test_more_than_a_day_is_cut_at_midnight() -> None:
    days = week("Sa 20:00-24:00; Su 00:00-24:00; Mo 00:00-08:00", MONDAY)
    assert days[0].spans == (Span(time(0), time(8)),)
    assert days[5].spans == (Span(time(20), time(0)),)
    assert days[6].spans[0].all_day


def test_a_week_shows_what_is_by_appointment_and_what_has_no_known_end() -> None:
    assert week(WEEKDAYS_OR_ASK, MONDAY)[5].spans == (Span(time(9), time(17), "appointment"),)
    assert week(ONLY_OPENS, MONDAY)[0].spans == (Span(time(13), None),)


@pytest.mark.parametrize("hours", ["", "every morning", "sunrise-sunset"])
def test_hours_that_are_not_known_have_no_week(hours: str) -> None:
    assert week(hours, MONDAY) == ()
    assert not readable(hours)


@pytest.mark.parametrize(
    ("hours", "now", "changes"),
    [
        ([OFFICE], "Mo 07:00", "Mo 09:00"),
        ([OFFICE], "Mo 10:00", "Mo 16:00"),
        ([OFFICE], "Mo 16:00", "Mo 17:00"),
        ([OFFICE], "Mo 17:00", "Tu 00:00"),
        ([OFFICE, TWICE_A_DAY], "Mo 10:00", "Mo 11:00"),
        (["", "24/7"], "Mo 10:00", "Tu 00:00"),
        ([], "Mo 10:00", "Tu 00:00"),
    ],
)
def test_what_is_said_stays_true_until_the_next_change_or_midnight(hours: list[str], now: str, changes: str) -> None:
    assert valid_until(at(now), hours) == at(changes)
