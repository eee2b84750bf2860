"""Where services are: locations and their addresses, which a confidential service never gets."""

from collections.abc import Iterable

from fieldref.guide import cells
from fieldref.guide.service import Place
from fieldref.guide.tables import Problem, Row, Tables, first_by_id, grouped


def confidential_services(tables: Tables) -> frozenset[str]:
    """The ids of services that any row calls confidential, taken or not."""
    return frozenset(row["id"] for row in tables["services"] if cells.confidential(row))


def withheld_locations(tables: Tables) -> frozenset[str]:
    """The ids of locations that only confidential services are at."""
    confidential = confidential_services(tables)
    links = {True: set[str](), False: set[str]()}
    for link in tables["service_at_locations"]:
        links[link["service_id"] in confidential].add(link["location_id"])
    return frozenset(links[True] - links[False])


class Places:
    """The locations of one folder; what is wrong with one is added to the problems once."""

    def __init__(self, tables: Tables, problems: list[Problem]) -> None:
        self._problems = problems
        self._locations = first_by_id(tables["locations"], problems)
        self._addresses = grouped(tables["addresses"], "location_id")
        self._links = grouped(tables["service_at_locations"], "service_id")
        self._read: dict[str, Place] = {}

    def of(self, service: Row, *, confidential: bool) -> Place | None:
        """Where *service* is: its first location; nothing if it has none or is confidential."""
        known = self._known(service["id"])
        if confidential:
            self._warn(service, known)
            return None
        if len(known) > 1:
            others = ", ".join(location["name"] for location in known[1:])
            sentence = f"a service has one place here; {others} is left out (make one service for each place)"
            self._problems.append(service.problem("place", sentence))
        return self._place(known[0]) if known else None

    def _known(self, service: str) -> list[Row]:
        found: dict[str, Row] = {}
        for link in self._links[service]:
            name = link["location_id"]
            if name in self._locations:
                found[name] = self._locations[name]
            else:
                self._problems.append(link.problem("reference", f"there is no location “{name}”", "location_id"))
        return list(found.values())

    def _warn(self, service: Row, locations: Iterable[Row]) -> None:
        for row in locations:
            if row["latitude"] or row["transportation"] or self._addresses[row["id"]]:
                sentence = f"“{service['name']}” is confidential, yet the files say where it is (never shown)"
                self._problems.append(service.problem("confidential", sentence))
                return

    def _place(self, row: Row) -> Place:
        if row["id"] not in self._read:
            latitude, longitude = cells.coordinates(row, self._problems)
            addresses = self._addresses[row["id"]]
            self._read[row["id"]] = Place(
                id=row["id"],
                name=row["name"],
                transportation=row["transportation"],
                street=addresses[0]["address_1"] if addresses else "",
                city=addresses[0]["city"] if addresses else "",
                country=addresses[0]["country"] if addresses else "",
                latitude=latitude,
                longitude=longitude,
            )
        return self._read[row["id"]]
