"""What a service said by phone of the room it has today: two taps, and every page says so until the day ends."""

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref import today
from fieldref.database import transaction
from fieldref.guide.offers import Offer, offers
from fieldref.register import shift
from fieldref.today import TodayRefused
from fieldref.vocabulary import CAPACITIES, NEEDS
from fieldref.web.paths import take_language

capacity = Blueprint("capacity", __name__, url_prefix="/<language:language>/capacity")
capacity.url_value_preprocessor(take_language)

NAMES = {each.code: each.name for each in CAPACITIES}


@capacity.get("")
def page() -> Response:
    """The services to ask, by need, with what they said today."""
    return _page("")


@capacity.post("")
def tell() -> Response:
    """Take what a service said, until the end of the day or the hour chosen; an empty state takes it back."""
    service, state = request.form.get("service", ""), request.form.get("state", "")
    if service not in g.guide.services(g.language.code):
        return _page(gettext("Please choose a service and what it said."))
    try:
        # In the register's transaction: of two volunteers at once, one waits, and both are heard.
        with transaction(g.register):
            shift.require(g.register)
            today.set_capacity(current_app.config["FOLDER"], service, state, g.now, _hour())
    except shift.NoShift:
        abort(403)
    except TodayRefused:
        return _page(gettext("Please choose a service and what it said."))
    g.session.done = "saved"
    return redirect(f"/{g.language.code}/capacity", 303)


def _hour() -> int | None:
    """The hour at which it ends; None for the end of the day. Anything else is an hour that no day has."""
    hour = request.form.get("hour", "")
    return None if not hour else int(hour) if hour in map(str, today.HOURS) else -1


def _page(refused: str) -> Response:
    services = g.guide.services(g.language.code).values()
    place, said = current_app.config["PLACE"], g.today.capacity
    listed = offers(services, place, g.now, trusted=g.trusted, capacity=said)
    page = render_template(
        "staff/capacity.html",
        told=[each for each in listed if each.capacity],
        by_need=_by_need([each for each in listed if each.freshness in ("fresh", "stale") and not each.capacity]),
        states=CAPACITIES,
        names=NAMES,
        hours=today.hours_ahead(g.now),
        refused=refused,
        done=g.session.say_once(),
    )
    return make_response(page, 400 if refused else 200)


def _by_need(listed: list[Offer]) -> list[tuple[str, list[Offer]]]:
    """The offers under the first need that each answers; those that answer none come last, under no need."""
    found = [(need.code, [each for each in listed if each.service.needs[:1] == (need.code,)]) for need in NEEDS]
    return [(code, each) for code, each in [*found, ("", [each for each in listed if not each.service.needs])] if each]
