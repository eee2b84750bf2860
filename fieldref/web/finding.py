"""Finding help: by need, by words, by what is open near here, and by who it is for."""

from collections.abc import Iterable, Sequence

from flask import Blueprint, Response, abort, current_app, g, render_template, request
from flask_babel import gettext
from markupsafe import Markup

from fieldref.guide.directory import Service
from fieldref.guide.groups import GROUPS, services_for
from fieldref.guide.offers import Offer, offers
from fieldref.guide.pages import Page
from fieldref.guide.pathway import pathway
from fieldref.guide.sketch import Dot, sketch
from fieldref.vocabulary import NEEDS
from fieldref.web.pages import NEED_BY_CODE, kept
from fieldref.web.paths import take_language

finding = Blueprint("finding", __name__, url_prefix="/<language:language>")
finding.url_value_preprocessor(take_language)
GROUP_BY_CODE = {group.code: group for group in GROUPS}
LONGEST_SEARCH = 100  # characters
NEAR_AT_MOST = 20


@finding.before_request
def _only_offered() -> None:
    if g.language not in g.guide.languages:
        abort(404)


@finding.get("/needs/<code>")
def need(code: str) -> Response:
    found = NEED_BY_CODE.get(code) or abort(404)
    listed = _offers(g.guide.services_for(g.language.code, code))
    path = pathway(code, g.guide.pages(g.language.code), listed)
    texts = [page for page in g.guide.pages(g.language.code, need=code) if page not in (path.first, path.right)]
    made = render_template("public/need.html", need=found, needs=NEEDS, offers=listed, pages=texts, path=path)
    return kept(made, listed)


@finding.get("/near/")
def near() -> Response:
    """What is open now and can be relied on, nearest first; what has no place to walk to comes last."""
    known = _offers(g.guide.services(g.language.code).values())
    now = [each for each in known if each.reliable and each.opening.state in ("open", "closes_soon")]
    listed = sorted(now, key=_distance)[:NEAR_AT_MOST]
    # Kept only until any service opens: the page changes then, although that one is not yet on it.
    return kept(render_template("public/near.html", offers=listed, needs=NEEDS), known, daily=True)


@finding.get("/for/")
def groups() -> Response:
    return kept(render_template("public/group.html", groups=GROUPS, group=None))


@finding.get("/for/<code>")
def group(code: str) -> Response:
    found = GROUP_BY_CODE.get(code) or abort(404)
    own, everyone = services_for(found, g.guide.services(g.language.code).values())
    listed, others = _offers(own), _offers(everyone)
    for_all = [each for each in others if each.reliable]
    values = {"groups": GROUPS, "group": found, "offers": listed, "for_all": for_all, "pages": _pages(found.pages)}
    return kept(render_template("public/group.html", **values), [*listed, *others], daily=True)


@finding.get("/search")
def search() -> str:
    asked = request.args.get("q", "")[:LONGEST_SEARCH]
    found = g.guide.search(g.language.code, asked)
    return render_template("public/search.html", asked=asked, found=found, needs=NEEDS)


@finding.app_template_global()
def drawn(listed: Sequence[Offer]) -> Markup:
    """Sketch where the *listed* offers are, numbered as their cards; one alone needs no number."""
    dots = [
        Dot(str(number) if len(listed) > 1 else "", each.way.metres, each.way.bearing)
        for number, each in enumerate(listed, 1)
        if each.way and not each.service.confidential
    ]
    return sketch(dots, lambda walked: gettext("%(minutes)s min", minutes=walked))


def _offers(services: Iterable[Service]) -> list[Offer]:
    place, capacity = current_app.config["PLACE"], g.today.capacity
    return offers(services, place, g.now, trusted=g.trusted, capacity=capacity)


def _distance(each: Offer) -> float:
    return each.way.metres if each.way else float("inf")


def _pages(addresses: Iterable[str]) -> list[Page]:
    found = (g.guide.page(g.language.code, *address.split("/")) for address in addresses)
    return [page for page in found if page is not None]
