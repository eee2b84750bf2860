"""Addresses of the guide: which lead somewhere, and which stand on paper and must go on doing so.

What hangs on a wall outlasts the file it points to. seed/addresses.txt names the pages that fieldref's releases
have had; a safe-point's own addresses.txt, those it has printed codes for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fieldref.database import write_whole
from fieldref.folders import folder as shipped
from fieldref.guide.pages import Page
from fieldref.guide.service import Service
from fieldref.languages import BY_CODE
from fieldref.vocabulary import NEEDS, SECTIONS, codes

FILE_NAME = "addresses.txt"


@dataclass(frozen=True)
class Known:
    """What there is to lead to: pages by section/slug, and services by id."""

    pages: frozenset[str]
    services: frozenset[str]

    def leads(self, address: str) -> bool:
        """Whether *address* (with a language or without) opens something of the guide.

        What is no part of the guide (the first page, search, what to keep) is the door's own, and not doubted.
        """
        words = [word for word in address.strip("/").lower().split("/") if word]
        if words and words[0] in BY_CODE:
            words = words[1:]
        match words:
            case [section, slug] if section in codes(*SECTIONS):
                return f"{section}/{slug}" in self.pages
            case ["needs", code]:
                return code in codes(*NEEDS)
            case ["service", id]:
                return id in self.services
            case [section, _, *_] if section in codes(*SECTIONS):
                return False
        return True


def known(pages: Iterable[Page], services: Iterable[Service]) -> Known:
    """What these pages and services can be opened at."""
    return Known(frozenset(page.address for page in pages), frozenset(service.id for service in services))


def printed(safe_point: Path) -> tuple[str, ...]:
    """Every address that stands on paper somewhere: those of the releases, and those printed here."""
    files = (shipped("seed") / FILE_NAME, safe_point / FILE_NAME)
    return tuple(dict.fromkeys(line for file in files for line in _lines(file)))


def remember(safe_point: Path, address: str) -> None:
    """Note that a code for *address* (ar/rights/asylum) is printed at *safe_point*; each is noted once."""
    file, address = safe_point / FILE_NAME, address.strip("/").lower()
    before = _lines(file)
    if address and address not in before:
        write_whole(file, "".join(f"{line}\n" for line in [*before, address]).encode())


def _lines(file: Path) -> list[str]:
    if not file.is_file():
        return []
    return [line.strip() for line in file.read_text("utf-8").splitlines() if line.strip() and line[0] != "#"]
