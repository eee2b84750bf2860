"""Paper pads at the staff door: printed for a day without a device, and entered later in one grid.

All rows of a grid are recorded or none: what is on the screen is then either all in the register or all still to do.
"""

import secrets
from collections.abc import Mapping
from datetime import date

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from fieldref.columns import LANGUAGE
from fieldref.languages import BY_CODE
from fieldref.paper import pads as paper
from fieldref.register.codes import new_code, printed
from fieldref.register.pads import FIELDS, Pad, PadRow, days, is_unused, read_pad, sure
from fieldref.register.records import RecordRefused, append_all, was_used
from fieldref.register.shift import NoShift
from fieldref.vocabulary import AGE_BANDS, NEEDS, PRIORITIES, SEXES, TRAVELLING, UNSAID
from fieldref.web.grids import blank, rows_of
from fieldref.web.paths import take_language

pads = Blueprint("pads", __name__, url_prefix="/<language:language>")
pads.url_value_preprocessor(take_language)

ROWS = 9  # three sheets of three slips
SHEETS = (1, 3, 10, 20)
CHOICES = {"sex": SEXES, "age_band": AGE_BANDS, "travelling": TRAVELLING, "priority": PRIORITIES}


@pads.get("/pad")
def ask() -> str:
    return render_template("staff/pad.html", sheets=SHEETS)


@pads.post("/pad")
def printing() -> str:
    """A new pad to print, in the page's language and the chosen one. Its codes are kept nowhere."""
    person, sheets = request.form.get("person", ""), request.form.get("sheets", "")
    if BY_CODE.get(person) not in g.guide.languages or sheets not in map(str, SHEETS):
        abort(400)
    codes = [printed(new_code()) for _ in range(int(sheets) * paper.PER_SHEET)]
    made = paper.pad_html(g.guide, current_app.config["PLACE"], g.language.code, person, codes, g.now)
    return render_template("staff/printed.html", made=made, back="pad")


@pads.get("/pad/enter")
def grid() -> Response:
    entered, g.session.entered = g.session.entered, None
    return _grid([PadRow(row) for row in blank(FIELDS, ROWS)], {"day": "", "language": ""} | g.session.pad, entered)


@pads.post("/pad/enter")
def enter() -> Response:
    """Record every row or none. The same form records once, whatever its rows have become since."""
    common = {"day": request.form.get("day", ""), "language": request.form.get("person", "")}
    pad, once = _pad(common), request.form.get("once", "")
    rows = read_pad(g.register, rows_of((*FIELDS, "sure"), ROWS), pad, _services())
    records = [row.record for row in rows if row.record is not None]
    if not was_used(g.register, once):
        if any(row.wrong for row in rows) or not records:
            return _grid(rows, common, None, refused=True)
        try:
            append_all(g.register, records, once=once)
        except RecordRefused:  # the same slip came by another door in this moment: reading again finds it
            return _grid(
                read_pad(g.register, [row.typed for row in rows], pad, _services()), common, None, refused=True
            )
        except NoShift:
            abort(403)
    agreed = [row.typed["consent"] == "yes" for row in rows if not is_unused(row.typed)]
    g.session.entered, g.session.pad = (agreed.count(True), agreed.count(False)), common
    return redirect(f"/{g.language.code}/pad/enter", 303)


def _pad(common: Mapping[str, str]) -> Pad:
    """What the rows have in common; 400 for a day or a language that the page does not offer."""
    allowed = {day.isoformat(): day for day in days(g.now.date())}
    day: date | None = allowed.get(common["day"])
    if day is None or not LANGUAGE.allows(common["language"]):
        abort(400)
    return Pad(day, current_app.config["PLACE"].step, common["language"])


def _services() -> dict[str, tuple[str, ...]]:
    return {service.id: service.needs for service in g.guide.services(g.language.code).values()}


def _grid(
    rows: list[PadRow], common: Mapping[str, str], entered: tuple[int, int] | None, *, refused: bool = False
) -> Response:
    page = render_template(
        "staff/pad-enter.html",
        rows=rows,
        common=common,
        entered=entered,
        refused=refused,
        days=days(g.now.date()),
        needs=(*NEEDS, UNSAID),
        services=sorted(g.guide.services(g.language.code).values(), key=lambda service: service.name.casefold()),
        choices=CHOICES,
        sure=sure,
        once=secrets.token_urlsafe(16),
    )
    return make_response(page, 400 if refused else 200)
