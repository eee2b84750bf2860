from datetime import date, timedelta

import pytest

from fieldref.register.due import due, follow_up_day
from fieldref.register.records import Outcome, Referral, Withdrawal, append, append_all

TODAY = date(2026, 11, 22)


def of_day(day: int, priority: str = "normal") -> Referral:
    return Referral(day=f"2026-11-{day:02}", priority=priority)


@pytest.mark.parametrize(("priority", "days"), [("emergency", 1), ("urgent", 3), ("normal", 14), ("unsaid", 14)])
def test_a_referral_is_due_on_its_day_and_not_before(open_shift, priority, days):
    referral = of_day(5, priority)
    append(open_shift, referral)
    on = date(2026, 11, 5 + days)
    assert follow_up_day(referral) == on
    assert due(open_shift, on - timedelta(days=1)) == []
    assert due(open_shift, on) == due(open_shift, on + timedelta(days=30)) == [referral]


def test_those_that_wait_longest_stand_first(open_shift):
    late, later, latest = of_day(21, "emergency"), of_day(5, "urgent"), of_day(4, "urgent")
    append_all(open_shift, [late, latest, later])
    assert due(open_shift, TODAY) == [latest, later, late]


def test_what_has_an_outcome_or_was_withdrawn_is_not_asked_about(open_shift):
    answered, withdrawn = of_day(1), of_day(1)
    append_all(open_shift, [answered, withdrawn, Outcome(code=answered.code, status="not_reached")])
    append(open_shift, Withdrawal(record=withdrawn.code))
    assert due(open_shift, TODAY) == []
