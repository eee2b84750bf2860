"""An HSDS 3 file of JSON: services with all that belongs to them inside. Read into tables, and written from them."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fieldref.guide import csvfile
from fieldref.guide.csvfile import DirectoryError
from fieldref.guide.datapackage import TABLE_OF, Raw

# What a property holds where its name is not a table's.
INSIDE = TABLE_OF | {
    "capacities": "service_capacity",
    "additional_urls": "url",
    "additional_websites": "url",
    "taxonomy_detail": "taxonomy",
    "parent": "taxonomy_term",
}
# These are things of their own, named by whatever they stand in; all else belongs to what it stands in.
ENTITIES = ("organization", "location", "program", "taxonomy", "taxonomy_term", "service")


def read(path: Path) -> Raw:
    """Read the services in the file at *path*: one, a list of them, {"contents": [...]}, or a list for each table.

    Raises DirectoryError, in words, if it is no such file.
    """
    try:
        found = json.loads(csvfile.load(path).decode("utf-8-sig"))
        raw = _Flat().all_of(found)
    except UnicodeDecodeError:
        raise DirectoryError(f"{path.name} is not in UTF-8") from None
    except RecursionError:
        raise DirectoryError(f"{path.name} is nested too deeply to be services") from None
    except ValueError as error:
        raise DirectoryError(f"{path.name} is no JSON: {error}") from None
    if not raw.get("service"):
        raise DirectoryError(f"{path.name} holds no service")
    return raw


def content_of(raw: Mapping[str, Sequence[Mapping[str, object]]]) -> bytes:
    """Return the package of these rows as one file, every service whole."""
    index = _index(raw)
    services = [_service(row, index) for row in raw["service"]]
    page = {"total_items": len(services), "contents": services, "texts": list(raw["text"])}
    if raw.get("route"):
        page["route"] = list(raw["route"])
    return json.dumps(page, ensure_ascii=False, indent=1).encode()


class _Flat:
    """The rows found so far; each is kept once, however often it is repeated inside others."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[tuple[object, ...], dict[str, str]]] = {}

    def all_of(self, found: Any) -> Raw:
        """The tables that all of *found* comes to."""
        if isinstance(found, dict) and isinstance(found.get("service"), list):
            for name, rows in found.items():
                self._add_each(TABLE_OF.get(str(name), str(name)), rows, {})
        elif isinstance(found, dict) and isinstance(found.get("contents"), list):
            self._add_each("", found["contents"], {})
            self._add_each("text", found.get("texts", []), {})
            self._add_each("route", found.get("route", []), {})
        else:
            self._add_each("", found if isinstance(found, list) else [found], {})
        return {table: list(rows.values()) for table, rows in self._rows.items()}

    def _add_each(self, table: str, rows: Any, owner: Mapping[str, str]) -> None:
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict):
                self._add(table or _kind(row), row, owner)

    def _add(self, table: str, found: Mapping[str, Any], owner: Mapping[str, str]) -> str:
        row = dict(owner)
        id = _cell(found.get("id"))
        for name, value in found.items():
            if name in INSIDE and isinstance(value, dict) and INSIDE[name] in ENTITIES:
                row[f"{INSIDE[name]}_id"] = self._add(INSIDE[name], value, {})
            elif name in INSIDE and isinstance(value, list) and all(isinstance(each, dict) for each in value):
                self._add_each(INSIDE[name], value, _belonging(INSIDE[name], table, id))
            else:
                row[name] = _cell(value)
        self._keep(table, id, row)
        return id

    def _keep(self, table: str, id: str, row: dict[str, str]) -> None:
        kept = self._rows.setdefault(table, {})
        # Two services with one id are not one service: which to believe is not ours to say. Of the things that
        # services share, one place may say more than another.
        if table in ENTITIES and table != "service" and id:
            kept[(id,)] = row | {name: value for name, value in kept.get((id,), {}).items() if value}
        else:
            kept[tuple(sorted(row.items()))] = row


def _kind(found: Mapping[str, Any]) -> str:
    if isinstance(found.get("service"), dict):
        return "service_at_location"
    return "organization" if "services" in found and "status" not in found else "service"


def _belonging(table: str, owner: str, id: str) -> dict[str, str]:
    if table == "attribute":
        return {"link_id": id, "link_entity": owner}
    if table == "metadata":
        return {"resource_id": id}
    return {f"{owner}_id": id}


def _cell(value: Any) -> str:
    if value is None or value in ([], {}):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ";".join(value)
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


Rows = Mapping[str, Sequence[Mapping[str, object]]]
Index = Mapping[tuple[str, str, object], Sequence[Mapping[str, object]]]


def _index(raw: Rows) -> Index:
    """The rows of each table by what stands in one of its columns that name other rows."""
    found: defaultdict[tuple[str, str, object], list[Mapping[str, object]]] = defaultdict(list)
    for table, rows in raw.items():
        for row in rows:
            for column, value in row.items():
                if value and (column == "id" or column.endswith("_id")):
                    found[table, column, value].append(row)
    return found


def _service(row: Mapping[str, object], index: Index) -> dict[str, object]:
    """A service with all that hangs on it, as the specification nests it."""
    id = row["id"]
    made: dict[str, object] = _without(row, "organization_id")
    for organization in index.get(("organization", "id", row["organization_id"]), ()):
        made["organization"] = organization
    for table in ("phone", "schedule", "language", "required_document"):
        found = index.get((table, "service_id", id), ())
        made[f"{table}s"] = [_without(each, "service_id") for each in found]
    made["service_at_locations"] = [
        {"id": link["id"], "location": _location(place, index)}
        for link in index.get(("service_at_location", "service_id", id), ())
        for place in index.get(("location", "id", link["location_id"]), ())
    ]
    made["attributes"] = [
        _without(each, "link_id", "link_entity", "taxonomy_term_id") | {"taxonomy_term": term}
        for each in index.get(("attribute", "link_id", id), ())
        for term in index.get(("taxonomy_term", "id", each["taxonomy_term_id"]), ())
    ]
    return made


def _location(place: Mapping[str, object], index: Index) -> dict[str, object]:
    addresses = index.get(("address", "location_id", place["id"]), ())
    return {**place, "addresses": [_without(each, "location_id") for each in addresses]}


def _without(row: Mapping[str, object], *columns: str) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in columns}
