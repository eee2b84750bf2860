"""For whom there was nothing, and why: what people who were turned away needed, by reason.

The reason is the volunteer's, in the register's codes. Only what still holds is counted.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from fieldref.database import Readable
from fieldref.reports import small_numbers
from fieldref.vocabulary import NEEDS, OTHER, REASONS, STEPS, UNSAID, Term

ROWS: tuple[Term, ...] = (*NEEDS, OTHER, UNSAID)
COLUMNS: dict[str, tuple[Term, ...]] = {"reason": (*REASONS, UNSAID), "step": (*STEPS, UNSAID)}


@dataclass(frozen=True)
class TurnedAway:
    """People by need and by *by*, "reason" or "step": a row for each of ROWS, a number for each of COLUMNS[by]."""

    by: str
    counts: tuple[tuple[int, ...], ...]

    @property
    def people(self) -> int:
        return sum(map(sum, self.counts))


def turned_away(db: Readable, by: str = "reason", first: date | None = None, last: date | None = None) -> TurnedAway:
    """Count the people turned away from day *first* to day *last*, both included; None is without limit."""
    days = ((first or date.min).isoformat(), (last or date.max).isoformat())
    columns = COLUMNS[by]
    query = f"SELECT need, {by}, sum(people) FROM turned_away_now WHERE day BETWEEN ? AND ? GROUP BY need, {by}"  # noqa: S608 (our names)
    found = Counter({(need, other): number for need, other, number in db.conn.execute(query, days)})
    return TurnedAway(by, tuple(tuple(found[need.code, each.code] for each in columns) for need in ROWS))


def coded(table: TurnedAway, *, exact: bool = False) -> list[list[str]]:
    """Return *table* for a program: codes, and totals as ">= n" (plain numbers where *exact*)."""
    head = ["need", *(each.code for each in COLUMNS[table.by]), "total"]
    return small_numbers.lines(table.counts, head, [need.code for need in ROWS], "total", ">= ", exact=exact)


def worded(table: TurnedAway, *, exact: bool = False) -> list[list[str]]:
    """Return *table* for a person: words, and totals as "at least n" (plain numbers where *exact*)."""
    head = ["Need", *(each.name for each in COLUMNS[table.by]), "Total"]
    return small_numbers.lines(table.counts, head, [need.name for need in ROWS], "Total", "at least ", exact=exact)
