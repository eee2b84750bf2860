"""What most tests stand on: a safe-point, its open shift, and the branch it is paired with."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldref import clock, settings
from fieldref.database import Database
from fieldref.exchange import branch as branches
from fieldref.exchange import keys, pack, pairing
from fieldref.exchange.bundle import close_shift
from fieldref.exchange.cards import Card
from fieldref.exchange.reader import lines
from fieldref.guide import packfile
from fieldref.guide.build import build
from fieldref.guide.opened import Guide
from fieldref.register import access, passphrase, shift
from fieldref.register.records import Record, append_all
from fieldref.register.schema import open_register

PASSPHRASE = "nine quiet boats at dawn"
PIN = "482915"
PAGE = """---
title: {title}
icon: rights
order: 1
translation: source
source_rev: 1
checked: 2026-11-20
sources:
  - title: A law
---
Words.
"""
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases and PINs that are as cheap to check as they are to guess."""
    monkeypatch.setattr(passphrase, "N", 2**4)
    monkeypatch.setattr(access, "N", 2**4)


class RightClock(clock.Machine):
    """A machine whose clock a time server has set."""

    def by_network(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def right_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every box knows what time it is, but those of tests/test_clock.py and tests/web/test_clocking.py."""
    monkeypatch.setattr(clock, "MACHINE", RightClock())
    monkeypatch.setattr(clock, "_folder", None)


@pytest.fixture
def words() -> str:
    """The passphrase of every safe-point and branch here."""
    return PASSPHRASE


@pytest.fixture
def pin() -> str:
    """The volunteers' PIN in `open_shift`."""
    return PIN


@pytest.fixture
def new_safe_point(tmp_path: Path) -> Callable[[str], Path]:
    """Make one more safe-point, unpaired, by its name."""

    def make(name: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        settings.write(folder, settings.Settings(name=name))
        keys.make_device(folder, PASSPHRASE)
        open_register(folder).close()
        return folder

    return make


@pytest.fixture
def safe_point(new_safe_point: Callable[[str], Path]) -> Path:
    """The folder of a safe-point that is paired with no branch yet."""
    return new_safe_point("Bridge")


@pytest.fixture
def open_shift(safe_point: Path) -> Iterator[Database]:
    """The safe-point's register, its shift open."""
    shift.open_shift(safe_point, PASSPHRASE, PIN)
    db = open_register(safe_point)
    yield db
    db.close()


@pytest.fixture(scope="session")
def miralo() -> settings.Settings:
    """What the safe-point of the sample directory says of itself."""
    return settings.Settings(name="Port Miralo", latitude=36.5, longitude=15.0, step="border")


@pytest.fixture(scope="session")
def shipped_guide(tmp_path_factory: pytest.TempPathFactory, miralo: settings.Settings) -> Guide:
    """The shipped pages and the sample directory, opened."""
    folder = tmp_path_factory.mktemp("shipped")
    settings.write(folder, miralo)
    return Guide(build(folder))


@pytest.fixture
def branch(tmp_path: Path, safe_point: Path, pair: Callable[[Path, Path], Card]) -> Path:
    """The folder of a branch, paired with `safe_point`."""
    folder = tmp_path / "branch"
    branches.make_branch(folder, "North", PASSPHRASE)
    pair(folder, safe_point)
    return folder


@pytest.fixture
def pair(words: str) -> Callable[[Path, Path], Card]:
    """Pair a branch with the safe-point whose card, or folder, this is."""

    def paired(branch: Path, path: Path) -> Card:
        return pairing.pair_device(branch, path, keys.open_branch(branch, words))

    return paired


@pytest.fixture
def little_pack(tmp_path: Path, words: str) -> Callable[..., Path]:
    """Sign a pack of one page and one service as this branch: quick to take, the page under this title."""

    def make(branch: Path, edition: int, title: str, **beside: bytes) -> Path:
        files = {
            "directory/services.csv": b"id,name,status,needs\nkitchen,Kitchen,active,food\n",
            "pages/rights/asylum/en.md": PAGE.format(title=title).encode(),
        } | beside
        path = tmp_path / f"{title}.pack"
        its_keys = keys.open_branch(branch, words)
        pack.write(path, files, its_keys, edition, f"2026-11-{edition:02}", packfile.NONE_BEFORE)
        return path

    return make


@pytest.fixture
def rows_of() -> Callable[[bytes], list[list[Any]]]:
    """All rows of a bundle's payload: [table, value, ...]."""

    def rows(payload: bytes) -> list[list[Any]]:
        tables = [json.loads(line) for line in lines(payload)]
        return [[table, *values] for table, *columns in tables for values in zip(*columns, strict=True)]

    return rows


@pytest.fixture
def open_books(words: str) -> Iterator[Callable[[Path], Database]]:
    """Open the register of a branch; it is closed when the test is over."""
    opened = []

    def register(branch: Path) -> Database:
        opened.append(branches.open_branch_register(branch, keys.open_branch(branch, words)))
        return opened[-1]

    yield register
    for db in opened:
        db.close()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, which stays on this machine. Without it the tests fail: see tests/programs."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A small old phone."""
    return {**browser_context_args, "viewport": {"width": 360, "height": 640}}


@pytest.fixture(scope="session")
def base_url() -> None:
    """None. The fixture that pytest-playwright 0.10 falls back to is one that pytest 9 warns of."""


@pytest.fixture
def close_with(words: str) -> Callable[..., Path]:
    """Open a shift at a safe-point, record these, close it; return the bundle."""

    def close(folder: Path, *records: Record) -> Path:
        shift.open_shift(folder, words)
        db = open_register(folder)
        append_all(db, records)
        db.close()
        return close_shift(folder, words).file

    return close
