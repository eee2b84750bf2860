"""Files become guide.db: built beside, whole, and then put in its place in one step."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from fieldref import clock, settings
from fieldref.database import Database, build_database, move_whole
from fieldref.guide import audio, directory, packs, pages, search
from fieldref.guide.packfile import Pack
from fieldref.guide.sources import Sources, sources
from fieldref.languages import SOURCE
from fieldref.refusal import Refusal

FORMAT = 1
FILE_NAME = packs.GUIDE
SCHEMA = """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE page (
        section TEXT, slug TEXT, language TEXT, title TEXT, icon TEXT, "order" INTEGER, critical INTEGER,
        need TEXT, translation TEXT, source_rev INTEGER, revision INTEGER, checked TEXT, sources TEXT,
        html TEXT, words TEXT, PRIMARY KEY (section, slug, language)
    ) STRICT, WITHOUT ROWID;
"""


def build(folder: Path) -> Path:
    """Build the guide of the safe-point in *folder* anew, of the branch's pack if it has one; return its path.

    Readers find the old guide or the new one, never half of one. Raises Refusal if there is no page at all;
    single pages, rows and recordings that cannot be used are left out (`fieldref guide check` names them).
    """
    place = settings.read(folder)
    unfinished = folder / f".{FILE_NAME}.building"
    with packs.alone(folder):
        try:
            build_beside(folder, unfinished, None if place.kind == "branch" else packs.in_use(folder))
            move_whole(unfinished, folder / FILE_NAME)
        finally:
            unfinished.unlink(missing_ok=True)
    return folder / FILE_NAME


def build_beside(folder: Path, unfinished: Path, pack: Pack | None) -> None:
    """Build the guide of *folder*, made of *pack* or of its own files, as the new file *unfinished*."""
    place = settings.read(folder)
    unfinished.unlink(missing_ok=True)
    with sources(folder, pack) as found:
        texts, _ = pages.read(found.pages)
        if not texts:
            raise Refusal("there is no page to build a guide from")
        recordings, _ = audio.read(found.pages, {(page.section, page.slug, page.language) for page in texts})
        db = build_database(unfinished)
        try:
            _fill(db, place, texts, found, recordings)
        finally:
            db.close()


def _fill(
    db: Database,
    place: settings.Settings,
    texts: tuple[pages.Page, ...],
    found: Sources,
    recordings: dict[audio.Recording, Path],
) -> None:
    db.conn.executescript(SCHEMA)
    db.table("page").insert_all(_row(page) for page in texts)
    directory.store(db, found.services)
    audio.store(db, recordings)
    offered = _languages(place, texts)
    search.prepare(db, offered)
    for page in texts:
        if page.language in offered:
            search.add(db, page.language, search.Found("page", page.address, page.title), body=page.words)
    for language in offered:
        for service in directory.services(db, language):
            title = search.Found("service", f"service/{service.id}", service.name)
            search.add(db, language, title, also=service.organization, body=service.description)
    facts = {
        "format": FORMAT,
        "built": clock.today().isoformat(),
        "version": hashlib.sha256(repr((texts, found.services, [*recordings])).encode()).hexdigest()[:12],
        "languages": json.dumps(offered),
        "sample": int(found.sample),
        "edition": found.edition,
        "published": found.day,
    }
    db.table("meta").insert_all({"name": name, "value": str(value)} for name, value in facts.items())
    db.conn.commit()


def _languages(place: settings.Settings, texts: tuple[pages.Page, ...]) -> list[str]:
    """The languages that can be offered: those asked for (all, if none is) that have at least one page."""
    written = {page.language for page in texts}
    asked = place.languages or tuple(sorted(written))
    return sorted({SOURCE.code} | (written & set(asked)))


def _row(page: pages.Page) -> dict[str, object]:
    row = asdict(page)
    return row | {"checked": page.checked.isoformat(), "sources": json.dumps(row["sources"])}
