"""Which languages this shift speaks: ticked by anybody of it, on every phone at once, gone with the shift.

Of the shift and not of a volunteer: a list of who speaks what would tell who they are.
"""

from babel import Locale
from flask import Blueprint, abort, current_app, g, render_template, request
from werkzeug.wrappers import Response

from fieldref import today
from fieldref.database import transaction
from fieldref.languages import LANGUAGES, Language
from fieldref.register import shift
from fieldref.today import TodayRefused
from fieldref.web.access import done_at_home
from fieldref.web.paths import take_language

speaking = Blueprint("speaking", __name__, url_prefix="/<language:language>/speaking")
speaking.url_value_preprocessor(take_language)


@speaking.get("")
def page() -> str:
    return render_template("staff/speaking.html", languages=[(each, _name(each)) for each in LANGUAGES])


@speaking.post("")
def tell() -> Response:
    """Take the languages that are ticked, and no others."""
    try:
        with transaction(g.register):
            shift.require(g.register)
            today.set_languages(current_app.config["FOLDER"], request.form.getlist("spoken"), g.now)
    except shift.NoShift:
        abort(403)
    except TodayRefused:
        abort(400)
    return done_at_home("spoken")


def _name(language: Language) -> str:
    """What *language* is called in the volunteer's; in English where nobody has a word for it."""
    known = Locale.parse(g.language.locale).languages
    return str(known.get(language.locale) or known.get(language.code) or language.english)
