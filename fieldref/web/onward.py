"""The next safe-points on the route: how far, which way, what they offer."""

from babel import Locale
from flask import Blueprint, Response, abort, current_app, g, render_template

from fieldref.guide.onward import onward as seen_from
from fieldref.guide.route import NOTES
from fieldref.web.pages import kept
from fieldref.web.paths import take_language

onward = Blueprint("onward", __name__, url_prefix="/<language:language>/onward")
onward.url_value_preprocessor(take_language)
NOTE_NAMES = {note.code: note.name for note in NOTES}


@onward.before_request
def _only_offered() -> None:
    if g.language not in g.guide.languages:
        abort(404)


@onward.get("/")
def home() -> Response:
    """The nearest first. Made anew each day: what was checked long ago is doubted from one day to the next."""
    points = seen_from(g.guide.next_safe_points(g.language.code), current_app.config["PLACE"], g.now.date())
    countries = Locale.parse(g.language.locale).territories
    return kept(render_template("public/onward.html", points=points, countries=countries, notes=NOTE_NAMES), daily=True)
