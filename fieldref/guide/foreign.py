"""Rows of anybody's HSDS 3 package become rows of a directory here; what has no place here is counted and said."""

import re
from collections import Counter
from collections.abc import Mapping

from fieldref.guide.belonging import links, nearest
from fieldref.guide.datapackage import PLURALS, Raw
from fieldref.guide.facts import Facts
from fieldref.guide.tables import Problem

Cells = dict[str, str]
Row = Mapping[str, str]

# Every column that is understood; all others are counted, and whoever imports is told of them.
TAKEN = {
    table: frozenset(columns.split())
    for table, columns in {
        "organization": "id name",
        "location": "id organization_id name location_type latitude longitude transportation",
        "address": "id location_id address_1 address_2 city country address_type",
        "service": "id organization_id program_id name description alert status assured_date needs eligibility"
        " nationality access documents cost languages confidential assurer valid_from valid_to"
        " eligibility_description minimum_age maximum_age application_process fees_description",
        "service_at_location": "id service_id location_id",
        "phone": "id service_id service_at_location_id location_id organization_id contact_id number extension"
        " type description",
        "schedule": "id service_id service_at_location_id location_id opening_hours description notes valid_from"
        " valid_to dtstart timezone until count wkst freq interval byday byweekno bymonthday byyearday opens_at"
        " closes_at",
        "language": "id service_id location_id phone_id name code",
        "required_document": "id service_id document",
        "cost_option": "id service_id amount",
        "attribute": "id link_id link_entity link_type taxonomy_term_id",
        "taxonomy_term": "id code name description parent_id taxonomy taxonomy_id",
        "text": "table id language field text",
    }.items()
}
SCHEDULE = tuple(sorted(TAKEN["schedule"] - {"service_at_location_id", "location_id", "notes", "wkst"}))
WHY = {
    "contact": "the names of people are not kept, nor the numbers that they answer themselves",
    "email": "it is of no use without the internet",
    "url": "it cannot be opened without the internet",
    "website": "it cannot be opened without the internet",
}
NO_PLACE = "the guide has no place for it"
UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def understand(raw: Raw) -> tuple[dict[str, list[Cells]], tuple[Problem, ...]]:
    """Return the rows of our tables that *raw* comes to, and in words all that was left out."""
    raw = {table: [_small(row) for row in rows] for table, rows in raw.items()}
    known = links(raw)
    phones, lost_phones = nearest(raw.get("phone", []), known)
    schedules, lost_schedules = nearest(raw.get("schedule", []), known)
    languages, _ = nearest(raw.get("language", []), known)
    facts = Facts(raw, languages)
    virtual = {row["id"] for row in raw.get("location", []) if row.get("location_type", "").lower() == "virtual"}
    ours = {
        "organizations": [_picked(row, "id", "name") for row in raw.get("organization", [])],
        "locations": [_location(row) for row in raw.get("location", []) if row["id"] not in virtual],
        "addresses": [_address(row) for row in sorted(raw.get("address", []), key=_for_post)],
        "services": [facts.service(row) for row in raw["service"]],
        "service_at_locations": [
            _picked(row, "id", "service_id", "location_id")
            for row in raw.get("service_at_location", [])
            if row.get("location_id") not in virtual
        ],
        "phones": [_phone(row, service) for service, rows in phones.items() for row in rows],
        "schedules": [_schedule(row, service) for service, rows in schedules.items() for row in rows],
        "texts": [_picked(row, "table", "id", "language", "field", "text") for row in raw.get("text", [])],
    }
    lost = {"phone": lost_phones, "schedule": lost_schedules, "location": len(virtual)}
    return ours, (*_left_out(raw), *_nobodys(lost), *_unclear(facts.unclear))


def _small(row: Row) -> Cells:
    # A UUID means the same in capitals; here ids are small, so that a code on paper can hold them.
    cells = {"id": ""} | dict(row)
    return {
        name: cell.lower() if name.endswith("id") and UUID.fullmatch(cell) else cell for name, cell in cells.items()
    }


def _picked(row: Row, *columns: str) -> Cells:
    return {column: row.get(column, "") for column in columns}


def _location(row: Row) -> Cells:
    return _picked(row, "id", "name", "location_type", "latitude", "longitude", "transportation")


def _address(row: Row) -> Cells:
    street = ", ".join(filter(None, (row.get("address_1"), row.get("address_2"))))
    return _picked(row, "id", "location_id", "city", "country", "address_type") | {"address_1": street}


def _for_post(row: Row) -> bool:
    """Nobody can be sent to where only letters go, unless no other address is known."""
    return row.get("address_type", "").lower() == "postal"


def _phone(row: Row, service: str) -> Cells:
    number = row.get("number", "").strip("\"' ")
    extension = f"Extension {row['extension']}" if row.get("extension") else ""
    description = ". ".join(filter(None, (extension, row.get("description"))))
    return _picked(row, "id", "type") | {"service_id": service, "number": number, "description": description}


def _schedule(row: Row, service: str) -> Cells:
    described = "\n".join(filter(None, (row.get("description"), row.get("notes"))))
    return _picked(row, *SCHEDULE) | {"service_id": service, "description": described}


def _left_out(raw: Raw) -> list[Problem]:
    """One problem for every column, or whole table, that is not understood and not empty."""
    problems = []
    for table, rows in raw.items():
        columns = Counter(
            name for row in rows for name, cell in row.items() if cell and name not in TAKEN.get(table, ())
        )
        if table not in TAKEN and rows:
            reason = WHY.get(table, NO_PLACE)
            problems.append(_problem("unused", table, "", f"{_rows(len(rows))} left out: {reason}"))
        elif table in TAKEN:
            for column, count in columns.items():
                reason = WHY.get(column, NO_PLACE)
                problems.append(_problem("unused", table, column, f"{column} is left out of {_rows(count)}: {reason}"))
    return problems


def _nobodys(lost: Mapping[str, int]) -> list[Problem]:
    reasons = {
        "phone": "no service, place or organization has them (a person's own number is not kept)",
        "schedule": "no service or place has them",
        "location": "a place on the internet cannot be gone to",
    }
    return [
        _problem("unused", table, "", f"{_rows(count)} left out: {reasons[table]}")
        for table, count in lost.items()
        if count
    ]


def _unclear(unclear: Counter[tuple[str, str]]) -> list[Problem]:
    return [
        _problem("phrase", "service", field, f"“{words}” has no code for {field} ({_rows(count)}); it is left out")
        for (field, words), count in unclear.items()
    ]


def _problem(kind: str, table: str, field: str, sentence: str) -> Problem:
    return Problem(kind, PLURALS.get(table, f"{table}s"), 0, "", field, sentence)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
