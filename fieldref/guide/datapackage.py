"""An HSDS 3 package as it lies in a folder: datapackage.json and a CSV file for each table.

Tables are called by their names in the specification (service, phone, ...); a file may have the plural, and
datapackage.json may name any file for a table.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from fieldref.guide import csvfile
from fieldref.guide.csvfile import DirectoryError
from fieldref.guide.tables import TABLES

Raw = dict[str, list[dict[str, str]]]  # the rows of each table, every cell as it was written

DESCRIPTOR = "datapackage.json"
# What the plural of a table is called where an s after it is not enough.
PLURALS = {
    "accessibility": "accessibility",
    "address": "addresses",
    "funding": "funding",
    "metadata": "metadata",
    "service_capacity": "service_capacities",
    "taxonomy": "taxonomies",
}
NAMES = (
    "organization", "program", "service", "attribute", "service_at_location", "location", "phone", "contact",
    "address", "schedule", "funding", "service_area", "service_capacity", "required_document", "language",
    "accessibility", "taxonomy", "taxonomy_term", "cost_option", "organization_identifier", "unit", "url",
    "metadata", "meta_table_description", "text",
)  # fmt: skip
TABLE_OF = {PLURALS.get(name, f"{name}s"): name for name in NAMES} | {name: name for name in NAMES}
TYPES = {"latitude": "number", "longitude": "number", "assured_date": "date", "confidential": "boolean"}


def is_one(folder: Path) -> bool:
    """Whether *folder* holds an HSDS package of any kind, and not just a directory as fieldref keeps it."""
    if (folder / DESCRIPTOR).is_file() or (folder / "service.csv").is_file():
        return True
    known = {path.stem for path in folder.glob("*.csv")} & set(TABLE_OF)
    return bool(known - set(TABLES))


def read(folder: Path) -> Raw:
    """Read the rows of every table of *folder*. Raises DirectoryError for what cannot be read as a whole."""
    raw: Raw = {}
    for table, path in _files(folder).items():
        raw[table] = list(_rows(path))
    if not raw.get("service"):
        raise DirectoryError(f"{folder} holds no service: there is no service.csv with a row in it")
    return raw


def files_of(raw: Mapping[str, Sequence[Mapping[str, object]]]) -> dict[str, bytes]:
    """The files that a package of these rows is made of, by their names."""
    filled = {table: rows for table, rows in raw.items() if rows}
    resources = [_resource(table, rows) for table, rows in filled.items()]
    descriptor = {
        "profile": "tabular-data-package",
        "name": "services",
        "title": "Services for people on the move (HSDS 3.1)",
        "resources": resources,
    }
    files = {f"{table}.csv": csvfile.written(rows) for table, rows in filled.items()}
    return {DESCRIPTOR: json.dumps(descriptor, ensure_ascii=False, indent=1).encode()} | files


def _files(folder: Path) -> dict[str, Path]:
    """Where each table lies: what datapackage.json says where that is so, otherwise by the file's name."""
    found = {TABLE_OF[path.stem]: path for path in sorted(folder.glob("*.csv")) if path.stem in TABLE_OF}
    for name, path in _resources(folder / DESCRIPTOR):
        table = TABLE_OF.get(name, name)
        if path.is_file():
            found[table] = path
    return found


def _resources(descriptor: Path) -> Iterator[tuple[str, Path]]:
    if not descriptor.is_file():
        return
    try:
        listed = json.loads(csvfile.load(descriptor))["resources"]
        named = [(str(each["name"]), each.get("path", "")) for each in listed]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise DirectoryError(f"{descriptor} is no datapackage: it does not name its resources") from None
    for name, path in named:
        # A package is what lies in its folder, wherever it says that its files are.
        if isinstance(path, str) and not PurePosixPath(path).is_absolute() and ".." not in PurePosixPath(path).parts:
            yield name, descriptor.parent / path


def _rows(path: Path) -> Iterator[dict[str, str]]:
    lines = csvfile.records(path.name, csvfile.load(path))
    header = next(lines, (1, []))[1]
    for line, cells in lines:
        if len(cells) > len(header):
            raise DirectoryError(f"{path.name} line {line} has more cells than the header")
        if any(cells):
            yield dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))


def _resource(table: str, rows: Sequence[Mapping[str, object]]) -> dict[str, Any]:
    columns = dict.fromkeys(name for row in rows for name in row)
    fields = [{"name": name, "type": TYPES.get(name, "string")} for name in columns]
    return {
        "name": table,
        "path": f"{table}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"primaryKey": "id", "fields": fields} if table != "text" else {"fields": fields},
    }
