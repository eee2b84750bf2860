"""What a branch manager should know of the services before people are sent to them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from fieldref.guide import freshness
from fieldref.guide.findings import Finding, Material, finding, of_rows, of_service
from fieldref.guide.folding import fold
from fieldref.guide.geography import metres
from fieldref.guide.hours import opening
from fieldref.guide.service import Phone, Service
from fieldref.languages import BY_CODE, SOURCE
from fieldref.vocabulary import NEEDS

# Nobody runs a service for land, forest and climate at a safe-point.
NOT_EXPECTED = {"natural"}
FAR = 50_000  # metres: further than anyone is sent from a safe-point without transport
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ISO_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
WRITTEN_DAY = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({'|'.join(MONTHS)})[a-z]*\.? (\d{{4}})\b", re.IGNORECASE)


def rows(material: Material) -> Iterable[Finding]:
    """What was wrong with the rows of the files."""
    return of_rows(material.problems)


def sample(material: Material) -> Iterator[Finding]:
    """The invented services that a new safe-point starts with are not for people."""
    if material.sample:
        count = len(material.directory.services)
        yield finding(
            "sample", "services.csv", f"the {count} services are the sample; bring in your own before you open"
        )


def expired(material: Material) -> Iterator[Finding]:
    """Services whose last day has passed."""
    for service in material.standing("expired"):
        yield of_service(service, "expired", f"its time was over on {service.valid_to}")


def stale(material: Material) -> Iterator[Finding]:
    """Services that nobody has verified for longer than was agreed."""
    for service in material.standing("stale"):
        limit = freshness.LIMITS[service.assurer]
        when = f"was last verified on {service.assured}" if service.assured else "was never verified"
        yield of_service(service, "stale", f"it {when}; it should be every {limit} days")


def past(material: Material) -> Iterator[Finding]:
    """Hours that never come again, and notices of days that are over."""
    noon = datetime.combine(material.today, time(12))
    for service in material.standing("fresh", "stale", "closed"):
        now = opening(service.hours, noon)
        if (now.state, now.opens) == ("closed", None):
            yield of_service(service, "past", f"its hours ({service.hours}) do not come again within a year")
        for words in filter(None, (service.alert, service.hours_note)):
            days = list(_days(words))
            if days and max(days) < material.today:
                yield of_service(service, "past", f"“{words}” speaks of a day that is over")


def twins(material: Material) -> Iterator[Finding]:
    """Two ids for what seems to be one service: the same name, and the same telephone, or place and provider."""
    seen: dict[tuple[str, str], Service] = {}
    for service in material.directory.services:
        marks = {(fold(service.name), mark) for mark in _marks(service)}
        first = next((seen[mark] for mark in sorted(marks) if mark in seen), None)
        if first is not None:
            yield of_service(service, "twin", f"it has the name, and the place or number, of service {first.id}")
        for mark in marks:
            seen.setdefault(mark, service)


def unlike(material: Material) -> Iterator[Finding]:
    """Facts of one service that cannot all be true."""
    for service in material.directory.services:
        for sentence in _disagreements(service, material.today):
            yield of_service(service, "unlike", sentence)


def unserved(material: Material) -> Iterator[Finding]:
    """Needs for which there is nobody to send people to."""
    served = {need for service in material.standing("fresh", "stale", "closed") for need in service.needs}
    for need in NEEDS:
        if need.code not in served | NOT_EXPECTED:
            sentence = f"no service that still runs answers the need {need.code} ({need.examples})"
            yield finding("unserved", "services.csv", sentence)


def without_hours(material: Material) -> Iterator[Finding]:
    """Services of which nobody has said when they are open."""
    unclear = {problem.id for problem in material.problems if problem.kind == "hours"}
    for service in material.directory.services:
        if not service.hours and not service.hours_note and service.id not in unclear:
            yield of_service(service, "no_hours", "no opening hours are given")


def far(material: Material) -> Iterator[Finding]:
    """Places so far away that a coordinate is more likely wrong than anybody sent there."""
    here = material.place
    if here.latitude is None or here.longitude is None:
        return
    for service in material.directory.services:
        place = service.place
        if place and place.latitude is not None and place.longitude is not None:
            distance = metres((here.latitude, here.longitude), (place.latitude, place.longitude))
            if distance > FAR:
                yield of_service(service, "far", f"it is {distance / 1000:.0f} km from the safe-point")


def emergency_number(material: Material) -> Iterator[Finding]:
    """The one number on every page."""
    number = material.place.emergency_number
    if not Phone("", number).dial:
        yield finding("phone", "fieldref.toml", f"no phone can dial the emergency number “{number}”")


def untranslated(material: Material) -> Iterator[Finding]:
    """Services whose name is only in the source language, counted for each language of the safe-point."""
    named = defaultdict(set)
    for text in material.directory.texts:
        if (text.table, text.field) == ("services", "name"):
            named[text.language].add(text.id)
    services = material.directory.services
    for code in material.languages:
        missing = [each.id for each in services if each.id not in named[code]]
        if code != SOURCE.code and missing:
            name = BY_CODE[code].english if code in BY_CODE else code
            sentence = f"{len(missing)} of {len(services)} services have no name in {name} ({', '.join(missing[:3])} …)"
            yield finding("text_missing", "texts.csv", sentence)


def _marks(service: Service) -> Iterator[str]:
    if service.place:
        place = service.place
        where = f"{place.latitude:.4f} {place.longitude:.4f}" if place.latitude and place.longitude else place.id
        yield f"{where} {fold(service.organization)}"
    yield from (phone.dial for phone in service.phones if phone.dial)


def _disagreements(service: Service, today: date) -> Iterator[str]:
    if service.valid_from and service.valid_to and service.valid_from > service.valid_to:
        yield f"it ends on {service.valid_to}, before it begins on {service.valid_from}"
    if service.assured and service.assured > today:
        yield f"it was verified on {service.assured}, which has not come yet"
    if "walk_in" in service.access and service.place is None:
        where = "where it is, is confidential" if service.confidential else "no place is given"
        yield f"people can just come, but {where}"
    if service.access == ("phone",) and not any(phone.dial for phone in service.phones):
        yield "it can only be called, but no number is given that a phone can dial"
    if len(service.eligibility) > 1 and "unsaid" in service.eligibility:
        yield "it is said for whom it is, and that this is not said"
    if len(service.nationality) > 1 and "any" in service.nationality:
        yield "it is for people of any country, and for those of some"


def _days(words: str) -> Iterator[date]:
    """The days that *words* name in full, like 2026-11-20 or 20 November 2026."""
    found = [(year, month, day) for year, month, day in ISO_DAY.findall(words)]
    found += [(year, str(MONTHS.index(month.lower()) + 1), day) for day, month, year in WRITTEN_DAY.findall(words)]
    for year, month, day in found:
        try:
            yield date(int(year), int(month), int(day))
        except ValueError:
            continue


CHECKS = (
    rows, sample, expired, stale, past, twins, unlike, unserved, without_hours, far, emergency_number, untranslated,
)  # fmt: skip
