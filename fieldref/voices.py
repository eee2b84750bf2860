"""What visitors tell us: whether a page was useful, what they needed and did not find, which pages are read.

The public door appends to voices.db and the next closing of a shift takes all of it into its bundle. Only codes and
days are kept. Nobody signs in to be heard, so every table has its limits: a flood ends in TooMuch, not in a full disk
or in a bundle too large to seal.
"""

import hashlib
import re
import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass, field
from pathlib import Path

from sqlite_utils import Migrations

from fieldref import clock
from fieldref.columns import (
    DAY,
    LANGUAGE,
    Column,
    Columns,
    coded,
    make_table,
    matches,
    number,
    of_vocabulary,
    random_id,
    table,
)
from fieldref.database import Database, open_database, transaction
from fieldref.refusal import Refusal
from fieldref.vocabulary import CODES, UNSAID

FILE_NAME = "voices.db"
# Where the doors run as two users of the system, a folder that both may write to (fieldref/hotspot/sharing.py).
SHARED = "voices"
BY_BOTH = 0o660
MOST_VIEWS = 5_000
ADDRESS = re.compile(r"[a-z]+/[a-z0-9][a-z0-9-]{0,47}")


class NotHeard(Refusal):
    """A voice was not kept: it holds what no voice may hold, or the disk takes nothing."""


class TooMuch(Refusal):
    """More was said today, or since the last closing, than we keep."""


def _new_id() -> str:
    return secrets.token_hex(16)


def _today() -> str:
    return clock.today().isoformat()


@dataclass(frozen=True, kw_only=True)
class Rating:
    """One visitor's answer on one page (section/slug): useful "yes" or "no", and why not."""

    id: str = field(default_factory=_new_id)
    day: str = field(default_factory=_today)
    page: str
    language: str
    useful: str
    reason: str = UNSAID.code


@dataclass(frozen=True, kw_only=True)
class MissingService:
    """One visitor needed this and did not find it."""

    id: str = field(default_factory=_new_id)
    day: str = field(default_factory=_today)
    language: str
    need: str


@dataclass(frozen=True, kw_only=True)
class PageView:
    """The page was read at least `count` more times that day; rows of one day add up."""

    id: str = field(default_factory=_new_id)
    day: str = field(default_factory=_today)
    page: str
    language: str
    device: str = UNSAID.code
    count: int


Voice = Rating | MissingService | PageView
NAMES: dict[type[Voice], str] = {Rating: "rating", MissingService: "missing_service", PageView: "page_view"}

PAGE = Column(
    "page",
    "a page of the guide, like rights/asylum",
    "length(page) BETWEEN 3 AND 63 AND page GLOB '[a-z]*/[a-z0-9]*' AND page NOT GLOB '*[^a-z0-9/-]*'",
    lambda value: matches(ADDRESS, value) and len(str(value)) <= 63,
)
_ID = random_id("id")
VOICES: dict[str, Columns] = {
    "rating": (_ID, DAY, PAGE, LANGUAGE, *of_vocabulary("useful"), coded("reason", CODES["doubt"])),
    "missing_service": (_ID, DAY, LANGUAGE, *of_vocabulary("need")),
    "page_view": (_ID, DAY, PAGE, LANGUAGE, *of_vocabulary("device"), number("count", MOST_VIEWS)),
}


@dataclass(frozen=True)
class Limit:
    """How many rows of a table are kept: since the last closing, of one day, and of one `subject` on one day."""

    all: int
    day: int
    subject: str
    each: int


LIMITS = {
    "rating": Limit(20_000, 2_000, "page", 200),
    "missing_service": Limit(20_000, 1_000, "need", 200),
    "page_view": Limit(40_000, 10_000, "page", 400),
}

VOICES_DB = Migrations("voices")


def make_voices(db: Database) -> None:
    """Make the tables of today in *db*, keeping every row that is there."""
    for name, columns in VOICES.items():
        make_table(db, name, columns)


def name_of_today() -> str:
    """The migration is named for what the tables hold, as the register's is."""
    text = "\n".join(table(*each) for each in VOICES.items())
    return "voices " + hashlib.sha256(text.encode()).hexdigest()[:16]


VOICES_DB(name=name_of_today())(make_voices)


def open_voices(folder: Path) -> Database:
    """Open voices.db of the safe-point in *folder*, making it where there is none."""
    path = _path(folder)
    fresh = not path.exists()
    db = open_database(path, VOICES_DB)
    if fresh and path.parent != folder:
        path.chmod(BY_BOTH)
    return db


def _path(folder: Path) -> Path:
    shared = folder / SHARED
    return (shared if shared.is_dir() else folder) / FILE_NAME


def hear(folder: Path, voice: Voice) -> None:
    """Keep *voice*; on return it is on the disk. Raises NotHeard, or TooMuch."""
    if not hear_all(folder, [voice]):
        raise TooMuch("we keep no more of these today")


def hear_all(folder: Path, voices: Iterable[Voice]) -> int:
    """Keep *voices* as far as the limits allow, in one transaction; return how many. Raises NotHeard."""
    every = list(voices)
    for voice in every:
        _check(voice)
    try:
        db = open_voices(folder)
        try:
            with transaction(db):
                return sum(_insert(db, name, its) for name, its in _by_table(every))
        finally:
            db.close()
    except (sqlite3.Error, OSError) as error:
        raise NotHeard(f"voices.db cannot be written: {error}") from None


@contextmanager
def held(folder: Path) -> Iterator[Database]:
    """All that was said, while nobody can say more; deleted when the block has ended, kept when it failed.

    The block makes what it took durable elsewhere before it ends. A power cut just then leaves rows that were taken:
    they are taken again, and their ids make them count once. A damaged file is begun anew, because visitors' counts
    must not keep a shift from being closed. Raises NotHeard while the file cannot be opened or somebody holds it.
    """
    db = _taken(folder)
    try:
        yield db
        # What cannot be deleted now (a full disk) must not look like a failure of the block, which is over.
        with suppress(sqlite3.OperationalError):
            _empty(db)
    finally:
        db.close()


def _empty(db: Database) -> None:
    for name in VOICES:
        db.conn.execute(f"DELETE FROM {name}")  # noqa: S608 (our names)
    db.conn.execute("COMMIT")
    db.conn.execute("VACUUM")  # the size of the file told how much there was


def _taken(folder: Path) -> Database:
    try:
        db = _whole(folder)
        db.conn.execute("BEGIN IMMEDIATE")
        return db
    except sqlite3.OperationalError as error:
        raise NotHeard(f"{_path(folder)} cannot be taken just now ({error}); try again") from None


def _whole(folder: Path) -> Database:
    try:
        db = open_voices(folder)
        if db.conn.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]:
            return db
        db.close()
    except sqlite3.OperationalError:
        raise  # locked, or no room: that passes
    except sqlite3.DatabaseError:
        pass
    path = _path(folder)
    for each in (path, path.with_name(f"{FILE_NAME}-journal")):
        each.unlink(missing_ok=True)
    return open_voices(folder)


def _check(voice: Voice) -> None:
    for column, value in zip(VOICES[NAMES[type(voice)]], astuple(voice), strict=True):
        if not column.allows(value):
            raise NotHeard(f"{column.name} must be {column.words}")


def _by_table(voices: list[Voice]) -> Iterator[tuple[str, list[Voice]]]:
    for kind, name in NAMES.items():
        if its := [voice for voice in voices if isinstance(voice, kind)]:
            yield name, its


def _insert(db: Database, name: str, voices: list[Voice]) -> int:
    limit, kept, marks = LIMITS[name], 0, ", ".join("?" * len(VOICES[name]))
    there = _counted(db, name, limit.subject)
    for voice in voices:
        day = (voice.day,)
        subject = (voice.day, getattr(voice, limit.subject))
        if there[()] < limit.all and there[day] < limit.day and there[subject] < limit.each:
            db.conn.execute(f"INSERT INTO {name} VALUES ({marks})", astuple(voice))  # noqa: S608 (our names)
            there.update([(), day, subject])
            kept += 1
    return kept


def _counted(db: Database, name: str, subject: str) -> Counter[tuple[str, ...]]:
    """How many rows there are: (), of a day: (day,), of a subject on a day: (day, subject)."""
    counted: Counter[tuple[str, ...]] = Counter()
    rows = db.conn.execute(f"SELECT day, {subject}, count(*) FROM {name} GROUP BY 1, 2")  # noqa: S608 (our names)
    for day, about, number_of_rows in rows:
        for key in ((), (day,), (day, about)):
            counted[key] += number_of_rows
    return counted
