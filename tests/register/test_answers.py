"""A service's answers, typed in from its sheet."""

from datetime import date
from threading import Barrier, Thread

import pytest

from fieldref.register.answers import corrected, read_answers
from fieldref.register.codes import new_code, printed
from fieldref.register.counts import outcome_now
from fieldref.register.records import Outcome, append_all
from fieldref.register.schema import open_register

TODAY = date(2026, 11, 22)
ANSWER = {"code": printed(new_code()), "status": "declined_by_service", "reason": "capacity"}


def test_a_row_becomes_an_outcome_of_today() -> None:
    (row,) = read_answers([ANSWER], TODAY)
    assert row.outcome is not None
    assert (row.outcome.day, row.outcome.status, row.outcome.reason) == (
        "2026-11-22",
        "declined_by_service",
        "capacity",
    )


@pytest.mark.parametrize("row", [{}, {"code": ANSWER["code"]}], ids=["empty", "a code alone"])
def test_a_row_without_a_tick_is_left_out(row: dict[str, str]) -> None:
    (read,) = read_answers([row], TODAY)
    assert (read.wrong, read.outcome) == ((), None)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": ""}, ("code_missing",)),
        ({"code": "K7QM"}, ("code_wrong",)),
        ({"status": ""}, ("status",)),
        ({"status": "vanished"}, ("status",)),
        ({"status": "completed"}, ("reason",)),
        ({"reason": "rude"}, ("odd",)),
        ({"reason": ""}, ()),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_of_the_row(changed: dict[str, str], said: tuple[str, ...]) -> None:
    (row,) = read_answers([ANSWER | changed], TODAY)
    assert row.wrong == said


def test_a_code_stands_once_on_a_sheet() -> None:
    assert [row.wrong for row in read_answers([ANSWER, ANSWER], TODAY)] == [(), ("code_twice",)]


def test_an_answer_of_the_same_day_is_corrected_and_one_of_another_day_stands(open_shift) -> None:
    code = new_code()
    first = Outcome(code=code, day="2026-11-22", status="not_reached")
    append_all(open_shift, [first])
    later = Outcome(code=code, day="2026-11-22", status="completed")
    append_all(open_shift, [later], before=corrected)
    assert outcome_now(open_shift, code) == later
    assert corrected(open_shift, Outcome(code=code, day="2026-11-23", status="completed")) == []


def test_of_two_volunteers_who_answer_for_one_slip_at_once_one_stands(open_shift, safe_point) -> None:
    code, both = new_code(), Barrier(2)

    def answer(status: str) -> None:
        db = open_register(safe_point)
        both.wait()
        append_all(db, [Outcome(code=code, status=status)], before=corrected)
        db.close()

    fingers = [Thread(target=answer, args=[status]) for status in ("completed", "not_reached")]
    for finger in fingers:
        finger.start()
    for finger in fingers:
        finger.join()
    withdrawn = {record for (record,) in open_shift.conn.execute("SELECT record FROM withdrawal")}
    assert len(open_shift.conn.execute("SELECT id FROM outcome").fetchall()) == 2
    assert len(withdrawn) == 1
