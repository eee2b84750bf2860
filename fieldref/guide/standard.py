"""The directory as an HSDS 3.1 package: the standard's tables for anyone, and our own columns so that nothing is lost.

What we say in codes stands in both: in a column of ours (needs, opening_hours, ...) and, for others, in the words
and tables of the standard. Read again here, the columns of ours are believed.
"""

from collections.abc import Iterator, Sequence

from fieldref.guide import schedules
from fieldref.guide.codes import ACCESS, COSTS, DOCUMENTS, ELIGIBILITY
from fieldref.guide.hsds import Cells, rows_of
from fieldref.guide.service import Directory, Service
from fieldref.languages import BY_CODE
from fieldref.vocabulary import NEEDS, Term

TAXONOMY = "Smart practices that enhance resilience of migrants (IFRC 2016)"


def package_of(directory: Directory) -> dict[str, list[Cells]]:
    """Return the rows of each table of the package. Where a confidential service is, is not among them."""
    ours = rows_of(directory)
    services = directory.services
    return {
        "organization": ours["organizations"],
        "service": [_service(row, each) for row, each in zip(ours["services"], services, strict=True)],
        "location": ours["locations"],
        "address": ours["addresses"],
        "service_at_location": ours["service_at_locations"],
        "phone": ours["phones"],
        "schedule": [*ours["schedules"], *(row for each in services for row in _weekly(each))],
        "language": [_language(each, code) for each in services for code in each.languages],
        "required_document": [_document(each) for each in services if each.documents],
        "taxonomy_term": list(_terms(services)),
        "attribute": [_attribute(each, need) for each in services for need in each.needs],
        "text": ours["texts"],
    }


def _service(row: Cells, service: Service) -> Cells:
    return row | {
        "eligibility_description": _words(ELIGIBILITY, service.eligibility) or "Everyone",
        "application_process": _words(ACCESS, service.access),
        "fees_description": _words(COSTS, (service.cost,)),
    }


def _weekly(service: Service) -> Iterator[Cells]:
    for number, (days, opens, closes) in enumerate(schedules.weekly(service.hours), start=1):
        yield {
            "id": f"{service.id}-{number}",
            "service_id": service.id,
            "freq": "WEEKLY",
            "byday": ",".join(days),
            "opens_at": opens,
            "closes_at": closes,
        }


def _language(service: Service, code: str) -> Cells:
    name = BY_CODE[code].english
    return {"id": f"{service.id}-{code}", "service_id": service.id, "name": name, "code": code}


def _document(service: Service) -> Cells:
    words = _words(DOCUMENTS, (service.documents,))
    return {"id": f"{service.id}-document", "service_id": service.id, "document": words}


def _terms(services: Sequence[Service]) -> Iterator[Cells]:
    used = {need for service in services for need in service.needs}
    for need in NEEDS:
        if need.code in used:
            yield {
                "id": f"need-{need.code}",
                "code": need.code,
                "name": need.name,
                "description": need.examples,
                "taxonomy": TAXONOMY,
            }


def _attribute(service: Service, need: str) -> Cells:
    return {
        "id": f"{service.id}-{need}",
        "link_id": service.id,
        "link_entity": "service",
        "link_type": "need",
        "taxonomy_term_id": f"need-{need}",
    }


def _words(terms: tuple[Term, ...], used: Sequence[str]) -> str:
    names = {term.code: term.name for term in terms}
    return ", ".join(names[code] for code in used if code)
