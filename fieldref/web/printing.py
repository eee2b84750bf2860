"""Posters, cards and stickers to choose, to look at and to print: one part of the staff door and of the branch's.

Which page, need or service somebody prints stands in no address: it is posted, as everything in these doors.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec

from flask import Blueprint, Response, abort, current_app, g, make_response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as WerkzeugResponse

from fieldref.guide.addresses import remember
from fieldref.guide.announcements import current
from fieldref.guide.freshness import state
from fieldref.guide.opened import Guide
from fieldref.languages import BY_CODE, LANGUAGES, Language
from fieldref.paper import posters, qr
from fieldref.paper.logo import Logo, logo_in
from fieldref.paper.papers import MOST_LANGUAGES, PAPER_BY_CODE, PAPERS
from fieldref.paper.pdf import pdf
from fieldref.paper.posters import Poster, Warned
from fieldref.paper.subjects import EMERGENCY, FREE, HELP, NEXT, ONWARD, TODAY
from fieldref.refusal import Refusal
from fieldref.settings import Settings
from fieldref.vocabulary import NEEDS, SECTIONS
from fieldref.web.paths import take_language

DISTANCES = ("0", "1", "1.5", "3")  # metres; 0 is in the hand
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Also:
    """Another thing to print at this door: its path, a pictogram and what it is called."""

    path: str
    icon: str
    words: str


def printing(base: str, guide: Callable[[], Guide | None], also: Callable[[], Iterable[Also]]) -> Blueprint:
    """Return the pages under /print for a door whose pages stand on the template *base*, a block `text` in it.

    The door gives each request `g.now`, its configuration PLACE and FOLDER, and its templates `session.token`.
    """
    part = Blueprint("printing", __name__, url_prefix="/<language:language>/print")
    part.url_value_preprocessor(take_language)

    def choose(refused: str = "") -> Response:
        offered = _offered(guide())
        page = render_template(
            "print/choose.html",
            stands_on=base,
            groups=_groups(guide()),
            offered=offered,
            papers=PAPERS,
            distances=DISTANCES,
            chosen=request.form if request.method == "POST" else None,
            ticked=request.form.getlist("tongue") or [each.code for each in offered[:MOST_LANGUAGES]],
            also=also(),
            with_pdf=find_spec("fpdf") is not None,
            refused=refused,
        )
        return make_response(page, 400 if refused else 200)

    @part.get("")
    def ask() -> Response:
        return choose()

    @part.post("")
    def sheet() -> Response:
        """The sheet that was chosen, to be looked at and printed."""
        try:
            made = _made(guide())
        except _Sayable as refused:
            return choose(str(refused))
        remember(current_app.config["FOLDER"], made.address)
        if request.form.get("do") == "pdf":
            try:
                return _download(pdf(made))
            except Refusal:
                return choose(gettext("This machine has not all the letters for a PDF. Print the sheet from here."))
        drawn = posters.article(made, url_for("printing.logo", language=g.language) if made.logo else "")
        said = [_said(each) for each in made.warnings]
        return make_response(render_template("print/sheet.html", stands_on=base, made=made, drawn=drawn, said=said))

    @part.get("/logo")
    def logo() -> WerkzeugResponse:
        """The society's own mark, cleaned: no style inside a page may hold it."""
        found = _logo()
        if found is None:
            abort(404)
        return WerkzeugResponse(found.content, content_type=found.kind)

    return part


def _download(made: bytes) -> Response:
    answer = make_response(made)
    answer.content_type = "application/pdf"
    answer.headers["Content-Disposition"] = 'attachment; filename="poster.pdf"'
    return answer


class _Sayable(Exception):
    """It cannot be printed so; the message says why in the language of the page."""


def _made(guide: Guide | None) -> Poster:
    place = _place()
    what, paper, distance = (request.form.get(name, "") for name in ("what", "paper", "distance"))
    tongues = list(dict.fromkeys(request.form.getlist("tongue")))
    known = {value for _, choices in _groups(guide) for value, _ in choices}
    offered = {each.code for each in _offered(guide)}
    if what not in known or paper not in PAPER_BY_CODE or distance not in DISTANCES or not offered.issuperset(tongues):
        abort(400)
    if not 1 <= len(tongues) <= MOST_LANGUAGES:
        raise _Sayable(gettext("Tick one to six languages."))
    try:
        qr.page_address(place, "")
    except Refusal:
        if what != EMERGENCY:
            raise _Sayable(
                gettext("What is printed would open on no phone. Whoever set this machine up writes its address first.")
            ) from None
    return posters.poster(
        place,
        tongues,
        what,
        printed=g.now.date(),
        guide=guide,
        paper=paper,
        distance=float(distance),
        logo=_logo(),
        port=qr.default_port(place),
    )


def _groups(guide: Guide | None) -> list[tuple[str, Choices]]:
    """All that a poster can be about, in groups: its address and what it is called."""
    first = [("", gettext(FREE)), (EMERGENCY, gettext(HELP))]
    today = [
        (f"{TODAY}/{each.code}/{each.time}".rstrip("/"), gettext(each.kind.name) % {"time": each.time})
        for each in current(current_app.config["FOLDER"], g.now)
    ]
    if guide is None:
        return [("", first), (gettext("Today"), today)]
    if guide.next_safe_points(g.language.code):
        first.append((ONWARD, gettext(NEXT)))
    services = sorted(
        (service.name, service.id)
        for service in guide.services(g.language.code).values()
        if state(service, g.now.date()) not in ("withdrawn", "expired")
    )
    found = [
        ("", first),
        (gettext("Today"), today),
        (gettext("All needs"), [(f"needs/{need.code}", gettext(need.name)) for need in NEEDS]),
        *((gettext(each.name), _pages(guide, each.code)) for each in SECTIONS),
        (gettext("Places that help"), [(f"service/{id}", name) for name, id in services]),
    ]
    return [(name, choices) for name, choices in found if choices]


def _pages(guide: Guide, section: str) -> Choices:
    written = {page.address: page.title for page in guide.pages("en", section=section)}
    written |= {page.address: page.title for page in guide.pages(g.language.code, section=section)}
    return list(written.items())


def _offered(guide: Guide | None) -> tuple[Language, ...]:
    """The languages of a sheet: those of the guide; the place's own first, in their order."""
    every = guide.languages if guide else LANGUAGES[:1]
    own = [BY_CODE[code] for code in _place().languages if BY_CODE[code] in every]
    return (*own, *(each for each in every if each not in own))


def _said(warned: Warned) -> str:
    return str(gettext(warned.sentence)) % dict(warned.gaps)


def _logo() -> Logo | None:
    try:
        return logo_in(current_app.config["FOLDER"])
    except Refusal:
        raise _Sayable(
            gettext("The logo in the folder cannot be used: an SVG, PNG or JPEG picture of at most 300 kB.")
        ) from None


def _place() -> Settings:
    place: Settings = current_app.config["PLACE"]
    return place
