from datetime import date

from fieldref.register.records import TurnedAway, Withdrawal, append_all
from fieldref.reports.turned_away import coded, turned_away, worded
from fieldref.vocabulary import REASONS, STEPS


def test_people_are_counted_by_need_and_reason(open_shift, merged):
    full = TurnedAway(need="shelter", step="border", reason="capacity", people=6)
    undone = TurnedAway(need="shelter", reason="capacity")
    others = [TurnedAway(need="shelter", step="border", reason="closed"), TurnedAway(need="food", step="camp")]
    append_all(open_shift, [full, undone, *others, Withdrawal(record=undone.id)])
    table = turned_away(merged())
    head, *lines = coded(table, exact=True)
    assert head == ["need", *(reason.code for reason in REASONS), "unsaid", "total"]
    found = {(line[0], column): cell for line in lines for column, cell in zip(head, line, strict=True)}
    assert (found["shelter", "capacity"], found["shelter", "closed"], found["food", "unsaid"]) == ("6", "1", "1")
    assert (found["shelter", "total"], found["total", "total"], table.people) == ("7", "8", 8)


def test_small_numbers_are_hidden_and_totals_are_of_what_is_shown(open_shift, merged):
    append_all(open_shift, [TurnedAway(need="shelter", reason=reason) for reason in ["capacity"] * 9 + ["cost"] * 4])
    lines = {line[0]: line for line in worded(turned_away(merged()))}
    assert lines["Shelter"] == ["Shelter", "9", "0", "0", "0", "0", "0", "0", "<5", "0", "0", "at least 9"]
    assert lines["Total"][-1] == "at least 9"


def test_by_step_of_the_journey_in_a_period(open_shift, merged):
    append_all(open_shift, [TurnedAway(need="wash", step="camp", people=5, day=f"2026-11-{day:02}") for day in (1, 2)])
    table = turned_away(merged(), "step", date(2026, 11, 2), date(2026, 11, 2))
    head, *lines = coded(table)
    assert head == ["need", *(step.code for step in STEPS), "unsaid", "total"]
    assert next(line for line in lines if line[0] == "wash") == ["wash", "0", "0", "5", "0", "0", "0", "0", ">= 5"]
