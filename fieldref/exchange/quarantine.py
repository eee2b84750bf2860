"""What contradicts itself and waits for a person: see every version, keep one or none, say why.

A settlement is a record that is added, like all others: who (a manager's number, no name), on which day, for which
reason (a code), which versions lay there and which of them was kept. It holds while no version comes that it did not
see; then the case is open again. So a register is a function of its bundles and its settlements, in any order.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from fieldref.columns import coded
from fieldref.database import Database, transaction
from fieldref.exchange.records import COLUMNS
from fieldref.refusal import Refusal
from fieldref.vocabulary import CODES

MOST_MANAGERS = 99
MOST_CASES = 1000
REASON = coded("reason", CODES["settlement"])
Content = tuple[str | int, ...]


def make_settlements(db: Database) -> None:
    db.conn.execute(
        f"""CREATE TABLE IF NOT EXISTS settlement (
            id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 32),
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            seen TEXT NOT NULL,
            kept TEXT NOT NULL,
            number INTEGER NOT NULL CHECK (number > 0),
            manager INTEGER NOT NULL CHECK (manager BETWEEN 1 AND {MOST_MANAGERS}),
            day TEXT NOT NULL CHECK (length(day) = 10 AND date(day) IS day),
            {REASON.ddl()}
        ) STRICT, WITHOUT ROWID"""
    )
    db.conn.execute("CREATE INDEX IF NOT EXISTS settlement_key ON settlement (kind, key)")


class SettlementRefused(Refusal):
    """Nothing was settled; the message says why."""


@dataclass(frozen=True)
class Source:
    """A bundle in which a version came: the safe-point's name, the how-manieth bundle of it, the shift's day."""

    safe_point: str
    sequence: int
    day: str


@dataclass(frozen=True)
class Version:
    """One of the versions of a record, by column, and the bundles in which it came."""

    content: dict[str, str | int]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Settlement:
    """How a case was settled: the version that was kept (the first is 1, none is 0), by whom, when and why."""

    keep: int
    manager: int
    day: str
    reason: str


@dataclass(frozen=True)
class Case:
    """A key of which there are several versions, in the order in which they came; settled or not."""

    kind: str
    key: str
    versions: tuple[Version, ...]
    settlement: Settlement | None

    @property
    def mark(self) -> str:
        """Names the case with exactly these versions; of no use to anybody who does not have them."""
        seen = json.dumps([self.kind, [list(version.content.values()) for version in self.versions]])
        return hashlib.sha256(seen.encode()).hexdigest()[:32]


def cases(db: Database, *, settled: bool = False, most: int = MOST_CASES) -> list[Case]:
    """The cases that wait for a person, by kind and key; or with *settled*, those that do not wait any more."""
    rows = db.conn.execute("SELECT DISTINCT kind, key FROM quarantine ORDER BY kind, key").fetchall()
    every = (case(db, kind, key) for kind, key in rows)
    return list(islice((each for each in every if (each.settlement is not None) == settled), most))


def waiting(db: Database) -> int:
    """How many cases wait for a person, quick also where a forger has made very many."""
    every: int = db.conn.execute("SELECT count(*) FROM (SELECT DISTINCT kind, key FROM quarantine)").fetchone()[0]
    looked_at = db.conn.execute("SELECT DISTINCT kind, key FROM settlement").fetchall()
    return every - sum(_settling(db, kind, key) is not None for kind, key in looked_at)


def case(db: Database, kind: str, key: str) -> Case:
    """The case of the record *key* of *kind*. Raises SettlementRefused where there is none."""
    versions = _versions(db, kind, key)
    if not versions:
        raise SettlementRefused(f"no {kind} {key} is in quarantine")
    row, order = _settling(db, kind, key), list(versions)
    settlement = Settlement(order.index(row[0]) + 1 if row[0] else 0, *row[1:]) if row else None
    return Case(
        kind, key, tuple(Version(_named(kind, text), _sources(db, kind, key, text)) for text in order), settlement
    )


def find(db: Database, key: str, kind: str = "") -> Case:
    """The case of *key*, of whatever kind it is. Raises SettlementRefused where there is none, or more than one."""
    rows = db.conn.execute("SELECT DISTINCT kind FROM quarantine WHERE key = ? ORDER BY kind", [key]).fetchall()
    kinds = [found for (found,) in rows if found == (kind or found)]
    if len(kinds) > 1:
        raise SettlementRefused(f"{key} is in quarantine as {' and as '.join(kinds)}: say which (--kind)")
    return case(db, kinds[0] if kinds else kind or "record", key)


def settle(db: Database, seen: Case, keep: int, reason: str, manager: int = 1) -> Case:
    """Settle the case as it was *seen*: keep the version of this number, or none (0). Settling again is allowed.

    Raises SettlementRefused, with nothing changed, where a version has come that was not seen.
    """
    if not 0 <= keep <= len(seen.versions):
        raise SettlementRefused(f"there are versions 1 to {len(seen.versions)}; 0 keeps none")
    if not REASON.allows(reason) or not 1 <= manager <= MOST_MANAGERS:
        raise SettlementRefused(f"a reason is {REASON.words}; a manager is a number from 1 to {MOST_MANAGERS}")
    with transaction(db):
        if case(db, seen.kind, seen.key).mark != seen.mark:
            raise SettlementRefused("another version has come meanwhile: look at all of them again")
        texts = list(_versions(db, seen.kind, seen.key))
        before = db.conn.execute(
            "SELECT coalesce(max(number), 0) FROM settlement WHERE kind = ? AND key = ?", [seen.kind, seen.key]
        ).fetchone()[0]
        kept = texts[keep - 1] if keep else ""
        row = (secrets.token_hex(16), seen.kind, seen.key, json.dumps(sorted(texts)), kept, before + 1, manager)
        db.conn.execute(
            "INSERT INTO settlement (id, kind, key, seen, kept, number, manager, day, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, date.today().isoformat(), reason),
        )
        put_back(db, seen.kind, seen.key)
        return case(db, seen.kind, seen.key)


def put_back(db: Database, kind: str, key: str) -> bool:
    """Have the table of *kind* hold the version of *key* that was kept, or none; return whether the case is settled."""
    columns = COLUMNS[kind]
    db.conn.execute(f"DELETE FROM {kind} WHERE {columns[0]} = ?", [key])  # noqa: S608 (our names)
    settling = _settling(db, kind, key)
    if settling and settling[0]:
        row = (*json.loads(settling[0]), _versions(db, kind, key)[settling[0]])
        marks = ", ".join("?" * len(row))
        db.conn.execute(f"INSERT INTO {kind} ({', '.join(columns)}, bundle) VALUES ({marks})", row)  # noqa: S608
    return settling is not None


def _versions(db: Database, kind: str, key: str) -> dict[str, int]:
    """The texts of all versions, each with the first bundle it came in, in that order."""
    query = "SELECT content, min(bundle) FROM quarantine WHERE kind = ? AND key = ? GROUP BY 1 ORDER BY 2, 1"
    return dict(db.conn.execute(query, [kind, key]).fetchall())


def _settling(db: Database, kind: str, key: str) -> tuple[str, int, str, str] | None:
    """The settlement that holds: the latest of those that saw every version there is. (kept, manager, day, reason)."""
    query = """SELECT seen, kept, manager, day, reason FROM settlement WHERE kind = ? AND key = ?
               ORDER BY number DESC, day DESC, id DESC"""
    there = set(_versions(db, kind, key))
    for seen, *rest in db.conn.execute(query, [kind, key]).fetchall():
        if there <= set(json.loads(seen)) and rest[0] in ("", *there):
            return (rest[0], rest[1], rest[2], rest[3])
    return None


def _named(kind: str, text: str) -> dict[str, Any]:
    return dict(zip(COLUMNS[kind], json.loads(text), strict=False))


def _sources(db: Database, kind: str, key: str, text: str) -> tuple[Source, ...]:
    query = """SELECT name, sequence, bundle.day FROM quarantine
               JOIN bundle ON bundle.number = quarantine.bundle JOIN device ON device.id = bundle.device
               WHERE kind = ? AND key = ? AND content = ? ORDER BY bundle.number"""
    return tuple(Source(*row) for row in db.conn.execute(query, [kind, key, text]).fetchall())
