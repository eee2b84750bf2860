"""A referral in four taps: language, need, service, who; then the question, and the slip.

Every tap is a POST and nothing of it stands in an address: a browser's history would keep it with the minute.
"""

import secrets
import time
from dataclasses import replace

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request
from flask_babel import force_locale, gettext
from werkzeug.wrappers import Response

from fieldref.guide.doubts import Person, doubts, next_best
from fieldref.guide.offers import Offer, offer, offers
from fieldref.guide.question import recorded
from fieldref.languages import BY_CODE
from fieldref.paper.slips import A6, LOOKS
from fieldref.register.counts import referral_now
from fieldref.register.records import RecordRefused, Referral, Tally, append, check
from fieldref.register.shift import NoShift
from fieldref.vocabulary import (
    AGE_BANDS,
    DISABILITY,
    NEEDS,
    PRIORITIES,
    REASONS,
    SEXES,
    TRAVELLING,
    UNSAID,
    WAYS,
    codes,
)
from fieldref.web.access import done_at_home
from fieldref.web.paths import take_language
from fieldref.web.slip import drawn
from fieldref.web.withdrawing import can_undo

referring = Blueprint("referring", __name__, url_prefix="/<language:language>")
referring.url_value_preprocessor(take_language)

CHOICES = {
    "travelling": (*TRAVELLING, UNSAID),
    "disability": (*DISABILITY, UNSAID),
    "way": WAYS,
    "priority": PRIORITIES,
}
USUAL = {"travelling": UNSAID.code, "disability": UNSAID.code, "way": "slip", "priority": "normal"}
FIELDS = ("need", "person", "service", "who", "once", *CHOICES)
TOGETHER = ("family", "group")


@referring.post("/begin")
def begin() -> Response:
    """Take the person's language (the first tap) and, on the form, the need (the second)."""
    g.session.again = {}
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
    return _form(g.session.again, "")


@referring.post("/refer")
def refer() -> Response:
    """Record what was chosen, if the person agreed; with a no, only that somebody was here.

    Where something speaks against that service, nothing is recorded before the volunteer was told and says "all
    the same".
    """
    chosen = {name: request.form.get(name) or USUAL.get(name, "") for name in FIELDS}
    if chosen["person"] not in BY_CODE:
        abort(400)
    try:
        if request.form.get("consent") != "yes":
            append(g.register, Tally(step=_place_step(), need=chosen["need"]), once=chosen["once"])
            return done_at_home("counted")
        referral = _referral(chosen)
        if request.form.get("sure") != referral.service and (against := _against(referral)):
            return _better_not(chosen, referral, against)
        # The same form is the same referral: it is sent again where the disk failed and nobody knew what was saved.
        referral = replace(referral, code=g.session.sent.setdefault(chosen["once"], referral.code))
        append(g.register, referral, once=chosen["once"])
        g.session.last_code, g.session.last_at = referral.code, time.monotonic()
    except RecordRefused:
        return _form(chosen, gettext("Please choose a need, a place and who it is for."))
    except NoShift:
        abort(403)
    g.session.need, g.session.again = "", {}
    return redirect(f"/{g.language.code}/slip", 303)


@referring.post("/again")
def again() -> Response:
    """One more of the same family: language, need and service stay, only who it is for is new."""
    referral = referral_now(g.register, g.session.last_code)
    if referral is None:
        return redirect(f"/{g.language.code}/", 303)
    g.session.person, g.session.need = referral.language, referral.need
    g.session.again = {"service": referral.service, "way": referral.way}
    if referral.travelling in TOGETHER:
        g.session.again["travelling"] = referral.travelling
    return redirect(f"/{g.language.code}/refer#who", 303)


@referring.get("/slip")
def slip() -> Response:
    """The slip of the last referral of this session, in the person's language.

    Before it, once, what the volunteer does now for a child without a carer or in an emergency: at the same
    address, so that a browser's history does not tell for whom the sheet was shown.
    """
    referral = referral_now(g.register, g.session.last_code)
    if referral is None:
        return redirect(f"/{g.language.code}/", 303)
    if (prompts := _what_now(referral)) and g.session.told != referral.code:
        g.session.told = referral.code
        return make_response(render_template("staff/now.html", prompts=prompts))
    paper = next((each for each in LOOKS if each == request.args.get("paper")), A6)
    made = drawn(referral, paper)
    return make_response(render_template("staff/slip.html", slip=made, paper=paper, undoable=can_undo()))


def _referral(chosen: dict[str, str]) -> Referral:
    """The referral that was *chosen*. Raises RecordRefused where something is missing or not ours."""
    sex, _, age_band = chosen["who"].partition("/")
    if chosen["service"] not in g.guide.services(g.language.code):
        raise RecordRefused("this service is not in the guide")
    referral = Referral(
        step=_place_step(),
        need=chosen["need"],
        service=chosen["service"],
        priority=chosen["priority"],
        way=chosen["way"],
        sex=sex,
        age_band=age_band,
        travelling=chosen["travelling"],
        disability=chosen["disability"],
        language=chosen["person"],
        consent="yes",
    )
    check(referral)
    return referral


def _form(chosen: dict[str, str], refused: str) -> Response:
    person = BY_CODE[chosen.get("person") or g.session.person]
    need = chosen.get("need") or g.session.need
    good, doubtful = _sorted(need, _person(chosen))
    with force_locale(person.locale):
        question = gettext("May we record this referral? No name, no number. You can say no.")
    page = render_template(
        "staff/refer.html",
        person=person,
        need=next((each for each in NEEDS if each.code == need), None),
        needs=NEEDS,
        good=good,
        doubtful=doubtful,
        question=question,
        refused=refused,
        chosen=USUAL | {name: value for name, value in chosen.items() if value},
        once=secrets.token_urlsafe(16),
        sexes=(*SEXES, UNSAID),
        age_bands=(*AGE_BANDS, UNSAID),
        choices=CHOICES,
        reasons=REASONS,
        recorded=recorded(current_app.config["FOLDER"], person.code),
    )
    return make_response(page, 400 if refused else 200)


def _better_not(chosen: dict[str, str], referral: Referral, against: tuple[str, ...]) -> Response:
    """Say what speaks against it, with the best service that nothing speaks against as one tap."""
    better = next_best(_offers(referral.need), referral.need, _of(referral), g.now)
    page = render_template(
        "staff/better-not.html", offer=_offer(referral), against=against, better=better, chosen=chosen
    )
    return make_response(page)


def _sorted(need: str, person: Person | None) -> tuple[list[Offer], list[tuple[Offer, tuple[str, ...]]]]:
    """What answers *need*: that which nothing is known against, and the rest with what is."""
    judged = [(each, doubts(each, need, person, g.now)) for each in (_offers(need) if need else [])]
    return [each for each, against in judged if not against], [pair for pair in judged if pair[1]]


def _offers(need: str) -> list[Offer]:
    services = g.guide.services_for(g.language.code, need)
    place, capacity = current_app.config["PLACE"], g.today.capacity
    return offers(services, place, g.now, trusted=g.trusted, capacity=capacity)


def _offer(referral: Referral) -> Offer:
    service = g.guide.services(g.language.code)[referral.service]
    place, capacity = current_app.config["PLACE"], g.today.capacity
    return offer(service, place, g.now, trusted=g.trusted, capacity=capacity)


def _against(referral: Referral) -> tuple[str, ...]:
    return doubts(_offer(referral), referral.need, _of(referral), g.now)


def _of(referral: Referral) -> Person:
    return Person(referral.sex, referral.age_band, referral.travelling, referral.disability)


def _person(chosen: dict[str, str]) -> Person | None:
    """Who was chosen, if anybody was yet."""
    sex, slash, age_band = chosen.get("who", "").partition("/")
    return Person(sex, age_band, chosen["travelling"], chosen["disability"]) if slash else None


def _what_now(referral: Referral) -> tuple[str, ...]:
    """Which sheets of what to do at once belong to *referral*; nothing of them is kept."""
    child = ("child",) if _of(referral).child_alone else ()
    return child + (("emergency",) if referral.priority == "emergency" else ())


def _place_step() -> str:
    step: str = current_app.config["PLACE"].step
    return step
