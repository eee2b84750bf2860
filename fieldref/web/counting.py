"""What was recorded, counted: exact on the screen, and with small numbers withheld in what is passed on."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, abort, g, make_response, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref.database import Database
from fieldref.languages import BY_CODE
from fieldref.reports import needs_by_step, small_numbers, turned_away, voices
from fieldref.reports.sheets import csv_text, workbook
from fieldref.vocabulary import N_, OTHER, UNSAID, Term
from fieldref.web.paths import take_language

counting = Blueprint("counting", __name__, url_prefix="/<language:language>/reports")
counting.url_value_preprocessor(take_language)

MOST_MONTHS = 36
LEFT_TO_RIGHT = "\u2066{}\u2069"  # in a line of Arabic "<5" would be read ">5"
Lines = list[list[str]]


@dataclass(frozen=True)
class Table:
    """One report of one period, in the reader's words and as codes, exact or to be passed on."""

    worded: Callable[[bool], Lines]
    coded: Callable[[bool], Lines]


@dataclass(frozen=True)
class Report:
    """A report: the name in its address, what it is called, and how it is made of the days between two."""

    code: str
    name: str
    make: Callable[[Database, date, date], Table]


def _needs(db: Database, first: date, last: date) -> Table:
    table = needs_by_step.needs_by_step(db, first, last)
    return Table(
        lambda exact: _lines(table.counts, needs_by_step.COLUMNS, needs_by_step.ROWS, exact),
        lambda exact: needs_by_step.coded(table, exact=exact),
    )


def _turned_away(by: str) -> Callable[[Database, date, date], Table]:
    def make(db: Database, first: date, last: date) -> Table:
        table = turned_away.turned_away(db, by, first, last)
        return Table(
            lambda exact: _lines(table.counts, turned_away.COLUMNS[by], turned_away.ROWS, exact),
            lambda exact: turned_away.coded(table, exact=exact),
        )

    return make


def _pages(db: Database, first: date, last: date) -> Table:
    table = voices.pages_read(db, first, last)
    head = [gettext("Page"), *(gettext(each.name) for each in (*voices.COLUMNS, voices.NOT_SO))]
    return Table(
        lambda exact: voices.pages_lines(table, head, _at_least(), exact=exact),
        lambda exact: voices.coded_pages(table, exact=exact),
    )


def _missed(db: Database, first: date, last: date) -> Table:
    table = voices.missed(db, first, last)
    names = {OTHER.code: OTHER.name, UNSAID.code: UNSAID.name}
    columns = tuple(
        Term(code, BY_CODE[code].own_name if code in BY_CODE else names[code]) for code in table.languages
    )  # fmt: skip
    return Table(
        lambda exact: _lines(table.counts, columns, voices.ROWS, exact),
        lambda exact: voices.coded_missed(table, exact=exact),
    )


REPORTS = (
    Report("needs-by-step", N_("Needs by step of the journey"), _needs),
    Report("turned-away-by-reason", N_("No help found, by reason"), _turned_away("reason")),
    Report("turned-away-by-step", N_("No help found, by step"), _turned_away("step")),
    Report("pages-read", N_("Pages read, and whether they helped"), _pages),
    Report("services-missed", N_("Services that were missed"), _missed),
)
BY_NAME = {report.code: report for report in REPORTS}


@counting.get("")
def page() -> str:
    """One report of one month: exact, for this screen; and as it may be passed on, once the month is over."""
    report = BY_NAME.get(request.args.get("report", REPORTS[0].code)) or abort(404)
    months = _months(g.register, g.now.date())
    first = _month(request.args.get("month") or (months[-1] if months else f"{g.now.date():%Y-%m}"))
    last = _end(first)
    table = report.make(g.register, first, last)
    return render_template(
        "branch/reports.html",
        reports=REPORTS,
        report=report,
        months=[_month(each) for each in months] or [first],
        first=first,
        over=last < g.now.date(),
        exact=table.worded(True),
        shared=table.worded(False),
    )


@counting.get("/<code>.<any(csv, xlsx):ending>")
def file(code: str, ending: str) -> Response:
    """A report of one month that is over, small numbers withheld, as a file to pass on."""
    report, first = BY_NAME.get(code) or abort(404), _month(request.args.get("month", ""))
    last = _end(first)
    if last >= g.now.date():
        abort(404)  # what is not over can be asked for twice, and subtracted
    table = report.make(g.register, first, last)
    if ending == "csv":
        answer = make_response(csv_text(table.coded(False)))
        answer.mimetype = "text/csv"
    else:
        said = [gettext(report.name), f"{first:%Y-%m}", _withheld()]
        made = workbook(table.worded(False), report.code, said, right_to_left=g.language.direction == "rtl")
        answer = make_response(made)
        answer.mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}-{first:%Y-%m}.{ending}"'
    return answer


def _lines(
    counts: tuple[tuple[int, ...], ...], columns: tuple[Term, ...], rows: tuple[Term, ...], exact: bool
) -> Lines:
    head = [gettext("Need"), *(gettext(each.name) for each in columns), gettext("Total")]
    names = [gettext(each.name) for each in rows]
    return small_numbers.lines(counts, head, names, gettext("Total"), _at_least(), exact=exact)


def _at_least() -> str:
    return "≥ "


def _withheld() -> str:
    said = gettext(
        "Numbers from 1 to 4 are shown as %(hidden)s. Totals count only what is shown: they are “at least”.",
        hidden=LEFT_TO_RIGHT.format(small_numbers.HIDDEN),
    )
    return str(said)


def _months(db: Database, today: date) -> list[str]:
    """The months in which anything was recorded, oldest first: 2026-11."""
    tables = ("referral", "tally", "turned_away", "rating", "missing_service", "page_view")
    query = " UNION ".join(f"SELECT substr(day, 1, 7) FROM {table}" for table in tables)  # noqa: S608 (our names)
    found = sorted(month for (month,) in db.conn.execute(query).fetchall())
    return [month for month in found if month <= f"{today:%Y-%m}"][-MOST_MONTHS:]


def _month(written: str) -> date:
    try:
        return date.fromisoformat(f"{written}-01")
    except ValueError:
        abort(404)


def _end(first: date) -> date:
    return first + timedelta(days=calendar.monthrange(first.year, first.month)[1] - 1)
