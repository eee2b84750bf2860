"""Taking a referral back: at once with one tap, later by the code on its slip and with a reason in a code."""

import secrets
import time

from flask import Blueprint, abort, g, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref.register.codes import CodeError, printed, read_code
from fieldref.register.counts import referral_now
from fieldref.register.records import RecordRefused
from fieldref.register.shift import NoShift
from fieldref.register.withdrawals import is_withdrawn, withdraw
from fieldref.vocabulary import WITHDRAWALS
from fieldref.web.access import done_at_home
from fieldref.web.paths import take_language

withdrawing = Blueprint("withdrawing", __name__, url_prefix="/<language:language>")
withdrawing.url_value_preprocessor(take_language)

UNDO = 60  # seconds in which the last referral is undone without its code


def can_undo() -> bool:
    """Whether the last referral of this session was made just now."""
    return bool(g.session.last_code) and time.monotonic() - g.session.last_at <= UNDO


@withdrawing.post("/undo")
def undo() -> Response:
    """Withdraw the last referral of this session as a mistake, within a minute of making it; tapped twice too."""
    if not g.session.last_code:
        return done_at_home("undone")
    if not can_undo():
        said = gettext("More than a minute has passed. Type the code of the slip to withdraw it.")
        return make_response(render_template("staff/code.html", refused=said, typed=""), 400)
    _withdraw(g.session.last_code, "mistake", None)
    return done_at_home("undone")


@withdrawing.post("/withdraw")
def found() -> Response:
    """Ask why the slip with this code is withdrawn."""
    try:
        return _why(read_code(request.form.get("code", "")[:60]), "")
    except CodeError:
        return redirect(f"/{g.language.code}/outcome", 303)


@withdrawing.post("/withdraw/record")
def record() -> Response:
    """Withdraw it. Nothing else than the code and the reason is kept."""
    try:
        code = read_code(request.form.get("code", "")[:60])
        _withdraw(code, request.form.get("reason", ""), request.form.get("once", ""))
    except CodeError:
        return redirect(f"/{g.language.code}/outcome", 303)
    except RecordRefused:
        return _why(code, gettext("Please choose why."))
    return done_at_home("withdrawn")


def _withdraw(code: str, reason: str, once: str | None) -> None:
    try:
        withdraw(g.register, code, reason, once=once)
    except NoShift:
        abort(403)
    if g.session.last_code == code:
        g.session.last_code = ""


def _why(code: str, refused: str) -> Response:
    referral = referral_now(g.register, code)
    page = render_template(
        "staff/withdraw.html",
        code=code,
        printed=printed(code),
        referral=referral,
        service=g.guide.services(g.language.code).get(referral.service) if referral else None,
        already=is_withdrawn(g.register, code),
        reasons=WITHDRAWALS,
        refused=refused,
        once=secrets.token_urlsafe(16),
    )
    return make_response(page, 400 if refused else 200)
