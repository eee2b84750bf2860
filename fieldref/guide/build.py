"""Files become guide.db: built beside, whole, and then put in its place in one step."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from fieldref import clock, settings
from fieldref.database import Database, build_database, write_whole
from fieldref.folders import folder as shipped
from fieldref.guide import audio, directory, pages, search
from fieldref.languages import SOURCE
from fieldref.refusal import Refusal

FORMAT = 1
FILE_NAME = "guide.db"
SCHEMA = """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE page (
        section TEXT, slug TEXT, language TEXT, title TEXT, icon TEXT, "order" INTEGER, critical INTEGER,
        need TEXT, translation TEXT, source_rev INTEGER, revision INTEGER, checked TEXT, sources TEXT,
        html TEXT, words TEXT, PRIMARY KEY (section, slug, language)
    ) STRICT, WITHOUT ROWID;
"""


def build(folder: Path) -> Path:
    """Build the guide of the safe-point in *folder* from its files over the shipped ones; return its path.

    Readers find the old guide or the new one, never half of one. Raises Refusal if there is no page at all;
    single pages, rows and recordings that cannot be used are left out (`fieldref guide check` names them).
    """
    place = settings.read(folder)
    folders = (shipped("seed") / "pages", folder / "pages")
    texts, _ = pages.read(folders)
    if not texts:
        raise Refusal("there is no page to build a guide from")
    services_folder, sample = directory.folder_of(folder)
    services, _ = directory.read(services_folder)
    recordings, _ = audio.read(folders, {(page.section, page.slug, page.language) for page in texts})
    unfinished = folder / f".{FILE_NAME}.building"
    unfinished.unlink(missing_ok=True)
    try:
        db = build_database(unfinished)
        _fill(db, place, texts, services, recordings, sample)
        db.close()
        # The bytes are synced and renamed by write_whole: the one recipe for files that matter.
        write_whole(folder / FILE_NAME, unfinished.read_bytes())
    finally:
        unfinished.unlink(missing_ok=True)
    return folder / FILE_NAME


def _fill(
    db: Database,
    place: settings.Settings,
    texts: tuple[pages.Page, ...],
    services: directory.Directory,
    recordings: dict[audio.Recording, Path],
    sample: bool,
) -> None:
    db.conn.executescript(SCHEMA)
    db.table("page").insert_all(_row(page) for page in texts)
    directory.store(db, services)
    audio.store(db, recordings)
    offered = _languages(place, texts)
    search.prepare(db, offered)
    for page in texts:
        if page.language in offered:
            search.add(db, page.language, search.Found("page", page.address, page.title), body=page.words)
    for language in offered:
        for service in directory.services(db, language):
            found = search.Found("service", f"service/{service.id}", service.name)
            search.add(db, language, found, also=service.organization, body=service.description)
    facts = {
        "format": FORMAT,
        "built": clock.today().isoformat(),
        "version": hashlib.sha256(repr((texts, services, [*recordings])).encode()).hexdigest()[:12],
        "languages": json.dumps(offered),
        "sample": int(sample),
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
