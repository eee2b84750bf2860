"""What visitors may tell us at the public door: whether a page was useful, and what is missing. All of it is taps.

Nothing here knows who they are, so nothing has to be protected but the disk and the truth of the counts: the limits
are in fieldref.web.throttle and fieldref.voices. The door opens guide.db and voices.db and no other book.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, Flask, Response, abort, current_app, g, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as WerkzeugResponse

from fieldref.guide.opened import Shelf
from fieldref.guide.pages import Page
from fieldref.vocabulary import DOUBTS, NEEDS, UNSAID, codes
from fieldref.voices import MissingService, NotHeard, Rating, TooMuch, Voice, hear
from fieldref.web.pages import NEED_BY_CODE, kept
from fieldref.web.paths import take_language
from fieldref.web.reads import Reads
from fieldref.web.throttle import Throttle

LARGEST = 512  # bytes; one tap is about fifteen
LATER = "900"  # seconds

voicing = Blueprint("voicing", __name__, url_prefix="/<language:language>")
voicing.url_value_preprocessor(take_language)


class Ears(NamedTuple):
    """What the door needs in order to hear: where voices.db lies, and how often a phone may speak."""

    folder: Path
    throttle: Throttle


def add_voices(app: Flask, folder: Path, shelf: Shelf) -> Callable[[str], None]:
    """Let visitors be heard at *app*; return what is to be called with the path of every kept page that is read."""
    app.extensions["fieldref_ears"] = Ears(folder, Throttle())
    app.jinja_env.globals["doubts"] = DOUBTS
    app.register_blueprint(voicing)

    def is_page(language: str, page: str) -> bool:
        section, _, slug = page.partition("/")
        return shelf.guide().page(language, section, slug) is not None

    return Reads(folder, is_page).count


@voicing.before_request
def _only_offered() -> None:
    if g.language not in g.guide.languages:
        abort(404)


@voicing.before_request
def _own_form() -> None:
    """A form of another site is refused, as far as a browser tells; ours are small.

    The pages of this door are sent with no-referrer, and with that browsers call the origin of our own forms "null".
    """
    if request.method != "POST":
        return
    request.max_content_length = LARGEST
    if request.content_length is None:
        abort(411)
    if request.content_length > LARGEST:
        abort(413)
    if request.headers.get("Origin", "null") not in ("null", request.host_url.rstrip("/")):
        abort(403)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)


@voicing.get("/heard/<section>/<slug>")
def heard(section: str, slug: str) -> Response:
    """Thanks for an answer on a page, and the way back to it."""
    page = _page(section, slug)
    return kept(render_template("public/heard.html", page=page, need=None, path=f"heard/{page.address}"))


@voicing.post("/heard/<section>/<slug>", endpoint="rate")
def rate(section: str, slug: str) -> WerkzeugResponse:
    """Take one answer: "yes", or the reason why not."""
    page, answer = _page(section, slug), request.form.get("answer", "")
    if answer not in ("yes", *codes(*DOUBTS)):
        abort(400)
    useful, reason = ("yes", UNSAID.code) if answer == "yes" else ("no", answer)
    voice = Rating(page=page.address, language=g.language.code, useful=useful, reason=reason)
    return _hear(voice, f"heard/{page.address}")


@voicing.get("/missing")
def missing() -> Response:
    return kept(render_template("public/missing.html", needs=NEEDS))


@voicing.post("/missing", endpoint="miss")
def miss() -> WerkzeugResponse:
    """Take one need that somebody did not find help for."""
    need = request.form.get("need", "")
    if need not in NEED_BY_CODE:
        abort(400)
    return _hear(MissingService(language=g.language.code, need=need), f"missing/{need}")


@voicing.get("/missing/<code>")
def missed(code: str) -> Response:
    """Thanks, and what there is for this need all the same."""
    need = NEED_BY_CODE.get(code) or abort(404)
    return kept(render_template("public/heard.html", page=None, need=need, path=f"missing/{need.code}"))


def _hear(voice: Voice, thanks: str) -> WerkzeugResponse:
    """Keep *voice*, and answer only once it is on the disk."""
    ears: Ears = current_app.extensions["fieldref_ears"]
    if not ears.throttle.allows(request.remote_addr or ""):
        return _not_now(429)
    try:
        hear(ears.folder, voice)
    except TooMuch:
        return _not_now(429)
    except NotHeard:
        return _not_now(503)
    return redirect(f"/{g.language.code}/{thanks}", 303)


def _not_now(status: int) -> Response:
    said = {
        429: gettext("Many answers are coming in just now. We did not keep this one. Please try again later."),
        503: gettext("We could not keep your answer. Please tell a volunteer."),
    }
    answer = make_response(render_template("public/refused.html", said=said[status]), status)
    answer.headers["Retry-After"] = LATER
    return answer


def _page(section: str, slug: str) -> Page:
    found: Page | None = g.guide.page(g.language.code, section, slug)
    return found or abort(404)
