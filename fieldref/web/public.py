"""The public door: the guide, for anybody, with nothing asked; what visitors tell us by a tap is kept in codes.

It reads guide.db, the announcements and what holds today, and appends to voices.db; nothing that knows of referrals is
imported here.
"""

import re
from pathlib import Path
from wsgiref.types import WSGIApplication, WSGIEnvironment

from babel import Locale
from flask import Flask, Response, g, make_response, redirect, render_template, request
from flask_babel import Babel, gettext
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from fieldref import clock, settings
from fieldref.folders import folder as shipped
from fieldref.guide.addresses import known
from fieldref.guide.announcements import Board
from fieldref.guide.build import FILE_NAME
from fieldref.guide.opened import Shelf
from fieldref.languages import BY_CODE, SOURCE
from fieldref.today import Board as TodaysBoard
from fieldref.vocabulary import SECTIONS, codes
from fieldref.web import finding, headers, keeping, listening, onward, pages, shown, staying
from fieldref.web.captive import lead_home
from fieldref.web.language import negotiate
from fieldref.web.pagecache import FOREVER, KEEP_UNTIL, PageCache
from fieldref.web.paths import LanguageInPath
from fieldref.web.statics import add_statics
from fieldref.web.voicing import add_voices

LONGEST_HOME = len("/prs/")
PRINTED = re.compile(r"(/[A-Za-z0-9-]+)+/?")  # nothing that could lead elsewhere, like //OTHER.HOST
ALONE = frozenset({"onward", "emergency"})
WITHOUT_LANGUAGE = ALONE | codes(*SECTIONS) | {"needs", "service"}


def create_public(folder: Path) -> WSGIApplication:
    """Return the public door of the safe-point in *folder* as a WSGI application.

    Raises Refusal, in words, if the settings are wrong or there is no guide.
    """
    clock.use(folder)
    shelf, board, today = Shelf(folder / FILE_NAME), Board(folder), TodaysBoard(folder)
    place = settings.read(folder)
    app = public_app(place, shelf, board, today)
    read = add_voices(app, folder, shelf)

    def identity() -> object:
        # What was kept as open must go when nobody stands for the time any more. A service that is full stands on so
        # many pages that all are made anew; it happens a few times a day.
        return shelf.identity(), today.identity(), clock.state().mark

    def variant(environ: WSGIEnvironment) -> str:
        path = environ["PATH_INFO"]
        if path == "/":
            return negotiate(environ.get("HTTP_ACCEPT_LANGUAGE", ""), _codes(shelf))
        # Only a home (/ar/) shows announcements: no other page looks for them, or is made anew with them.
        return str(board.identity()) if len(path) <= LONGEST_HOME else ""

    return lead_home(PageCache(app, identity, variant, clock=lambda: clock.now().timestamp(), read=read), place)


def public_app(place: settings.Settings, shelf: Shelf, board: Board, today: TodaysBoard) -> Flask:
    """Return the Flask application behind the page cache."""
    app = Flask("fieldref", static_folder=None, template_folder=str(shipped("templates")))
    app.url_map.converters["language"] = LanguageInPath
    app.url_map.strict_slashes = True
    app.config.update(
        BABEL_TRANSLATION_DIRECTORIES=str(shipped("translations")),
        MAX_CONTENT_LENGTH=16 * 1024,
        MAX_FORM_PARTS=20,
        PLACE=place,
    )
    Babel(app, locale_selector=lambda: Locale.parse(g.language.locale))
    headers.set_headers(app, cache=headers.REVALIDATE)
    add_statics(app, (KEEP_UNTIL, FOREVER))
    shown.add_to(app)
    app.register_blueprint(pages.pages)
    app.register_blueprint(finding.finding)
    app.register_blueprint(keeping.keeping)
    app.register_blueprint(onward.onward)
    app.register_blueprint(listening.listening)
    app.register_blueprint(staying.staying)

    @app.before_request
    def _prepare() -> None:
        g.guide = shelf.guide()
        g.now, g.trusted = clock.now(), clock.state().trusted
        g.announcements, g.today = board.now(g.now), today.now(g.now)
        g.setdefault("language", SOURCE)

    @app.context_processor
    def _common() -> dict[str, object]:
        return {"language": g.language, "base": f"/{g.language.code}", "place": place, "guide": g.guide}

    @app.get("/")
    def first() -> Response:
        g.language = BY_CODE[negotiate(request.headers.get("Accept-Language", ""), _codes(shelf))]
        others = [each for each in g.guide.languages if each is not g.language]
        answer = pages.kept(render_template("public/first.html", others=others))
        answer.headers["Vary"] = "Accept-Language"
        return answer

    @app.get("/robots.txt")
    def robots() -> Response:
        return Response("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")

    app.register_error_handler(HTTPException, _refuse)
    return app


def _refuse(error: HTTPException) -> WerkzeugResponse:
    """Lead capital letters (a printed code is smaller with them) to their page; say anything else in words."""
    path = request.path
    if error.code == 404 and PRINTED.fullmatch(path) and request.method in ("GET", "HEAD"):
        if path.split("/")[1].lower() not in BY_CODE and (leads := _in_own_language(path.lower())):
            return leads
        if path != path.lower():
            return redirect(path.lower(), 301)
    if error.code in (301, 308):
        return error.get_response()
    g.language = BY_CODE.get(path.split("/")[1], SOURCE)
    if g.language not in g.guide.languages:
        g.language = SOURCE
    said = gettext("This page is not here.") if error.code == 404 else gettext("This did not work.")
    return make_response(render_template("public/refused.html", said=said), error.code or 500)


def _in_own_language(path: str) -> WerkzeugResponse | None:
    """The way from an address without a language, as a sheet in many languages has it, to that of the phone.

    Only to what is there, and 302: another phone, or the same one tomorrow, may want another language.
    """
    code = negotiate(request.headers.get("Accept-Language", ""), {each.code for each in g.guide.languages})
    first, _, rest = path.strip("/").partition("/")
    there = known(g.guide.pages(SOURCE.code), g.guide.services(SOURCE.code).values())
    if first not in WITHOUT_LANGUAGE or bool(rest) == (first in ALONE) or not there.leads(path):
        return None
    answer = redirect(f"/{code}/{path.strip('/')}{'/' if first == 'onward' else ''}", 302)
    answer.headers["Vary"] = "Accept-Language"
    return answer


def _codes(shelf: Shelf) -> set[str]:
    return {language.code for language in shelf.guide().languages}
