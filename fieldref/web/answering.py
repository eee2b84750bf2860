"""A receiving service's answer sheet: printed with the codes that were sent there, and entered when it comes back."""

import secrets

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from fieldref.paper.answers import PER_SHEET, answers_html
from fieldref.register.answers import FIELDS, AnswerRow, corrected, read_answers
from fieldref.register.codes import printed
from fieldref.register.due import follow_up_day, unanswered
from fieldref.register.records import RecordRefused, Referral, append_all, was_used
from fieldref.register.shift import NoShift
from fieldref.vocabulary import REASONS, STATUSES
from fieldref.web.grids import blank, rows_of
from fieldref.web.paths import take_language

answering = Blueprint("answering", __name__, url_prefix="/<language:language>")
answering.url_value_preprocessor(take_language)

BLANK = 10


@answering.get("/answers")
def ask() -> str:
    """The services that slips of this shift were sent to and that have not answered all of them."""
    services = g.guide.services(g.language.code)
    waiting = [(services[each], len(_codes(each, due=False)), len(_codes(each, due=True))) for each in _asked()]
    return render_template("staff/answers.html", waiting=waiting)


@answering.post("/answers")
def sheet() -> Response:
    """The sheet to print, or the grid with the codes of that sheet. The service stands in a form, not in an address."""
    service = g.guide.services(g.language.code).get(request.form.get("service", ""))
    if service is None:
        abort(400)
    codes = _codes(service.id, due=request.form.get("which") == "due")
    if not codes:
        return redirect(f"/{g.language.code}/answers", 303)
    if request.form.get("do") == "enter":
        return _grid([AnswerRow({"code": code}) for code in codes[:PER_SHEET]])
    made = answers_html(current_app.config["PLACE"], g.language.code, service.name, codes, g.now.date())
    return make_response(render_template("staff/printed.html", made=made, back="answers"))


@answering.get("/answers/enter")
def grid() -> Response:
    entered, g.session.entered = g.session.entered, None
    return _grid([AnswerRow(row) for row in blank(FIELDS, BLANK)], entered=entered)


@answering.post("/answers/enter")
def enter() -> Response:
    """Record the outcome of every row, or none. The same form records once."""
    once = request.form.get("once", "")
    typed = rows_of(FIELDS, PER_SHEET)
    rows = read_answers(typed, g.now.date())
    outcomes = [row.outcome for row in rows if row.outcome is not None]
    if not was_used(g.register, once):
        if any(row.wrong for row in rows) or not outcomes:
            return _grid(_shown(rows), refused=True)
        try:
            append_all(g.register, outcomes, once=once, before=corrected)
        except RecordRefused:
            return _grid(_shown(rows), refused=True)
        except NoShift:
            abort(403)
    left = sum(1 for row in rows if row.outcome is None and row.typed["code"].strip())
    g.session.entered = (len(outcomes), left)
    return redirect(f"/{g.language.code}/answers/enter", 303)


def _codes(service: str, *, due: bool) -> list[str]:
    """The printed codes of the slips to *service* that nothing is known of; only those that are *due*, or all."""
    return [
        printed(each.code) for each in unanswered(g.register) if each.service == service and (_is_due(each) or not due)
    ]


def _is_due(referral: Referral) -> bool:
    return bool(follow_up_day(referral) <= g.now.date())


def _asked() -> list[str]:
    services = g.guide.services(g.language.code)
    asked = {each.service for each in unanswered(g.register)} & services.keys()
    return sorted(asked, key=lambda service: services[service].name.casefold())


def _shown(rows: list[AnswerRow]) -> list[AnswerRow]:
    """What was typed, and empty rows only as many as a new grid has."""
    filled = [row for row in rows if any(row.typed.values())]
    empty = [row for row in rows if not any(row.typed.values())]
    return filled + empty[: max(0, BLANK - len(filled))]


def _grid(rows: list[AnswerRow], *, entered: tuple[int, int] | None = None, refused: bool = False) -> Response:
    page = render_template(
        "staff/answers-enter.html",
        rows=rows,
        entered=entered,
        refused=refused,
        statuses=STATUSES,
        reasons=REASONS,
        once=secrets.token_urlsafe(16),
    )
    return make_response(page, 400 if refused else 200)
