"""Which needs people had at which step of their journey: the referrals that are true now, need by step.

Its shape is the study's (IFRC, Smart practices that enhance resilience of migrants, 2016, figure 8), with a
line and a column for what was not said.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from fieldref.database import Readable
from fieldref.reports import small_numbers
from fieldref.vocabulary import NEEDS, OTHER, STEPS, UNSAID

ROWS = (*NEEDS, OTHER, UNSAID)
COLUMNS = (*STEPS, UNSAID)


@dataclass(frozen=True)
class NeedsByStep:
    """The counts: one row for each of ROWS, in it one number for each of COLUMNS."""

    counts: tuple[tuple[int, ...], ...]

    @property
    def referrals(self) -> int:
        return sum(map(sum, self.counts))


def needs_by_step(db: Readable, first: date | None = None, last: date | None = None) -> NeedsByStep:
    """Count the referrals from day *first* to day *last*, both included; None is without limit."""
    days = ((first or date.min).isoformat(), (last or date.max).isoformat())
    query = "SELECT need, step, count(*) FROM referral_now WHERE day BETWEEN ? AND ? GROUP BY need, step"
    found = Counter({(need, step): number for need, step, number in db.conn.execute(query, days)})
    return NeedsByStep(
        tuple(tuple(found[need.code, step.code] for step in COLUMNS) for need in ROWS),
    )


def coded(table: NeedsByStep, *, exact: bool = False) -> list[list[str]]:
    """Return *table* for a program: codes, and totals as ">= n" (plain numbers where *exact*)."""
    head = ["need", *(step.code for step in COLUMNS), "total"]
    return small_numbers.lines(table.counts, head, [need.code for need in ROWS], "total", ">= ", exact=exact)


def worded(table: NeedsByStep, *, exact: bool = False) -> list[list[str]]:
    """Return *table* for a person: words, and totals as "at least n" (plain numbers where *exact*)."""
    head = ["Need", *(step.name for step in COLUMNS), "Total"]
    return small_numbers.lines(table.counts, head, [need.name for need in ROWS], "Total", "at least ", exact=exact)
