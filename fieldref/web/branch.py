"""The branch door, for the manager of many safe-points: on the manager's own machine, under the branch's passphrase."""

from pathlib import Path

from babel import Locale
from flask import Flask, current_app, g, make_response, redirect, render_template, request
from flask_babel import Babel, gettext
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from fieldref import clock, settings
from fieldref.exchange import quarantine, seal
from fieldref.exchange.branch import require_branch
from fieldref.folders import folder as shipped
from fieldref.guide import spreadsheet
from fieldref.guide.build import FILE_NAME
from fieldref.guide.opened import Guide
from fieldref.languages import BY_CODE, LANGUAGES, SOURCE, Language
from fieldref.web import branch_access as access
from fieldref.web import coded, headers, incoming, shown
from fieldref.web.collecting import collecting
from fieldref.web.counting import counting
from fieldref.web.keyring import keyring
from fieldref.web.language import negotiate
from fieldref.web.pairing import pairing
from fieldref.web.paths import LanguageInPath
from fieldref.web.printing import printing
from fieldref.web.publishing import publishing
from fieldref.web.safe_points import places
from fieldref.web.settling import settling
from fieldref.web.signing import signing
from fieldref.web.statics import add_statics
from fieldref.web.unsaved import answer_in_words

SMALL = 64 * 1024  # bytes of a form without a large file; a card is smaller
AT_ONCE = 2**30  # bytes of a form with many bundles
AROUND = 2**20  # bytes of a form around its one file
MOST_FILES = 1000
# Endpoints that take files: so many bytes each.
FILES = {"collecting.take": seal.LARGEST, "publishing.take_workbook": spreadsheet.LARGEST}
LARGEST = {"collecting.take": AT_ONCE, "publishing.take_workbook": spreadsheet.LARGEST + AROUND}


def create_branch(folder: Path) -> Flask:
    """Return the door of the branch in *folder* as a WSGI application. Raises Refusal, in words, for no branch."""
    require_branch(folder)
    clock.use(folder)
    app = Flask("fieldref", static_folder=None, template_folder=str(shipped("templates")))
    app.url_map.converters["language"] = LanguageInPath
    app.config.update(
        BABEL_TRANSLATION_DIRECTORIES=str(shipped("translations")),
        TRUSTED_HOSTS=["127.0.0.1", "localhost", "[::1]"],
        MAX_CONTENT_LENGTH=SMALL,
        MAX_FORM_MEMORY_SIZE=SMALL,
        MAX_FORM_PARTS=MOST_FILES,
        LARGEST=LARGEST,
        PLACE=settings.read(folder),
        FOLDER=folder,
    )
    Babel(app, locale_selector=lambda: Locale.parse(g.language.locale))
    # With no-referrer a browser says "Origin: null" of our own forms, and they could not be told from others.
    headers.set_headers(app, cache=headers.NEVER, connect="'self'", referrer="same-origin")
    add_statics(app)
    shown.add_to(app)
    app.jinja_env.filters.update(
        column=coded.column, held=coded.value, day_written=coded.day_written, month=coded.month, short=coded.short
    )
    app.jinja_env.globals.update(kinds=coded.KINDS, interface=interface())

    @app.before_request
    def _prepare() -> None:
        g.now, g.trusted = clock.now(), True
        g.setdefault("language", SOURCE)

    incoming.take_files(app, folder, FILES)
    access.guard(app)
    app.context_processor(_common)
    app.add_url_rule("/", "first", first)
    paper = printing("branch/base.html", lambda: _guide(folder), list)
    for blueprint in (signing, collecting, places, pairing, settling, counting, publishing, keyring, paper):
        app.register_blueprint(blueprint)
    app.register_error_handler(HTTPException, _refuse)
    answer_in_words(app, "branch/unsaved.html")
    return app


def _guide(folder: Path) -> Guide | None:
    """The guide as it was built here last, if it was."""
    path = folder / FILE_NAME
    return Guide(path) if path.exists() else None


def interface() -> list[Language]:
    """The languages that this door's words are translated to."""
    return [each for each in LANGUAGES if each is SOURCE or (shipped("translations") / each.locale).is_dir()]


def first() -> Response:
    """The manager's language by what the browser asks for; from then on it is in the address."""
    code = negotiate(request.headers.get("Accept-Language", ""), {each.code for each in interface()})
    return redirect(f"/{code}/", 303)


def _common() -> dict[str, object]:
    values = {"language": g.language, "base": f"/{g.language.code}", "place": current_app.config["PLACE"]}
    waiting = quarantine.waiting(g.register) if "register" in g else 0
    return values | {"session": g.get("session"), "waiting": waiting}


def _refuse(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):
        return Response("This door has another address.\n", 400, content_type="text/plain; charset=utf-8")
    if (error.code or 500) < 400:
        return error.get_response()
    g.language = BY_CODE.get(request.path.split("/")[1], SOURCE)
    sentences = {
        403: gettext("This form is too old or came from elsewhere. Nothing was changed. Please start again."),
        404: gettext("This page is not here."),
        413: gettext("This is too much at once. Send fewer files, or smaller ones."),
    }
    said = sentences.get(error.code or 500, gettext("This did not work. Nothing was changed."))
    return make_response(render_template("branch/refused.html", said=said), error.code or 500)
