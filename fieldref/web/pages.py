"""The pages of the guide: home, sections, texts, services, and the way to other languages."""

from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, Response, abort, current_app, g, make_response, render_template

from fieldref.guide.directory import Service
from fieldref.guide.hours import valid_until, week
from fieldref.guide.offers import Offer, offer, offers
from fieldref.languages import SOURCE
from fieldref.vocabulary import NEEDS, SECTIONS, Section
from fieldref.web.pagecache import FOREVER, KEEP_UNTIL
from fieldref.web.paths import take_language

pages = Blueprint("pages", __name__, url_prefix="/<language:language>")
pages.url_value_preprocessor(take_language)
NEED_BY_CODE = {need.code: need for need in NEEDS}
SECTION_BY_CODE = {section.code: section for section in SECTIONS}


@pages.before_request
def _only_offered() -> None:
    if g.language not in g.guide.languages:
        abort(404)


@pages.get("/")
def home() -> Response:
    journey = g.guide.pages(g.language.code, section="journey")
    made = render_template("public/home.html", sections=SECTIONS[:3], journey=journey)
    return kept(made, ends=[each.until for each in g.announcements])


@pages.get("/<section>/")
def section(section: str) -> Response:
    found = _section(section)
    listed = g.guide.pages(g.language.code, section=section)
    return kept(render_template("public/section.html", section=found, pages=listed, needs=NEEDS))


@pages.get("/<section>/<slug>")
def page(section: str, slug: str) -> Response | tuple[str, int]:
    found = _section(section)
    text = g.guide.page(g.language.code, section, slug)
    spoken = g.guide.languages_of(section, slug)
    if text is None:
        if not spoken:
            abort(404)
        return render_template("public/elsewhere.html", section=found, spoken=spoken), 404
    beside = [each for each in g.guide.pages(g.language.code, section=section) if each is not text]
    known = _offers(g.guide.services_for(g.language.code, text.need)) if text.need else []
    source = g.guide.page(SOURCE.code, section, slug)
    made = render_template("public/page.html", section=found, page=text, source=source, beside=beside, offers=known[:1])
    return kept(made, known)


@pages.get("/service/<id>")
def service(id: str) -> Response:
    found: Service | None = g.guide.services(g.language.code).get(id)
    if found is None:
        abort(404)
    place, capacity = current_app.config["PLACE"], g.today.capacity
    seen = offer(found, place, g.now, trusted=g.trusted, capacity=capacity)
    days = week(found.hours, g.now.date(), country=current_app.config["PLACE"].country)
    # The name on the door: people ask for it in the street, so it stands beside the translated one.
    local = g.guide.services(SOURCE.code)[id].place
    values = {"offer": seen, "days": days, "local": local, "section": SECTION_BY_CODE["services"]}
    return kept(render_template("public/service.html", **values), [seen])


@pages.get("/emergency")
def emergency() -> Response:
    known = _offers(g.guide.services_for(g.language.code, "health_physical"))
    # Also one that is full: it may not send an emergency away.
    now = [each for each in known if each.freshness == "fresh" and each.opening.state in ("open", "closes_soon")]
    texts = [each for each in g.guide.pages(g.language.code) if each.critical]
    return kept(render_template("public/emergency.html", offers=now[:3], pages=texts), known, daily=True)


@pages.get("/languages/", defaults={"path": ""})
@pages.get("/languages/<path:path>")
def languages(path: str) -> str:
    """The way from a page to the same page in another language; without a cookie, the address carries it.

    Not kept: anything may stand in this address, and a phone must not fill the memory with it.
    """
    return render_template("public/languages.html", path=path)


def kept(
    made: str, listed: list[Offer] | None = None, *, daily: bool = False, ends: Iterable[datetime] = ()
) -> Response:
    """Answer *made*, to be kept until one of the *listed* offers opens, closes or is no longer said to be full or not,
    the day ends, or one of *ends*."""
    answer = make_response(made)
    moments = [*ends, *(each.capacity.until for each in listed or () if each.capacity)]
    if listed or daily:
        moments.append(
            valid_until(
                g.now, (each.service.hours for each in listed or ()), country=current_app.config["PLACE"].country
            )
        )
    answer.headers[KEEP_UNTIL] = str(min(each.timestamp() for each in moments)) if moments else FOREVER
    return answer


def _offers(services: list[Service]) -> list[Offer]:
    place, capacity = current_app.config["PLACE"], g.today.capacity
    return offers(services, place, g.now, trusted=g.trusted, capacity=capacity)


def _section(code: str) -> Section:
    return SECTION_BY_CODE.get(code) or abort(404)
