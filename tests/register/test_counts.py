from fieldref.register.counts import (
    outcome_now,
    people_today,
    referral_now,
    to_be_sealed,
    todays_counts,
    turned_away_today,
)
from fieldref.register.records import Outcome, Referral, Tally, TurnedAway, Withdrawal, append, append_all


def test_today_is_counted_by_need(open_shift):
    append_all(open_shift, [Referral(need="food"), Referral(need="food"), Referral(need="wash"), Tally(people=7)])
    append(open_shift, Referral(need="food", day="2020-01-01"))
    today = todays_counts(open_shift)
    assert (today.referrals, today.people, today.needs) == (3, 7, {"food": 2, "wash": 1})


def test_an_undone_record_no_longer_counts(open_shift):
    referral, tally = Referral(need="food"), Tally(people=7)
    append_all(open_shift, [referral, tally, Withdrawal(record=referral.code), Withdrawal(record=tally.id)])
    today = todays_counts(open_shift)
    assert (today.referrals, today.people) == (0, 0)
    assert referral_now(open_shift, referral.code) is None


def test_the_latest_outcome_is_the_one_that_holds(open_shift):
    referral = Referral()
    first = Outcome(code=referral.code, day="2026-11-20", status="accepted")
    last = Outcome(code=referral.code, day="2026-11-22", status="completed")
    append_all(open_shift, [referral, last, first])
    assert outcome_now(open_shift, referral.code) == last
    append(open_shift, Withdrawal(record=last.id))
    assert outcome_now(open_shift, referral.code) == first


def test_of_two_outcomes_of_one_day_the_same_one_holds_in_any_order(open_shift):
    code = Referral().code
    pair = [Outcome(code=code, status="accepted"), Outcome(code=code, status="not_reached")]
    append_all(open_shift, pair)
    assert outcome_now(open_shift, code) == max(pair, key=lambda outcome: outcome.id)


def test_an_outcome_needs_only_the_code(open_shift):
    """The referral may be of a shift that was closed and sealed long ago."""
    code = Referral().code
    append(open_shift, Outcome(code=code, status="completed"))
    assert outcome_now(open_shift, code).status == "completed"


def test_a_withdrawn_referral_takes_its_outcomes_along(open_shift):
    referral = Referral()
    append_all(open_shift, [referral, Outcome(code=referral.code, status="accepted")])
    append(open_shift, Withdrawal(record=referral.code, reason="person_asked"))
    assert outcome_now(open_shift, referral.code) is None
    assert todays_counts(open_shift).outcomes == 0


def test_todays_people_are_told_by_need_and_what_will_be_sealed_by_kind(open_shift):
    undone = Tally(need="wash")
    append_all(open_shift, [Tally(need="food", people=2), Tally(need="food"), undone, Withdrawal(record=undone.id)])
    append(open_shift, Tally(need="food", day="2020-01-01"))
    assert people_today(open_shift) == {"food": 3}
    assert to_be_sealed(open_shift) == {"referral": 0, "outcome": 0, "tally": 4, "turned_away": 0, "withdrawal": 1}


def test_for_whom_there_was_nothing_today_is_told_by_need(open_shift):
    undone = TurnedAway(need="shelter", reason="capacity")
    others = [TurnedAway(need="shelter", reason="closed", people=4), TurnedAway(need="food", day="2020-01-01")]
    append_all(open_shift, [TurnedAway(need="shelter"), undone, *others, Withdrawal(record=undone.id)])
    assert turned_away_today(open_shift) == {"shelter": 5}
    assert todays_counts(open_shift).people == 0, "they are not people who were helped"
