import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from fieldref.register.importing import import_referrals
from fieldref.register.records import Referral, Withdrawal, append_all
from fieldref.reports.needs_by_step import coded, needs_by_step, worded
from fieldref.vocabulary import NEEDS, STEPS

PRACTICES = Path(__file__).parent.parent / "data" / "smart_practices.csv"


@pytest.fixture
def practices():
    """The 59 practices of the study as (need, step); no need is "other", no step "unsaid"."""
    with PRACTICES.open(encoding="utf-8", newline="") as file:
        return [(row["need"] or "other", row["step"] or "unsaid") for row in csv.DictReader(file)]


def as_counts(lines):
    head, *body = lines
    return {(row[0], column): int(cell) for row in body for column, cell in zip(head[1:], row[1:], strict=True)}


def test_the_practices_of_the_study_come_out_as_they_went_in(open_shift, merged, practices, tmp_path):
    """Import, close, seal, merge, report: the matrix is the file, counted."""
    sheet = tmp_path / "practices.csv"
    rows = "".join(f"2016-12-01,{need},{step},yes\n" for need, step in practices)
    sheet.write_text("day,need,step,consent\n" + rows, "utf-8")
    assert import_referrals(open_shift, sheet).referrals == 59
    reported = as_counts(coded(needs_by_step(merged()), exact=True))
    counted = Counter(practices)
    assert {key: n for key, n in reported.items() if n and "total" not in key} == counted
    assert reported["total", "total"] == 59
    for need, number in Counter(need for need, _ in practices).items():
        assert reported[need, "total"] == number
    for step, number in Counter(step for _, step in practices).items():
        assert reported["total", step] == number


def test_the_table_is_the_studys_with_a_line_and_column_for_the_rest(open_shift, merged):
    lines = coded(needs_by_step(merged()))
    assert lines[0] == ["need", *(step.code for step in STEPS), "unsaid", "total"]
    assert [line[0] for line in lines[1:]] == [*(need.code for need in NEEDS), "other", "unsaid", "total"]


def test_small_numbers_are_hidden_and_totals_are_at_least(open_shift, merged):
    append_all(open_shift, [Referral(need="food", step="camp") for _ in range(3)])
    append_all(open_shift, [Referral(need="food", step="border") for _ in range(6)])
    table = needs_by_step(merged())
    lines = {line[0]: line[1:] for line in coded(table)}
    assert lines["food"] == ["0", "6", "<5", "0", "0", "0", "0", ">= 6"]
    assert lines["total"] == [">= 0", ">= 6", ">= 0", ">= 0", ">= 0", ">= 0", ">= 0", ">= 6"]
    assert worded(table)[-1][-1] == "at least 6"
    assert table.referrals == 9


def test_days_are_counted_from_first_to_last_inclusive(open_shift, merged):
    append_all(open_shift, [Referral(day=f"2026-11-{day:02}") for day in (1, 2, 3, 4)])
    db = merged()
    assert needs_by_step(db, date(2026, 11, 2), date(2026, 11, 3)).referrals == 2
    assert needs_by_step(db, date(2026, 11, 4)).referrals == 1
    assert needs_by_step(db, None, date(2026, 11, 1)).referrals == 1


def test_withdrawn_referrals_are_not_counted(open_shift, merged):
    kept, undone = Referral(), Referral()
    append_all(open_shift, [kept, undone, Withdrawal(record=undone.code)])
    assert needs_by_step(merged()).referrals == 1
