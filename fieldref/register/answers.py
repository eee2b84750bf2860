"""A service's answer sheet, typed in: one row for each slip code, with what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fieldref.database import Database
from fieldref.register.counts import outcome_now
from fieldref.register.records import Outcome, Record, Withdrawal, problems
from fieldref.register.typed import MISSING, TWICE, WRONG, Typed, codes_of, is_empty
from fieldref.vocabulary import CODES, UNSAID

FIELDS = ("code", "status", "reason")
STATUS, REASON, ODD = "status", "reason", "odd"
KINDS = (MISSING, WRONG, TWICE, STATUS, REASON, ODD)


@dataclass(frozen=True)
class AnswerRow:
    """One row as it was typed, what is wrong with it, and its outcome; a row without a tick has neither."""

    typed: Typed
    wrong: tuple[str, ...] = ()
    outcome: Outcome | None = None


def read_answers(rows: Sequence[Typed], day: date) -> list[AnswerRow]:
    """Return *rows* read as the answers of the day *day*: each with its outcome, or with what is wrong.

    A row of which only the code is there was printed and not answered: it stays empty.
    """
    return [
        AnswerRow(row) if _unanswered(row) else _read(row, code, wrong, day)
        for row, (code, wrong) in zip(rows, codes_of(rows), strict=True)
    ]


def corrected(db: Database, outcome: Record) -> list[Record]:
    """Take back what was recorded of this slip earlier that day: of two outcomes of one day neither is the later."""
    if not isinstance(outcome, Outcome):
        return []
    before = outcome_now(db, outcome.code)
    if before is None or before.day != outcome.day:
        return []
    return [Withdrawal(record=before.id, reason="mistake")]


def _unanswered(row: Typed) -> bool:
    return is_empty(row) or is_empty({name: value for name, value in row.items() if name != "code"})


def _read(row: Typed, code: str, wrong: tuple[str, ...], day: date) -> AnswerRow:
    status, reason = row.get("status", ""), row.get("reason") or UNSAID.code
    if status not in CODES["status"]:
        wrong += (STATUS,)
    elif reason != UNSAID.code and status != "declined_by_service":
        wrong += (REASON,)
    outcome = Outcome(code=code, day=day.isoformat(), status=status, reason=reason)
    if not wrong and any(problems(outcome)):
        wrong = (ODD,)
    return AnswerRow(row, wrong, None if wrong else outcome)
