"""What the directory is made of: services, the places they are at and the phones they answer."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from fieldref.languages import SOURCE

# What a telephone can dial: figures, perhaps a + before them, and the marks people write between them.
DIALLED = re.compile(r"\(?\+?[0-9][0-9 ().\-/]+")


@dataclass(frozen=True)
class Phone:
    """One telephone number of a service; `type` as in HSDS (voice, cell, text, ...)."""

    id: str
    number: str
    type: str = "voice"
    description: str = ""

    @property
    def dial(self) -> str:
        """The address that makes a phone dial the number, or nothing if no phone could."""
        # The zero of "+44 (0) 20" is for those who do not dial the country.
        digits = re.sub(r"[^0-9+]", "", re.sub(r"(?<=\d)\s*\(0\)", "", self.number))
        if not DIALLED.fullmatch(self.number) or not 3 <= len(digits.lstrip("+")) <= 15:
            return ""
        return f"tel:{digits}"


@dataclass(frozen=True)
class Place:
    """Where a service is. Coordinates are WGS 84 degrees, both or neither; `transportation` is the way."""

    id: str
    name: str
    transportation: str = ""
    street: str = ""
    city: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def address(self) -> str:
        """Street and town in one line."""
        return ", ".join(part for part in (self.street, self.city) if part)


@dataclass(frozen=True)
class Service:
    """One service. Facts are codes (fieldref.guide.codes), so they are the same in every language.

    `eligibility` without a code means everyone. `hours` is an OpenStreetMap opening_hours text, empty when
    not known. `language` is that of the name; `untranslated` names fields that are in the source language
    although another was asked for.
    A confidential service has no place: its shape does not allow one.
    """

    id: str
    name: str
    organization_id: str = ""
    organization: str = ""
    description: str = ""
    alert: str = ""
    status: str = "active"
    needs: tuple[str, ...] = ()
    eligibility: tuple[str, ...] = ()
    nationality: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    documents: str = ""
    cost: str = ""
    languages: tuple[str, ...] = ()
    confidential: bool = False
    assured: datetime.date | None = None
    assurer: str = ""
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    hours: str = ""
    hours_note: str = ""
    phones: tuple[Phone, ...] = ()
    place: Place | None = None
    language: str = SOURCE.code
    untranslated: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.confidential and self.place is not None:
            raise ValueError(f"service {self.id} is confidential and must not have a place")


class Text(NamedTuple):
    """What a translation translates. The words of opening hours go by the id of their service."""

    table: str
    id: str
    language: str
    field: str


@dataclass(frozen=True)
class NextSafePoint:
    """Another safe-point on the route: a public place. It has no address, and no shelter is ever one of them.

    `step` is the journey step it mostly serves, `notes` are codes of fieldref.guide.route.
    """

    id: str
    name: str
    latitude: float | None = None
    longitude: float | None = None
    country: str = ""
    needs: tuple[str, ...] = ()
    step: str = ""
    languages: tuple[str, ...] = ()
    phone: Phone | None = None
    checked: datetime.date | None = None
    notes: tuple[str, ...] = ()
    untranslated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Directory:
    """All services in the source language, in the order of their file, and their words in other languages.

    `route` are the next safe-points, in the order of their file.
    """

    services: tuple[Service, ...]
    texts: Mapping[Text, str]
    route: tuple[NextSafePoint, ...] = ()
