"""Bundles and packs, also such as are made to do harm."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fieldref.exchange import envelope, keys, payload, publishing, seal
from fieldref.exchange.cards import read_card
from fieldref.exchange.keys import BRANCH_CARD, DEVICE_CARD
from fieldref.folders import folder as shipped
from fieldref.guide import addresses, directory, packfile, sources
from fieldref.guide.build import build


@pytest.fixture
def signed(safe_point: Path, branch: Path, words: str, tmp_path: Path) -> Callable[..., Path]:
    """Seal any payload as `safe_point` would sign it, with whatever the header should say instead."""

    def make(content: bytes, magic: bytes = b"FRB1", **instead: Any) -> Path:
        key = keys.open_device(safe_point, words)
        header = {
            "format": envelope.FORMAT,
            "kind": "bundle",
            "device": read_card(safe_point / DEVICE_CARD, "device").id,
            "sequence": 1,
            "previous": envelope.NONE_BEFORE,
            "recipient": read_card(branch / BRANCH_CARD, "branch").id,
            "length": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        } | instead
        text = json.dumps(header).encode()
        inner = magic + len(text).to_bytes(4, "big") + text + content
        padded = inner.ljust(seal.room(len(inner) + 64) - 64, b"\0")
        path = tmp_path / "made.bin"
        recipient = read_card(branch / BRANCH_CARD, "branch").sealing_key()
        path.write_bytes(seal.seal(padded + key.sign(padded), recipient))
        return path

    return make


@pytest.fixture
def crafted() -> Callable[..., bytes]:
    """Make a payload as fieldref does, then run these statements on it."""

    def make(*statements: str) -> bytes:
        db = sqlite3.connect(":memory:")  # noqa: TID251 (a hostile file)
        db.execute(f"PRAGMA page_size = {payload.PAGE_SIZE}")
        for name in payload.TABLES:
            db.execute(payload.table(name))
        meta = {"format": str(payload.FORMAT), "day": "2026-11-22", "clock": "trusted", "edition": "3"}
        db.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        for statement in statements:
            db.execute(statement)
        db.commit()
        content = bytes(db.serialize())
        db.close()
        return content

    return make


PAGE = """---
title: {title}
icon: rights
order: 1
safety: normal
checked: 2026-11-20
sources:
  - title: A law
source_rev: 1
translation: source
---

{words}
"""
TRANSLATION = """---
title: {title}
translation: human
source_rev: 1
---

{words}
"""
SERVICES = "id,name,status,needs,assured_date,assurer\nkitchen,{name},active,food,2026-11-20,visit\n"
TEXTS = "table,id,language,field,text\nservices,kitchen,ar,name,مطبخ\n"


@pytest.fixture
def little_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Shipped files that are quick to build a guide of: one page in two languages, one sample service."""
    seed = tmp_path / "seed"
    page = seed / "pages" / "rights" / "asylum"
    page.mkdir(parents=True)
    (page / "en.md").write_text(PAGE.format(title="Asylum", words="You may ask."), "utf-8")
    (page / "ar.md").write_text(TRANSLATION.format(title="لجوء", words="يمكنك أن تطلب."), "utf-8")
    (seed / "addresses.txt").write_text("rights/asylum\n", "utf-8")
    (seed / "directory").mkdir()
    (seed / "directory" / "services.csv").write_text(SERVICES.format(name="Sample kitchen"), "utf-8")
    for module in (addresses, directory, sources, publishing):
        monkeypatch.setattr(module, "shipped", lambda name: {"seed": seed}.get(name) or shipped(name))
    return seed


@pytest.fixture
def guided(little_seed: Path, branch: Path, safe_point: Path) -> Path:
    """`safe_point` with a guide of the little seed, and a branch that has a directory of its own to publish."""
    (branch / "directory").mkdir()
    (branch / "directory" / "services.csv").write_text(SERVICES.format(name="River kitchen"), "utf-8")
    (branch / "directory" / "texts.csv").write_text(TEXTS, "utf-8")
    build(safe_point)
    return safe_point


@pytest.fixture
def publish(guided: Path, branch: Path, words: str) -> Callable[..., Path]:
    """Publish at the branch; the pack."""

    def make(**options: Any) -> Path:
        return publishing.publish(branch, keys.open_branch(branch, words), date(2026, 11, 25), **options).file

    return make


@pytest.fixture
def signed_pack(branch: Path, words: str, tmp_path: Path) -> Callable[..., Path]:
    """Sign anything as the branch would: a body, or the files of one, and whatever the header should say instead."""

    def make(content: bytes | dict[str, bytes], **instead: Any) -> Path:
        the_keys = keys.open_branch(branch, words)
        body = content if isinstance(content, bytes) else body_of(content)
        header = {
            "format": packfile.FORMAT,
            "kind": "pack",
            "branch": the_keys.card.id,
            "edition": 9,
            "day": "2026-11-25",
            "previous": packfile.NONE_BEFORE,
            "length": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
        } | instead
        text = json.dumps(header).encode()
        head = b"FRP1" + len(text).to_bytes(4, "big") + text
        path = tmp_path / "made.pack"
        path.write_bytes(head + the_keys.signing.sign(head) + body)
        return path

    return make


def body_of(files: dict[str, bytes]) -> bytes:
    """A body as fieldref makes it, but of any files in any order."""
    listed = json.dumps([[name, len(content)] for name, content in files.items()]).encode()
    return len(listed).to_bytes(4, "big") + listed + b"".join(files.values())


@pytest.fixture
def sound_files() -> dict[str, bytes]:
    """The files of a pack that can be shown."""
    return {
        "directory/services.csv": SERVICES.format(name="Hill kitchen").encode(),
        "pages/rights/asylum/en.md": PAGE.format(title="Asylum", words="Words.").encode(),
    }
