"""What visitors told us: which pages were read and helped, and which needs found no service.

Readings are counted in steps (fieldref/web/reads.py), so a sum of them is at least what was read.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from fieldref.database import Readable
from fieldref.languages import BY_CODE
from fieldref.reports import small_numbers
from fieldref.vocabulary import DOUBTS, N_, NEEDS, OTHER, UNSAID, Term

READ = Term("read", N_("Read"))
HELPED = Term("yes", N_("Useful"))
NOT_SO = Term("no", N_("Not useful"))
WHY = (*DOUBTS, UNSAID)
COLUMNS: tuple[Term, ...] = (READ, HELPED, *WHY)
ROWS: tuple[Term, ...] = (*NEEDS, OTHER, UNSAID)


@dataclass(frozen=True)
class PagesRead:
    """For each of `pages` (section/slug), a number for each of COLUMNS: readings, answers "useful", answers why not."""

    pages: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Missed:
    """Answers "I did not find it", by need (ROWS) and the reader's language: those `languages` that occur."""

    languages: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def pages_read(db: Readable, first: date | None = None, last: date | None = None) -> PagesRead:
    """Count readings and ratings from day *first* to day *last*, both included; None is without limit."""
    days = _days(first, last)
    found: Counter[tuple[str, str]] = Counter()
    read = "SELECT page, sum(count) FROM page_view WHERE day BETWEEN ? AND ? GROUP BY page"
    for page, number in db.conn.execute(read, days).fetchall():
        found[page, READ.code] += int(number)
    rated = "SELECT page, useful, reason, count(*) FROM rating WHERE day BETWEEN ? AND ? GROUP BY page, useful, reason"
    for page, useful, reason, number in db.conn.execute(rated, days).fetchall():
        found[page, HELPED.code if useful == HELPED.code else reason] += number
    pages = tuple(sorted({page for page, _ in found}))
    return PagesRead(pages, tuple(tuple(found[page, each.code] for each in COLUMNS) for page in pages))


def missed(db: Readable, first: date | None = None, last: date | None = None) -> Missed:
    """Count what visitors did not find from day *first* to day *last*, both included; None is without limit."""
    query = "SELECT need, language, count(*) FROM missing_service WHERE day BETWEEN ? AND ? GROUP BY need, language"
    rows = db.conn.execute(query, _days(first, last)).fetchall()
    found = Counter({(need, language): number for need, language, number in rows})
    there = {language for _, language, _ in rows}
    languages = tuple(code for code in (*BY_CODE, OTHER.code, UNSAID.code) if code in there)
    return Missed(languages, tuple(tuple(found[need.code, each] for each in languages) for need in ROWS))


def coded_pages(table: PagesRead, *, exact: bool = False) -> list[list[str]]:
    """Return *table* for a program: codes, and "not useful" as ">= n" (a plain number where *exact*)."""
    head = ["page", *(each.code for each in COLUMNS), NOT_SO.code]
    return pages_lines(table, head, ">= ", exact=exact)


def worded_pages(table: PagesRead, *, exact: bool = False) -> list[list[str]]:
    """Return *table* for a person: words, and "not useful" as "at least n" (a plain number where *exact*)."""
    head = ["Page", *(each.name for each in COLUMNS), NOT_SO.name]
    return pages_lines(table, head, "at least ", exact=exact)


def pages_lines(table: PagesRead, head: list[str], at_least: str, *, exact: bool) -> list[list[str]]:
    """Return *table* under *head*. "Not useful" sums the reasons that are shown; columns have no totals."""
    body = [
        [
            page,
            *(small_numbers.cell(number, exact=exact) for number in numbers),
            small_numbers.total(numbers[-len(WHY) :], exact=exact, at_least=at_least),
        ]
        for page, numbers in zip(table.pages, table.counts, strict=True)
    ]
    return [head, *body]


def coded_missed(table: Missed, *, exact: bool = False) -> list[list[str]]:
    """Return *table* for a program: codes, and totals as ">= n" (plain numbers where *exact*)."""
    head = ["need", *table.languages, "total"]
    return small_numbers.lines(table.counts, head, [need.code for need in ROWS], "total", ">= ", exact=exact)


def worded_missed(table: Missed, *, exact: bool = False) -> list[list[str]]:
    """Return *table* for a person: words, and totals as "at least n" (plain numbers where *exact*)."""
    names = [BY_CODE[code].own_name if code in BY_CODE else code for code in table.languages]
    head = ["Need", *names, "Total"]
    return small_numbers.lines(table.counts, head, [need.name for need in ROWS], "Total", "at least ", exact=exact)


def _days(first: date | None, last: date | None) -> tuple[str, str]:
    return ((first or date.min).isoformat(), (last or date.max).isoformat())
