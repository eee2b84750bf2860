"""The phone numbers of the guide as contacts: vCard 3.0 (RFC 2426), which phones of the last twenty years take in."""

import re
from datetime import datetime
from functools import partial

from markupsafe import Markup

from fieldref.guide.opened import Guide
from fieldref.guide.service import Phone
from fieldref.languages import language
from fieldref.paper import words
from fieldref.paper.lasting import WORDS, Lasting, lasting
from fieldref.settings import Settings

FOLD = 75  # octets of a line, its end not counted (RFC 2426, section 2.6)
TYPES = {"cell": "CELL", "text": "MSG,WORK", "fax": "FAX,WORK"}
SPECIAL = re.compile(r"([\\,;])")


def contacts(guide: Guide, settings: Settings, code: str, now: datetime) -> bytes:
    """Return a contact for each service that has a phone and has not ended, in the language *code*, as UTF-8.

    Confidential services are left out: a shelter's name alone, among the contacts of a phone that somebody else
    looks through, can betray. Their numbers are on their pages, for who wants to keep them.
    """
    places = [each for each in lasting(guide, settings, code, now) if not each.service.confidential]
    called = [each for each in places if any(phone.dial for phone in each.service.phones)]
    return "".join(_card(each, settings, code, guide.sample) for each in called).encode()


def folded(line: str) -> str:
    """Return *line* as lines of at most FOLD octets that a reader joins again, no letter cut in two."""
    lines, octets = [""], 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > FOLD:
            lines.append(" ")
            octets = 1
        lines[-1] += letter
        octets += size
    return "\r\n".join(lines) + "\r\n"


def text(value: str) -> str:
    """Return *value* as one text of a vCard: commas, semicolons, backslashes and line ends are marked."""
    return "\\n".join(SPECIAL.sub(r"\\\1", line.strip()) for line in value.strip().splitlines())


def _card(each: Lasting, settings: Settings, code: str, sample: bool) -> str:
    service = each.service
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{text(service.name)};;;;", f"FN:{text(service.name)}"]
    lines += [_phone(phone) for phone in service.phones if phone.dial]
    lines += [f"ORG:{text(service.organization or settings.name)}", *_where(each)]
    lines += [f"NOTE:{text(_note(each, settings, code, sample))}", "END:VCARD"]
    return "".join(map(folded, lines))


def _phone(phone: Phone) -> str:
    return f"TEL;TYPE={TYPES.get(phone.type, 'VOICE,WORK')}:{phone.dial.removeprefix('tel:')}"


def _where(each: Lasting) -> list[str]:
    place = each.service.place
    if place is None:
        return []
    lines = []
    if place.address:
        lines.append(f"ADR;TYPE=WORK:;;{text(place.street)};{text(place.city)};;;{text(place.country)}")
    if place.latitude is not None and place.longitude is not None:
        lines.append(f"GEO:{place.latitude:.5f};{place.longitude:.5f}")
    return lines


def _note(each: Lasting, settings: Settings, code: str, sample: bool) -> str:
    """What it is, its hours, who may come, when it was checked: a line each, in plain words."""
    made = words.render(
        "_note.html",
        code,
        each=each,
        place=settings,
        sample=sample,
        language=language(code),
        day=partial(words.day, code=code),
        **WORDS,
    )
    return "\n".join(filter(None, (Markup(line).striptags() for line in made.splitlines())))  # noqa: S704 (only to strip)
