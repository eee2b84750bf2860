"""What came of a referral: the code from the slip is enough, today or after the shift was closed."""

import secrets

from flask import Blueprint, g, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref.register.answers import corrected
from fieldref.register.codes import CodeError, printed, read_code
from fieldref.register.counts import outcome_now, referral_now
from fieldref.register.records import Outcome, RecordRefused, append_all
from fieldref.vocabulary import REASONS, STATUSES, UNSAID
from fieldref.web.access import done_at_home
from fieldref.web.paths import take_language

outcomes = Blueprint("outcomes", __name__, url_prefix="/<language:language>")
outcomes.url_value_preprocessor(take_language)


@outcomes.get("/outcome")
def ask() -> str:
    return render_template("staff/code.html", refused="", typed="")


@outcomes.post("/outcome")
def found() -> Response:
    """Take the code as it was typed, forgiving what people confuse, and ask what came of it."""
    typed = request.form.get("code", "")[:60]
    try:
        code = read_code(typed)
    except CodeError:
        said = gettext("This is not a slip code. Look at the slip again: 13 letters and figures.")
        return make_response(render_template("staff/code.html", refused=said, typed=typed), 400)
    return _what_came(code, "")


@outcomes.post("/outcome/record")
def record() -> Response:
    """Record what came of it. Nothing else than the code, a status and a reason is kept."""
    try:
        code = read_code(request.form.get("code", "")[:60])
        outcome = Outcome(
            code=code,
            status=request.form.get("status", ""),
            reason=request.form.get("reason", UNSAID.code),
        )
        append_all(g.register, [outcome], once=request.form.get("once", ""), before=corrected)
    except CodeError:
        return redirect(f"/{g.language.code}/outcome", 303)
    except RecordRefused:
        return _what_came(code, gettext("Please choose what came of it."))
    return done_at_home("outcome")


def _what_came(code: str, refused: str) -> Response:
    referral = referral_now(g.register, code)
    service = g.guide.services(g.language.code).get(referral.service) if referral else None
    page = render_template(
        "staff/outcome.html",
        code=code,
        printed=printed(code),
        referral=referral,
        service=service,
        before=outcome_now(g.register, code),
        statuses=STATUSES,
        reasons=REASONS,
        refused=refused,
        once=secrets.token_urlsafe(16),
    )
    return make_response(page, 400 if refused else 200)
