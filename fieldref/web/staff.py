"""The staff door, for the volunteers of the shift that is open: on this machine, or over TLS on their phones."""

from pathlib import Path

from babel import Locale
from flask import Blueprint, Flask, current_app, g, make_response, redirect, render_template, request
from flask_babel import Babel, gettext
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, SecurityError
from werkzeug.wrappers import Response as WerkzeugResponse

from fieldref import clock, settings
from fieldref.folders import folder as shipped
from fieldref.guide.build import FILE_NAME
from fieldref.guide.opened import Shelf
from fieldref.languages import BY_CODE, SOURCE
from fieldref.refusal import Refusal
from fieldref.register.access import COORDINATOR, FIRST, AccessRefused, PinDisabled, check_pin
from fieldref.register.counts import todays_counts
from fieldref.register.shift import NoShift
from fieldref.today import Board
from fieldref.web import access, headers, shown
from fieldref.web.announcing import announcing
from fieldref.web.answering import answering
from fieldref.web.capacity import capacity
from fieldref.web.carrying import carrying
from fieldref.web.clocking import clocking
from fieldref.web.consent import consent
from fieldref.web.doctoring import doctoring
from fieldref.web.due import follow_up, how_many_due
from fieldref.web.guiding import PackRequest, guiding
from fieldref.web.helping import helping
from fieldref.web.lan import Lan, lan
from fieldref.web.language import negotiate
from fieldref.web.outcomes import outcomes
from fieldref.web.pads import pads
from fieldref.web.paths import LanguageInPath, take_language
from fieldref.web.patience import TooSoon
from fieldref.web.printing import Also, printing
from fieldref.web.referring import referring
from fieldref.web.scanning import scanning
from fieldref.web.shifting import shifting
from fieldref.web.speaking import speaking
from fieldref.web.statics import add_statics
from fieldref.web.tallying import tallying
from fieldref.web.unsaved import answer_in_words
from fieldref.web.withdrawing import can_undo, withdrawing

PRACTICE = "practice"  # a folder with a file of this name is made up, says so everywhere and closes nothing

staff = Blueprint("staff", __name__, url_prefix="/<language:language>")
staff.url_value_preprocessor(take_language)


def create_staff(folder: Path, served: Lan | None = None, beside: str = "") -> Flask:
    """Return the staff door of the safe-point in *folder* as a WSGI application, on this machine or as *served*.

    One that is on this machine can show the card of the one *beside* it, like 10.42.0.1:8443. Raises Refusal, in
    words, if the settings are wrong or there is no guide.
    """
    place, shelf, board = settings.read(folder), Shelf(folder / FILE_NAME), Board(folder)
    clock.use(folder)
    app = Flask("fieldref", static_folder=None, template_folder=str(shipped("templates")))
    app.request_class = PackRequest
    app.url_map.converters["language"] = LanguageInPath
    app.config.update(
        BABEL_TRANSLATION_DIRECTORIES=str(shipped("translations")),
        TRUSTED_HOSTS=list(served.hosts) if served else ["127.0.0.1", "localhost", "[::1]"],
        LAN=served,
        BESIDE=beside,
        MAX_CONTENT_LENGTH=64 * 1024,
        MAX_FORM_MEMORY_SIZE=16 * 1024,
        MAX_FORM_PARTS=50,
        PLACE=place,
        FOLDER=folder,
        PRACTICE=(folder / PRACTICE).exists(),
    )
    Babel(app, locale_selector=lambda: Locale.parse(g.language.locale))
    # With no-referrer a browser says "Origin: null" of our own forms, and they could not be told from others.
    headers.set_headers(app, cache=headers.NEVER, camera="self", connect="'self'", referrer="same-origin")
    add_statics(app)
    shown.add_to(app)

    @app.before_request
    def _prepare() -> None:
        g.guide, g.now, g.trusted = shelf.guide(), clock.now(), clock.state().trusted
        g.today = board.now(g.now)
        g.setdefault("language", SOURCE)

    access.guard(app)
    app.context_processor(_common)
    app.add_url_rule("/", "first", first)
    for blueprint in (
        staff,
        carrying,
        referring,
        outcomes,
        withdrawing,
        tallying,
        follow_up,
        shifting,
        announcing,
        pads,
        printing("staff/base.html", lambda: g.guide, _also),
        answering,
        clocking,
        helping,
        doctoring,
        scanning,
        lan,
        guiding,
        capacity,
        speaking,
        consent,
    ):
        app.register_blueprint(blueprint)
    app.register_error_handler(HTTPException, _refuse)
    app.register_error_handler(Refusal, _refuse_form)
    answer_in_words(app)
    return app


def first() -> WerkzeugResponse:
    """The volunteer's language by what the browser asks for; from then on it is in the address."""
    code = negotiate(request.headers.get("Accept-Language", ""), {each.code for each in g.guide.languages})
    return redirect(f"/{code}/", 303)


@staff.get("/")
def home() -> str:
    """What to do now: whose language, what came of a slip, what is due, how many today."""
    return render_template(
        "staff/home.html",
        counts=todays_counts(g.register),
        done=g.session.say_once(),
        due=how_many_due(),
        undoable=can_undo(),
    )


@staff.get("/sign-in")
def sign_in() -> WerkzeugResponse:
    if g.session is not None:
        return redirect(f"/{g.language.code}/", 303)
    return access.sign_in_page("")


@staff.post("/sign-in", endpoint="sign_in_now")
def sign_in_now() -> WerkzeugResponse:
    """Let a volunteer in with a PIN of the open shift; ten wrong tries disable it."""
    typed = request.form.get("number", "")
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= len("99") else FIRST
    try:
        with access.one_try(number):
            role = check_pin(g.register, request.form.get("pin", "")[:20], number)
    except TooSoon as wait:
        return access.wait_page(wait)
    except PinDisabled:
        said = gettext("This PIN was wrong ten times or is disabled. The coordinator gives you a new one.")
        return access.sign_in_page(said)
    except AccessRefused:
        return access.sign_in_page(gettext("This PIN is not right.") if g.shift else gettext("No shift is open."))
    answer = redirect(f"/{g.language.code}/", 303)
    access.begin(answer, role, number)
    return answer


@staff.post("/sign-out")
def sign_out() -> WerkzeugResponse:
    answer = redirect(f"/{g.language.code}/sign-in", 303)
    access.end(answer)
    return answer


def _also() -> list[Also]:
    """What else is printed here, and entered when it comes back."""
    papers = [
        Also("pad", "slip", gettext("Paper pads")),
        Also("answers", "people", gettext("Answer sheets")),
        Also("help/print", "practical_information", gettext("Help for volunteers")),
    ]
    card = [Also("shift/card", "phone", gettext("Staff card"))] if g.session.role == COORDINATOR else []
    return papers + card


def _common() -> dict[str, object]:
    values = {"language": g.language, "base": f"/{g.language.code}", "guide": g.get("guide")}
    values |= {"place": current_app.config["PLACE"], "practice": current_app.config["PRACTICE"]}
    return values | {"session": g.get("session"), "shift": g.get("shift")}


def _refuse_form(refusal: Refusal) -> WerkzeugResponse:
    """What no page of ours sends, or what came when the shift had just been closed: nothing of it was recorded."""
    return _refuse(Forbidden() if isinstance(refusal, NoShift) else BadRequest())


def _refuse(error: HTTPException) -> WerkzeugResponse:
    if isinstance(error, SecurityError):
        return WerkzeugResponse("This door has another address.\n", 400, content_type="text/plain; charset=utf-8")
    if (error.code or 500) < 400:
        return error.get_response()
    g.language = BY_CODE.get(request.path.split("/")[1], SOURCE)
    sentences = {
        403: gettext("This form is too old or came from elsewhere. Nothing was recorded. Please start again."),
        404: gettext("This page is not here."),
        413: gettext("This is too much at once. Nothing was recorded."),
    }
    said = g.get("said") or sentences.get(error.code or 500, gettext("This did not work. Nothing was recorded."))
    return make_response(render_template("staff/refused.html", said=said), error.code or 500)
