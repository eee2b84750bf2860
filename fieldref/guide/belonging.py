"""Whose a row of an HSDS package is: a phone, hours or a language may hang on a service, its place or its owner."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from fieldref.guide.datapackage import Raw

Row = Mapping[str, str]
NOBODY = 9


@dataclass(frozen=True)
class Links:
    """The services at each place, and of each organization."""

    at: Mapping[str, str]
    by_location: Mapping[str, list[str]]
    by_organization: Mapping[str, list[str]]

    def services(self, row: Row) -> tuple[int, list[str]]:
        """The services that *row* is for, and how far off it hangs: 0 is on the service itself."""
        if row.get("service_id"):
            return 0, [row["service_id"]]
        if row.get("contact_id") or row.get("phone_id"):
            return NOBODY, []
        if row.get("service_at_location_id") in self.at:
            return 1, [self.at[row["service_at_location_id"]]]
        if row.get("location_id"):
            return 2, self.by_location.get(row["location_id"], [])
        return 3, self.by_organization.get(row.get("organization_id", ""), [])


def links(raw: Raw) -> Links:
    """Find which services are where, and whose."""
    at, by_location, by_organization = {}, defaultdict(list), defaultdict(list)
    for link in raw.get("service_at_location", []):
        at[link.get("id", "")] = link.get("service_id", "")
        by_location[link.get("location_id", "")].append(link.get("service_id", ""))
    for service in raw["service"]:
        by_organization[service.get("organization_id", "")].append(service.get("id", ""))
    return Links(at, by_location, by_organization)


def nearest(rows: list[dict[str, str]], known: Links) -> tuple[dict[str, list[dict[str, str]]], int]:
    """Return the rows of each service, those that hang nearest to it, and how many rows are nobody's.

    A service that has a phone of its own is not called at its organization's.
    """
    found: defaultdict[str, defaultdict[int, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    nobodys = 0
    for row in rows:
        distance, services = known.services(row)
        nobodys += not services
        for service in dict.fromkeys(services):
            if row not in found[service][distance]:
                found[service][distance].append(row)
    return {service: by_distance[min(by_distance)] for service, by_distance in found.items()}, nobodys
