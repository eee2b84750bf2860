"""The next safe-points on the route: read from route.csv, kept in the guide.

Safe-points are public places; where a shelter is, is never among what is read here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from fieldref.database import Database
from fieldref.guide import cells
from fieldref.guide.service import NextSafePoint, Phone
from fieldref.guide.tables import Problem, Row, first_by_id
from fieldref.languages import BY_CODE, SOURCE
from fieldref.vocabulary import N_, NEEDS, STEPS, Term, codes

NOTES = (
    Term("day_and_night", N_("Open day and night")),
    Term("call_first", N_("Call before you walk, or ask us.")),
)
COLUMNS = (
    "id", "name", "latitude", "longitude", "country", "needs", "step", "languages", "phone", "checked", "notes",
)  # fmt: skip
SCHEMA = """
    CREATE TABLE next_safe_point (
        id TEXT PRIMARY KEY, name TEXT, latitude REAL, longitude REAL, country TEXT, needs TEXT, step TEXT,
        languages TEXT, phone TEXT, checked TEXT, notes TEXT
    ) STRICT;
"""


def read(rows: Iterable[Row], problems: list[Problem]) -> tuple[NextSafePoint, ...]:
    """Take every row that has an id and a name; say of all else in *problems* what is wrong with it."""
    taken = first_by_id(rows, problems)
    return tuple(point for row in taken.values() if (point := _point(row, problems)) is not None)


def rows_of(points: Iterable[NextSafePoint]) -> list[dict[str, Any]]:
    """The rows of route.csv, and of the table in the guide, that *points* are read from."""
    return [
        {
            "id": each.id,
            "name": each.name,
            "latitude": each.latitude,
            "longitude": each.longitude,
            "country": each.country,
            "needs": ";".join(each.needs),
            "step": each.step,
            "languages": ";".join(each.languages),
            "phone": each.phone.number if each.phone else "",
            "checked": each.checked.isoformat() if each.checked else "",
            "notes": ";".join(each.notes),
        }
        for each in points
    ]


def store(db: Database, points: Iterable[NextSafePoint]) -> None:
    """Make the table in a guide that is being built, and fill it."""
    db.conn.executescript(SCHEMA)
    db.table("next_safe_point").insert_all(rows_of(points))


def next_safe_points(db: Database, language: str) -> tuple[NextSafePoint, ...]:
    """All that the guide knows, in the order of the file; none in a guide from before there was a route."""
    if not db.table("next_safe_point").exists():
        return ()
    wanted = "SELECT id, text FROM texts WHERE \"table\" = 'route' AND field = 'name' AND language = ?"
    names = dict(db.conn.execute(wanted, (language,)))
    rows = db.conn.execute(f"SELECT {', '.join(COLUMNS)} FROM next_safe_point ORDER BY rowid")  # noqa: S608 (a constant)
    stored = (_stored(dict(zip(COLUMNS, row, strict=True))) for row in rows)
    return tuple(_named(each, language, names) for each in stored)


def _point(row: Row, problems: list[Problem]) -> NextSafePoint | None:
    if not row["id"] or not row["name"]:
        problems.append(row.problem("refused", "the id or the name is missing; the safe-point is left out"))
        return None
    latitude, longitude = cells.coordinates(row, problems)
    if row["latitude"] == row["longitude"] == "":
        problems.append(row.problem("place", f"how far “{row['name']}” is, is not known: no coordinates are given"))
    phone = Phone(f"{row['id']}-phone", row["phone"]) if row["phone"] else None
    if phone and not phone.dial:
        sentence = f"no phone can dial “{row['phone']}”; it is shown as it is written"
        problems.append(row.problem("phone", sentence, "phone"))
    return NextSafePoint(
        id=row["id"],
        name=row["name"],
        latitude=latitude,
        longitude=longitude,
        country=row["country"],
        needs=cells.code_list(row, "needs", codes(*NEEDS), problems),
        step=cells.code(row, "step", codes(*STEPS), problems),
        languages=cells.code_list(row, "languages", BY_CODE, problems),
        phone=phone,
        checked=cells.day(row, "checked", problems),
        notes=cells.code_list(row, "notes", codes(*NOTES), problems),
    )


def _stored(row: Mapping[str, Any]) -> NextSafePoint:
    values = dict(row)
    for column in ("needs", "languages", "notes"):
        values[column] = tuple(filter(None, row[column].split(";")))
    values["phone"] = Phone(f"{row['id']}-phone", row["phone"]) if row["phone"] else None
    values["checked"] = date.fromisoformat(row["checked"]) if row["checked"] else None
    return NextSafePoint(**values)


def _named(point: NextSafePoint, language: str, names: Mapping[str, str]) -> NextSafePoint:
    if language == SOURCE.code:
        return point
    name = names.get(point.id)
    return replace(point, name=name) if name else replace(point, untranslated=("name",))
