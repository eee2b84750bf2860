"""Hours as HSDS has them, and as people write them, become opening hours or are said to be unknown."""

from collections.abc import Mapping

import pytest

from fieldref.guide.schedules import Unclear, opening_hours, weekly
from fieldref.guide.tables import Row

OFFICE = {"freq": "WEEKLY", "byday": "SU,MO", "opens_at": "08:30", "closes_at": "17:00"}


def hours(*rows: Mapping[str, str]) -> str:
    return opening_hours([Row("schedules", line, row) for line, row in enumerate(rows, start=2)])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "Su,Mo 08:30-17:00"),
        ({"byday": "FR"}, "Fr 08:30-17:00"),
        ({"closes_at": ""}, "Su,Mo 08:30+"),
        ({"opens_at": "22:00", "closes_at": "02:00"}, "Su,Mo 22:00-02:00"),
        ({"opens_at": "18:00", "closes_at": "08:00"}, "Su,Mo 18:00-08:00"),
        ({"opens_at": "00:00", "closes_at": "23:59"}, "Su,Mo 00:00-24:00"),
        ({"closes_at": "24:00"}, "Su,Mo 08:30-24:00"),
        ({"closes_at": "13:00pm"}, "Su,Mo 08:30-13:00"),
        ({"closes_at": "5:00 PM"}, "Su,Mo 08:30-17:00"),
        ({"opens_at": "9am", "closes_at": "12pm"}, "Su,Mo 09:00-12:00"),
        ({"opens_at": "08.30", "closes_at": "17:00:00+02:00"}, "Su,Mo 08:30-17:00"),
        ({"freq": "DAILY", "byday": ""}, "Mo-Su 08:30-17:00"),
        ({"freq": "MONTHLY", "byday": "1MO,-1FR"}, "Mo[1],Fr[-1] 08:30-17:00"),
        ({"valid_from": "2026-11-01", "valid_to": "2027-03-31"}, "2026 Nov 01-2027 Mar 31 Su,Mo 08:30-17:00"),
        ({"opening_hours": "24/7"}, "24/7"),
        ({"byday": "TUE, Thursday,SU"}, "Tu,Th,Su 08:30-17:00"),
        ({"byday": "MO;TU"}, "Mo,Tu 08:30-17:00"),
        ({"interval": "1"}, "Su,Mo 08:30-17:00"),
        ({"opens_at": "00:00", "closes_at": "24:00"}, "Su,Mo 00:00-24:00"),
        ({"dtstart": "2026-11-01"}, "2026 Nov 01-2099 Dec 31 Su,Mo 08:30-17:00"),
        ({"until": "20261231T235959Z"}, "2000 Jan 01-2026 Dec 31 Su,Mo 08:30-17:00"),
        (
            {"valid_from": "2026-01-01", "dtstart": "2026-02-01", "until": "2026-10-31", "valid_to": "2026-12-31"},
            "2026 Feb 01-2026 Oct 31 Su,Mo 08:30-17:00",
        ),
        ({"opens_at": "08:30Z", "closes_at": "17:00Z", "timezone": "0"}, "Su,Mo 08:30-17:00"),
    ],
)
def test_a_row_becomes_opening_hours(changed: dict[str, str], expected: str) -> None:
    assert hours(OFFICE | changed) == expected


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"byday": ""}, "the days are missing"),
        ({"byday": "XX"}, "“XX” is no day"),
        ({"byday": "2MO"}, "which weeks"),
        ({"freq": "MONTHLY"}, "which weeks"),
        ({"opens_at": ""}, "the opening time is missing"),
        ({"opens_at": "", "closes_at": ""}, "the opening time is missing"),
        ({"opens_at": "00:00", "closes_at": ""}, "nobody's hours"),
        ({"opens_at": "morning"}, "“morning” is no time of day"),
        ({"opens_at": "25:00"}, "“25:00” is no time of day"),
        ({"opens_at": "8"}, "“8” is no time of day"),
        ({"opens_at": "08:00", "closes_at": "05:00"}, "cannot be right"),
        ({"opens_at": "08:00", "closes_at": "08:00"}, "cannot be right"),
        ({"interval": "2"}, "more than we can read"),
        ({"interval": "2"}, "only every 2 weeks"),
        ({"freq": "YEARLY"}, "more than we can read"),
        ({"count": "3"}, "more than we can read"),
        ({"byday": "THUR"}, "“THUR” is no day"),
        ({"opens_at": "08:30Z", "closes_at": "17:00Z"}, "those of Greenwich"),
        ({"valid_from": "2026-12-01", "until": "2026-11-01"}, "ends before it begins"),
        ({"bymonthday": "15"}, "more than we can read"),
        ({"valid_from": "soon"}, "its season"),
        ({"opening_hours": "every morning"}, "“every morning” cannot be read"),
    ],
)
def test_what_cannot_be_made_out_says_why(changed: dict[str, str], reason: str) -> None:
    with pytest.raises(Unclear, match=reason):
        hours(OFFICE | changed)


def test_rows_of_one_service_add_up() -> None:
    assert hours(OFFICE, OFFICE | {"byday": "SA"}) == "Su,Mo 08:30-17:00, Sa 08:30-17:00"


def test_one_unclear_row_makes_all_hours_unknown() -> None:
    with pytest.raises(Unclear):
        hours(OFFICE, OFFICE | {"byday": ""})


def test_a_row_that_only_describes_says_nothing_about_hours() -> None:
    assert hours({"freq": "WEEKLY", "description": "Ring any time"}) == ""


def test_where_there_is_a_text_the_rules_beside_it_only_repeat_it() -> None:
    assert (
        hours({"opening_hours": "Mo-Fr 09:00-17:00; PH off"}, OFFICE, OFFICE | {"byday": ""})
        == "Mo-Fr 09:00-17:00; PH off"
    )


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Mo-We 09:00-12:00,13:00-17:00", [("MO,TU,WE", "09:00", "12:00"), ("MO,TU,WE", "13:00", "17:00")]),
        ("Mo-Fr 09:00-17:00; Fr 09:00-12:00", [("MO,TU,WE,TH", "09:00", "17:00"), ("FR", "09:00", "12:00")]),
        ("Sa,Su 22:00-02:00", [("SA,SU", "22:00", "02:00")]),
        ("24/7", [("MO,TU,WE,TH,FR,SA,SU", "00:00", "23:59")]),
        ("Mo 09:00-17:00; PH off", []),
        ("Nov-Mar 18:00-08:00", []),
        ("Su-Th 13:00+", []),
        ('Mo 09:00-12:00 "by appointment"', []),
        ("", []),
    ],
)
def test_a_week_like_any_other_is_also_said_in_the_rules_of_the_standard(
    text: str, rules: list[tuple[str, str, str]]
) -> None:
    assert [(",".join(days), opens, closes) for days, opens, closes in weekly(text)] == rules
