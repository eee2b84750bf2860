"""The slip of a referral, drawn: every word of it in the person's language and not in the volunteer's."""

from flask import current_app, g
from flask_babel import force_locale, gettext
from markupsafe import Markup

from fieldref.guide import codes as directory_codes
from fieldref.guide.hours import week
from fieldref.guide.offers import offer
from fieldref.languages import BY_CODE, SOURCE
from fieldref.paper.slips import Paper, Slip, slip_html
from fieldref.register.codes import printed
from fieldref.register.due import follow_up_day
from fieldref.register.records import Referral
from fieldref.vocabulary import NEEDS, codes
from fieldref.web import shown

SHOWN_DAYS = 2
NAMES = {term.code: term.name for term in (*directory_codes.DOCUMENTS, *directory_codes.COSTS)}


def drawn(referral: Referral, paper: Paper = "a6") -> Markup:
    """Return the slip of *referral* on *paper*, for a page that links static/paper.css."""
    person = BY_CODE.get(referral.language, SOURCE)
    volunteer, g.language = g.language, person
    try:
        with force_locale(person.locale):
            return slip_html(_slip(referral, person.code), paper=paper)
    finally:
        g.language = volunteer


def _slip(referral: Referral, person: str) -> Slip:
    place = current_app.config["PLACE"]
    common = {
        "code_printed": printed(referral.code),
        "language": person,
        "place_name": place.name,
        "valid_until": follow_up_day(referral),
        "icon": referral.need if referral.need in codes(*NEEDS) else "slip",
        "ask_if_it_fails": gettext("Come back to us with this slip."),
    }
    service = g.guide.services(person).get(referral.service)
    if service is None:
        return Slip(**common, service_name=shown.words(referral.need))
    seen = offer(service, place, g.now, trusted=g.trusted)
    local = g.guide.services(SOURCE.code)[service.id]
    days = week(service.hours, g.now.date(), country=place.country)[:SHOWN_DAYS]
    return Slip(
        **common,
        service_name=service.name,
        local_name=local.name if person != SOURCE.code else "",
        address=local.place.address if local.place else "",
        way_there=service.place.transportation if service.place else "",
        distance=shown.way(seen.way) if seen.way else "",
        hours_lines=tuple(Markup("{}: {}").format(shown.weekday(each.date), shown.spans(each.spans)) for each in days)
        or (shown.opening(seen.opening),),
        bring=gettext(NAMES[service.documents]) if service.documents else "",
        cost=gettext(NAMES[service.cost]) if service.cost else "",
        phone=service.phones[0].number if service.phones else "",
    )
