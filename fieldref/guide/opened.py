"""An opened guide: every page and service by language, read once and kept; a new file is a new guide."""

import datetime
import json
import threading
from pathlib import Path
from typing import Any

from fieldref.database import open_read_only
from fieldref.guide import audio, directory, route
from fieldref.guide.build import FORMAT
from fieldref.guide.directory import Service
from fieldref.guide.pages import Page, Source
from fieldref.guide.search import Found, search
from fieldref.guide.service import NextSafePoint
from fieldref.languages import LANGUAGES, Language
from fieldref.refusal import Refusal

PAGE_COLUMNS = (
    'section, slug, language, title, icon, "order", critical, need, translation, source_rev, revision,'
    " checked, sources, html, words"
)


class Guide:
    """One version of what we tell people. Safe to share between threads; it never changes."""

    def __init__(self, path: Path) -> None:
        """Open the guide at *path*. Raises Refusal, in words, if there is none or a newer fieldref made it."""
        try:
            self._db = open_read_only(path)
        except FileNotFoundError:
            raise Refusal(f"there is no guide at {path}: build it with fieldref guide build") from None
        meta = dict(self._db.conn.execute("SELECT name, value FROM meta"))
        if int(meta["format"]) > FORMAT:
            raise Refusal(f"{path} was made by a newer fieldref: update this one first")
        offered = set(json.loads(meta["languages"]))
        self.version = meta["version"]
        self.built = datetime.date.fromisoformat(meta["built"])
        self.sample = meta["sample"] == "1"
        self.edition = int(meta.get("edition", 0))  # of the branch's pack; 0 is a guide of one's own files
        self.published = meta.get("published", "")
        self.languages = tuple(language for language in LANGUAGES if language.code in offered)
        self._pages = {(page.language, page.section, page.slug): page for page in self._read_pages()}
        self._services: dict[str, dict[str, Service]] = {}
        self._recordings = audio.stored(self._db)

    def page(self, language: str, section: str, slug: str) -> Page | None:
        """The page in that language, or None."""
        return self._pages.get((language, section, slug))

    def pages(self, language: str, *, section: str = "", need: str = "") -> list[Page]:
        """The pages in that language, of one section or for one need, in their order."""
        chosen = [
            page
            for page in self._pages.values()
            if page.language == language and section in ("", page.section) and need in ("", page.need)
        ]
        return sorted(chosen, key=lambda page: (page.section, page.order, page.slug))

    def languages_of(self, section: str, slug: str) -> list[Language]:
        """The offered languages that have this page."""
        return [each for each in self.languages if (each.code, section, slug) in self._pages]

    def services(self, language: str) -> dict[str, Service]:
        """All services by id, their words in that language where it has them."""
        if language not in self._services:
            self._services[language] = {each.id: each for each in directory.services(self._db, language)}
        return self._services[language]

    def services_for(self, language: str, need: str) -> list[Service]:
        """The services that answer *need*."""
        return [service for service in self.services(language).values() if need in service.needs]

    def recording(self, language: str, section: str, slug: str) -> audio.Recording | None:
        """The page read aloud in that language, or None."""
        return self._recordings.get((section, slug, language))

    def sound(self, recording: audio.Recording) -> bytes:
        """The bytes of a recording of this guide."""
        return audio.sound(self._db, recording)

    def next_safe_points(self, language: str) -> tuple[NextSafePoint, ...]:
        """The next safe-points on the route, their names in that language where it has them."""
        return route.next_safe_points(self._db, language)

    def search(self, language: str, asked: str) -> tuple[Found, ...]:
        """What fits the words *asked* in that language, best first."""
        return search(self._db, language, asked)

    def _read_pages(self) -> list[Page]:
        rows = self._db.conn.execute(f"SELECT {PAGE_COLUMNS} FROM page")  # noqa: S608 (a constant)
        return [_page(row) for row in rows]


def _page(row: tuple[Any, ...]) -> Page:
    values = list(row)
    values[6] = bool(values[6])
    values[11] = datetime.date.fromisoformat(values[11])
    values[12] = tuple(Source(**source) for source in json.loads(values[12]))
    return Page(*values)


class Shelf:
    """Where the guide of a safe-point stands: always the newest, opened again only when the file was replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._identity: tuple[int, int, int] | None = None
        self._guide: Guide | None = None
        self.guide()

    def identity(self) -> tuple[int, int, int]:
        """What tells one guide file from the next: a look at the folder, without opening anything."""
        seen = self._path.stat()
        return seen.st_ino, seen.st_mtime_ns, seen.st_size

    def guide(self) -> Guide:
        """The guide that is in place now. Raises Refusal if there is none."""
        try:
            identity = self.identity()
        except FileNotFoundError:
            identity = None
        with self._lock:
            if self._guide is None or identity != self._identity:
                self._guide = Guide(self._path)
                self._identity = identity
            return self._guide
