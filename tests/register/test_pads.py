"""The slips of a pad become referrals where somebody agreed, and are counted where nobody did."""

from datetime import date, timedelta

import pytest

from fieldref.register.codes import new_code, printed
from fieldref.register.pads import LONGEST_AGO, Pad, days, read_pad, sure
from fieldref.register.records import Referral, Tally, append

TODAY = date(2026, 11, 22)
PAD = Pad(date(2026, 11, 21), "border", "fa")
SERVICES = {"hostel": ("shelter",), "kitchen": ("food",)}
TICKED = {"code": printed(new_code()), "need": "food", "service": "kitchen", "consent": "yes"}


def read(db, *rows):
    return read_pad(db, rows, PAD, SERVICES)


def wrong(db, **changed):
    return read(db, TICKED | changed)[0].wrong


def test_a_row_with_a_yes_is_a_referral_of_the_day_on_the_sheet(open_shift) -> None:
    (row,) = read(open_shift, TICKED | {"sex": "female", "age_band": "18-59", "priority": "urgent"})
    assert isinstance(row.record, Referral)
    said = (row.record.day, row.record.step, row.record.language, row.record.consent, row.record.way)
    assert said == ("2026-11-21", "border", "fa", "yes", "slip")
    assert (row.record.sex, row.record.travelling, row.record.priority) == ("female", "unsaid", "urgent")
    assert printed(row.record.code) == TICKED["code"]


def test_without_a_yes_the_day_the_step_and_the_need_are_counted_and_nothing_else(open_shift) -> None:
    (row,) = read(open_shift, TICKED | {"sex": "female", "consent": ""})
    assert row.record == Tally(id=row.record.id, day="2026-11-21", step="border", need="food", people=1)


def test_without_a_yes_no_code_is_asked_for(open_shift) -> None:
    (row,) = read(open_shift, {"code": "", "need": "food", "consent": ""})
    assert isinstance(row.record, Tally)


def test_an_empty_row_is_nothing_at_all(open_shift) -> None:
    (row,) = read(open_shift, {"code": "  ", "need": "", "sure": "food/hostel"})
    assert (row.wrong, row.record) == ((), None)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": ""}, ("code_missing",)),
        ({"code": "K7QM"}, ("code_wrong",)),
        ({"need": ""}, ("need",)),
        ({"need": "gold"}, ("need",)),
        ({"service": ""}, ("service",)),
        ({"service": "palace"}, ("service",)),
        ({"service": "hostel"}, ("other_need",)),
        ({"code": "", "need": "", "service": ""}, ("code_missing", "need", "service")),
        ({"sex": "Amina"}, ("odd",)),
        ({"need": "unsaid", "service": "unsaid"}, ()),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_of_the_row(open_shift, changed: dict[str, str], said: tuple[str, ...]) -> None:
    assert wrong(open_shift, **changed) == said


def test_a_place_that_does_not_answer_the_need_is_taken_when_it_was_confirmed_for_that_pair(open_shift) -> None:
    odd = TICKED | {"service": "hostel"}
    assert wrong(open_shift, service="hostel", sure=sure(odd)) == ()
    assert wrong(open_shift, service="hostel", sure="shelter/hostel") == ("other_need",)


def test_a_code_counts_once_on_a_page_however_it_is_written(open_shift) -> None:
    again = TICKED | {"code": TICKED["code"].lower().replace("-", " ")}
    assert [row.wrong for row in read(open_shift, TICKED, again)] == [(), ("code_twice",)]


def test_a_code_that_is_in_the_register_is_refused_with_and_without_a_yes(open_shift) -> None:
    there = Referral()
    append(open_shift, there)
    assert wrong(open_shift, code=printed(there.code)) == ("code_here",)
    assert wrong(open_shift, code=printed(there.code), consent="") == ("code_here",)


def test_a_sheet_is_of_the_last_days_and_never_of_tomorrow() -> None:
    assert (days(TODAY)[0], days(TODAY)[-1]) == (TODAY, TODAY - LONGEST_AGO)
    assert TODAY + timedelta(days=1) not in days(TODAY)
