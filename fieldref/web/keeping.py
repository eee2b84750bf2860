"""What a person can take along: the guide in one file, phone numbers, cards, a booklet, codes for a camera."""

from flask import Blueprint, Response, abort, current_app, g, render_template
from flask_babel import gettext

from fieldref.guide.opened import Guide
from fieldref.paper import qr
from fieldref.paper.booklet import booklet_html, chosen
from fieldref.paper.cards import card_html
from fieldref.paper.carried import position
from fieldref.paper.contacts import contacts
from fieldref.paper.lasting import lasting
from fieldref.paper.takeaway import file_name, shown, takeaway
from fieldref.settings import Settings
from fieldref.vocabulary import SECTIONS
from fieldref.web.pages import kept
from fieldref.web.paths import take_language

keeping = Blueprint("keeping", __name__, url_prefix="/<language:language>/keep")
keeping.url_value_preprocessor(take_language)
SECTION_BY_CODE = {section.code: section for section in SECTIONS}


@keeping.before_request
def _only_offered() -> None:
    if g.language not in g.guide.languages:
        abort(404)


@keeping.get("/")
def home() -> Response:
    cards = chosen(_guide(), _place(), g.language.code)
    return kept(render_template("public/keep.html", cards=cards))


@keeping.get("/guide.html")
def guide_file() -> Response:
    """The guide to be stored; what it says of its letters (UTF-8 or UTF-16) stands in the file itself."""
    return _download(takeaway(_guide(), _place(), g.language.code, g.now), "text/html", "html")


@keeping.get("/guide")
def guide_shown() -> Response:
    """The same to be read here: with its style beside it, since no style inside a page is let through."""
    sheet = current_app.jinja_env.globals["static"]("takeaway.css")  # type: ignore[operator]  # add_statics' function
    return kept(shown(_guide(), _place(), g.language.code, g.now, sheet=sheet), daily=True)


@keeping.get("/contacts.vcf")
def contacts_file() -> Response:
    return _download(contacts(_guide(), _place(), g.language.code, g.now), "text/vcard; charset=utf-8", "vcf")


@keeping.get("/booklet")
def booklet() -> Response:
    made = booklet_html(_guide(), _place(), g.language.code, g.now)
    return kept(render_template("public/keep_booklet.html", booklet=made), daily=True)


@keeping.get("/card/<section>/<slug>")
def card(section: str, slug: str) -> Response:
    page = _guide().page(g.language.code, section, slug)
    if page is None:
        abort(404)
    values = {"page": page, "section": SECTION_BY_CODE[section], "card": card_html(page, _place())}
    return kept(render_template("public/keep_card.html", **values))


@keeping.get("/codes")
def codes() -> Response:
    place = _place()
    said = family_message()
    where = (
        position(place.latitude, place.longitude) if place.latitude is not None and place.longitude is not None else ""
    )
    values = {
        "call": qr.svg(f"tel:{place.emergency_number}", error="M"),
        "where": where.removeprefix("geo:"),
        "map": qr.svg(where, error="M") if where else "",
        "said": said.splitlines(),
        "family": qr.svg(said, error="M"),
    }
    return kept(render_template("public/keep_codes.html", **values), daily=True)


def family_message() -> str:
    """A few words on finding one's family, with the first phone here that helps; short enough for a code."""
    phones = [
        phone.number
        for each in lasting(_guide(), _place(), g.language.code, g.now)
        if each.reliable and "family" in each.service.needs
        for phone in each.service.phones
        if phone.dial
    ]
    words = gettext("Lost your family? Ask the Red Cross or Red Crescent, in any country. It is free.")
    return "\n".join([words, _place().name, *phones[:1]])


def _download(content: bytes, kind: str, ending: str) -> Response:
    answer = kept("", daily=True)
    answer.set_data(content)
    answer.content_type = kind
    name = file_name(_place(), g.language.code, ending)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _guide() -> Guide:
    guide: Guide = g.guide
    return guide


def _place() -> Settings:
    place: Settings = current_app.config["PLACE"]
    return place
