"""Bundles made to do harm."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldref.exchange import envelope, keys, payload, seal
from fieldref.exchange.cards import read_card
from fieldref.exchange.keys import BRANCH_CARD, DEVICE_CARD


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
        meta = {"format": str(payload.FORMAT), "day": "2026-11-22", "clock": "trusted"}
        db.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        for statement in statements:
            db.execute(statement)
        db.commit()
        content = bytes(db.serialize())
        db.close()
        return content

    return make
