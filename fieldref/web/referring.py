"""A referral in four taps: language, need, service, who; then the question, and the slip.

Every tap is a POST and nothing of it stands in an address: a browser's history would keep it with the minute.
"""

import secrets
from datetime import date, timedelta

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request
from flask_babel import force_locale, gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from fieldref.guide import codes as directory_codes
from fieldref.guide.hours import week
from fieldref.guide.offers import Offer, offer, offers
from fieldref.languages import BY_CODE, SOURCE
from fieldref.paper.slips import Slip, slip_html
from fieldref.register.codes import printed
from fieldref.register.counts import referral_now
from fieldref.register.records import RecordRefused, Referral, Tally, append
from fieldref.register.shift import NoShift
from fieldref.vocabulary import AGE_BANDS, FOLLOW_UP, NEEDS, PRIORITIES, SEXES, TRAVELLING, UNSAID, WAYS, codes
from fieldref.web import shown
from fieldref.web.paths import take_language

referring = Blueprint("referring", __name__, url_prefix="/<language:language>")
referring.url_value_preprocessor(take_language)

CHOICES = {"travelling": TRAVELLING, "way": WAYS, "priority": PRIORITIES}
USUAL = {"travelling": UNSAID.code, "way": "slip", "priority": "normal"}
SHOWN_DAYS = 2


@referring.post("/begin")
def begin() -> Response:
    """Take the person's language (the first tap) and, on the form, the need (the second)."""
    if (person := request.form.get("person")) is not None:
        if person not in BY_CODE:
            abort(400)
        g.session.person, g.session.need = person, ""
    if (need := request.form.get("need")) is not None:
        if need not in codes(*NEEDS):
            abort(400)
        g.session.need = need
    return redirect(f"/{g.language.code}/refer{'#where' if g.session.need else ''}", 303)


@referring.get("/refer")
def form() -> Response:
    if not g.session.person:
        return redirect(f"/{g.language.code}/", 303)
    return _form({}, "")


@referring.post("/refer")
def refer() -> Response:
    """Record what was chosen, if the person agreed; with a no, only that somebody was here."""
    chosen = {name: request.form.get(name, "") for name in ("need", "person", "service", "who", "once", *CHOICES)}
    try:
        if request.form.get("consent") != "yes":
            record = Tally(step=_place_step(), need=chosen["need"])
            append(g.register, record, once=chosen["once"])
            return redirect(f"/{g.language.code}/?done=counted", 303)
        referral = _referral(chosen)
        if append(g.register, referral, once=chosen["once"]):
            g.session.last_code = referral.code
    except RecordRefused:
        return _form(chosen, gettext("Please choose a need, a place and who it is for."))
    except NoShift:
        abort(403)
    g.session.need = ""
    return redirect(f"/{g.language.code}/slip", 303)


@referring.get("/slip")
def slip() -> Response:
    """The slip of the last referral of this session, in the person's language."""
    referral = referral_now(g.register, g.session.last_code)
    if referral is None:
        return redirect(f"/{g.language.code}/", 303)
    return make_response(render_template("staff/slip.html", slip=_drawn(referral)))


def _referral(chosen: dict[str, str]) -> Referral:
    sex, _, age_band = chosen["who"].partition("/")
    if chosen["service"] not in g.guide.services(g.language.code):
        raise RecordRefused("this service is not in the guide")
    return Referral(
        step=_place_step(),
        need=chosen["need"],
        service=chosen["service"],
        priority=chosen["priority"],
        way=chosen["way"],
        sex=sex,
        age_band=age_band,
        travelling=chosen["travelling"],
        language=chosen["person"],
        consent="yes",
    )


def _form(chosen: dict[str, str], refused: str) -> Response:
    person = BY_CODE[chosen.get("person") or g.session.person]
    need = chosen.get("need") or g.session.need
    listed = _offers(need) if need else []
    with force_locale(person.locale):
        question = gettext("May we record this referral? No name, no number. You can say no.")
    page = render_template(
        "staff/refer.html",
        person=person,
        need=next((each for each in NEEDS if each.code == need), None),
        needs=NEEDS,
        offers=listed,
        question=question,
        refused=refused,
        chosen=USUAL | {name: value for name, value in chosen.items() if value},
        once=secrets.token_urlsafe(16),
        sexes=(*SEXES, UNSAID),
        age_bands=(*AGE_BANDS, UNSAID),
        choices=CHOICES,
    )
    return make_response(page, 400 if refused else 200)


def _offers(need: str) -> list[Offer]:
    return offers(g.guide.services_for(g.language.code, need), current_app.config["PLACE"], g.now)


def _place_step() -> str:
    step: str = current_app.config["PLACE"].step
    return step


def _drawn(referral: Referral) -> Markup:
    """The slip of *referral*, every word of it in the person's language and not in the volunteer's."""
    person = BY_CODE.get(referral.language, SOURCE)
    volunteer, g.language = g.language, person
    try:
        with force_locale(person.locale):
            return slip_html(_slip(referral, person.code))
    finally:
        g.language = volunteer


def _slip(referral: Referral, person: str) -> Slip:
    place = current_app.config["PLACE"]
    common = {
        "code_printed": printed(referral.code),
        "language": person,
        "place_name": place.name,
        "valid_until": date.fromisoformat(referral.day) + _valid_for(referral),
        "icon": referral.need if referral.need in codes(*NEEDS) else "slip",
        "ask_if_it_fails": gettext("Come back to us with this slip."),
    }
    service = g.guide.services(person).get(referral.service)
    if service is None:
        return Slip(**common, service_name=shown.words(referral.need))
    seen = offer(service, place, g.now)
    local = g.guide.services(SOURCE.code)[service.id]
    days = week(service.hours, g.now.date())[:SHOWN_DAYS]
    return Slip(
        **common,
        service_name=service.name,
        local_name=local.name if person != SOURCE.code else "",
        address=local.place.address if local.place else "",
        way_there=service.place.transportation if service.place else "",
        distance=shown.way(seen.way) if seen.way else "",
        hours_lines=tuple(Markup("{}: {}").format(shown.weekday(each.date), shown.spans(each.spans)) for each in days)
        or (shown.opening(seen.opening),),
        bring=gettext(_NAMES[service.documents]) if service.documents else "",
        cost=gettext(_NAMES[service.cost]) if service.cost else "",
        phone=service.phones[0].number if service.phones else "",
    )


def _valid_for(referral: Referral) -> timedelta:
    return FOLLOW_UP[referral.priority]


_NAMES = {term.code: term.name for term in (*directory_codes.DOCUMENTS, *directory_codes.COSTS)}
