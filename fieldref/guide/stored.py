"""The directory inside guide.db: HSDS tables, and services read back in a visitor's language."""

import datetime
from collections import defaultdict
from typing import Any

from fieldref.database import Database
from fieldref.guide import route
from fieldref.guide.hsds import rows_of
from fieldref.guide.service import Directory, Phone, Place, Service
from fieldref.guide.translations import in_language
from fieldref.languages import SOURCE

SCHEMA = """
    CREATE TABLE organizations (id TEXT PRIMARY KEY, name TEXT, description TEXT) STRICT;
    CREATE TABLE locations (
        id TEXT PRIMARY KEY, name TEXT, location_type TEXT, latitude REAL, longitude REAL, transportation TEXT
    ) STRICT;
    CREATE TABLE addresses (
        id TEXT, location_id TEXT PRIMARY KEY, address_1 TEXT, city TEXT, state_province TEXT,
        postal_code TEXT, country TEXT, address_type TEXT
    ) STRICT;
    CREATE TABLE services (
        id TEXT PRIMARY KEY, organization_id TEXT, name TEXT, description TEXT, alert TEXT, status TEXT,
        needs TEXT, eligibility TEXT, nationality TEXT, access TEXT, documents TEXT, cost TEXT,
        languages TEXT, confidential TEXT, assured_date TEXT, assurer TEXT, valid_from TEXT, valid_to TEXT
    ) STRICT;
    CREATE TABLE service_at_locations (id TEXT, service_id TEXT PRIMARY KEY, location_id TEXT) STRICT;
    CREATE TABLE phones (id TEXT, service_id TEXT, number TEXT, type TEXT, description TEXT) STRICT;
    CREATE TABLE schedules (
        id TEXT, service_id TEXT PRIMARY KEY, opening_hours TEXT, description TEXT
    ) STRICT;
    CREATE TABLE texts (
        "table" TEXT, id TEXT, language TEXT, field TEXT, text TEXT,
        PRIMARY KEY (language, "table", id, field)
    ) STRICT, WITHOUT ROWID;
"""
# A table keeps the order it was filled in, which is that of the files.
SERVICES = """
    SELECT s.*, o.name AS organization, h.opening_hours, h.description AS hours_note, l.id AS location_id,
        l.name AS location_name, l.transportation, a.address_1, a.city, a.country, l.latitude, l.longitude
    FROM services s
    LEFT JOIN organizations o ON o.id = s.organization_id
    LEFT JOIN schedules h ON h.service_id = s.id
    LEFT JOIN service_at_locations x ON x.service_id = s.id
    LEFT JOIN locations l ON l.id = x.location_id
    LEFT JOIN addresses a ON a.location_id = l.id
    ORDER BY s.rowid
"""
PHONES = "SELECT service_id, id, number, type, description FROM phones ORDER BY rowid"
TEXTS = 'SELECT "table", id, field, text FROM texts WHERE language = ?'


def store(db: Database, directory: Directory) -> None:
    """Make the directory's tables in a guide that is being built, and fill them.

    Where a confidential service is cannot get in: only the places that services have are written.
    """
    db.conn.executescript(SCHEMA)
    for table, rows in rows_of(directory).items():
        db.table(table).insert_all(rows)
    route.store(db, directory.route)


def services(db: Database, language: str) -> tuple[Service, ...]:
    """All services in the order of their file, in the words of *language* where there are any."""
    phones: defaultdict[str, list[Phone]] = defaultdict(list)
    for owner, *phone in db.conn.execute(PHONES):
        phones[owner].append(Phone(*phone))
    rows = db.conn.execute(SERVICES)
    names = [column[0] for column in rows.description]
    found = tuple(_service(dict(zip(names, row, strict=True)), phones) for row in rows)
    if language == SOURCE.code:
        return found
    words = {(table, id, field): text for table, id, field, text in db.conn.execute(TEXTS, (language,))}
    return tuple(in_language(service, language, words) for service in found)


def _service(row: dict[str, Any], phones: dict[str, list[Phone]]) -> Service:
    return Service(
        id=row["id"],
        name=row["name"],
        organization_id=row["organization_id"],
        organization=row["organization"] or "",
        description=row["description"],
        alert=row["alert"],
        status=row["status"],
        needs=_codes(row["needs"]),
        eligibility=_codes(row["eligibility"]),
        nationality=_codes(row["nationality"]),
        access=_codes(row["access"]),
        documents=row["documents"],
        cost=row["cost"],
        languages=_codes(row["languages"]),
        confidential=row["confidential"] == "yes",
        assured=_day(row["assured_date"]),
        assurer=row["assurer"],
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        hours=row["opening_hours"] or "",
        hours_note=row["hours_note"] or "",
        phones=tuple(phones.get(row["id"], ())),
        place=_place(row) if row["location_id"] is not None else None,
    )


def _place(row: dict[str, Any]) -> Place:
    return Place(
        id=row["location_id"],
        name=row["location_name"],
        transportation=row["transportation"],
        street=row["address_1"] or "",
        city=row["city"] or "",
        country=row["country"] or "",
        latitude=row["latitude"],
        longitude=row["longitude"],
    )


def _codes(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(";")) if joined else ()


def _day(written: str) -> datetime.date | None:
    return datetime.date.fromisoformat(written) if written else None
