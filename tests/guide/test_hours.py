"""Opening hours, worked out by hand on a calendar. Monday is 23 November 2026."""

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from fieldref.guide.hours import Span, asks_on_holidays, opening, readable, valid_until, week

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


TABLE = (Path(__file__).parent / "hours.tsv").read_text("utf-8").splitlines()
CASES = list(csv.DictReader(TABLE, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_there_are_enough_cases_to_trust() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['hours']}@{case['now']}{case['country']}")
def test_what_is_said_of_hours_at_a_moment(case: dict[str, str]) -> None:
    found = opening(case["hours"], at(case["now"]), country=case["country"])
    expected = at(case["moment"]) if case["moment"] else None
    assert (found.state, found.until or found.opens) == (case["state"], expected), case["why"]


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (OFFICE, "unknown_now"),
        (NIGHT, "unknown_now"),
        ("Nov-Mar 00:00-24:00", "unknown_now"),
        (ONLY_OPENS, "unknown_now"),
        ("off", "unknown_now"),
        (WEEKDAYS_OR_ASK, "unknown_now"),
        ("24/7", "open"),
        ("Mo-Su 00:00-24:00", "open"),
        ('Tu 09:00-13:00 "by appointment"', "appointment"),
        ("", "unknown"),
        ("every morning", "unknown"),
        ("unknown", "unknown"),
    ],
)
def test_without_a_trusted_clock_only_what_is_so_at_any_time_is_said(hours: str, state: str) -> None:
    found = opening(hours, at("Mo 10:00"), trusted=False)
    assert (found.state, found.until, found.opens) == (state, None, None)


@pytest.mark.parametrize(
    ("hours", "country", "asks"),
    [
        ("Mo-Fr 09:00-17:00; PH off", "", True),
        ("Mo-Fr 09:00-17:00; PH off", "JO", True),
        ("Mo-Fr 09:00-17:00; PH off", "FR", False),
        ("Mo-Fr 09:00-17:00; SH off", "FR", True),
        ('Mo-Fr 09:00-17:00 "not on PH"', "", False),
        (OFFICE, "", False),
    ],
)
def test_holidays_that_nobody_knows_are_to_be_asked_for(hours: str, country: str, asks: bool) -> None:
    assert asks_on_holidays(hours, country) is asks


def test_a_week_and_the_next_change_know_the_holidays_of_the_country() -> None:
    shut, day = "Mo-Su 09:00-17:00; PH off", datetime(2027, 7, 14, 9, 30)
    assert [bool(each.spans) for each in week(shut, day.date(), country="FR")] == [False] + [True] * 6
    assert valid_until(day, [shut], country="FR") == datetime(2027, 7, 15)
    assert valid_until(day, [shut]) == datetime(2027, 7, 14, 16)


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
