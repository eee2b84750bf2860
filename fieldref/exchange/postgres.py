"""The rows of many branches in one PostgreSQL, at a national headquarters: pushed again and again, the same every time.

Each branch has rows of its own, under the id of its card; a push makes them equal to what its register holds now.
What a report reads are views over all branches that follow the rule of a merge: a record that two branches have is
one record, and of those that contradict each other none counts.

A push copies into staging, some thousand rows at a time, and each of these is kept: a line that breaks goes on where
it broke, if the register is still the same. One transaction then puts everything in place.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fieldref.database import Database
from fieldref.exchange.records import COLUMNS
from fieldref.refusal import Refusal
from fieldref.register.schema import VIEWS

if TYPE_CHECKING:
    from psycopg import Connection

CHUNK = 20_000  # rows that are sent, and kept, at a time
INTEGERS = ("people", "count")
# Whoever makes the tables keeps others waiting: "fieldref" in figures.
MAKING = 0x6669656C64726566


class Unreachable(Refusal):
    """There is no headquarters to speak to, or it does not take what it is told; the message is the server's."""


@dataclass(frozen=True)
class Pushed:
    """What came of a push: how many rows of the branch are at the headquarters now, how many were sent in this one."""

    rows: int
    sent: int


@contextmanager
def connected(address: str) -> Iterator["Connection[Any]"]:
    """Connect to the PostgreSQL at *address* (postgresql://...). Raises Unreachable."""
    try:
        import psycopg
    except ImportError:
        raise Unreachable("this needs the library psycopg: pip install 'fieldref[hq]'") from None
    try:
        with psycopg.connect(address, connect_timeout=15, autocommit=True) as there:
            there.execute("SELECT pg_advisory_lock(%s)", [MAKING])
            _make(there)
            there.execute("SELECT pg_advisory_unlock(%s)", [MAKING])
            yield there
    except psycopg.Error as error:
        raise Unreachable(f"the headquarters says: {str(error).strip().splitlines()[0]}") from None


def push(
    db: Database, branch: str, there: "Connection[Any]", progress: Callable[[int], None] = lambda _: None
) -> Pushed:
    """Make the rows of *branch* (the id of its card) at the headquarters equal to those of its register *db*.

    On return all of it is committed there; cut before, what others read is as it was. *progress* is told how many
    rows were sent. Two pushes of one branch at once wait for each other; of different branches they do not.
    """
    sent = 0
    there.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [branch])
    try:
        state = ""
        while (now := _state(db)) != state:  # somebody merged while we were sending: what is staged is of before
            state = now
            for kind in COLUMNS:
                for rows in _unsent(db, there, branch, kind, state):
                    _stage(there, branch, kind, rows, state)
                    sent += len(rows)
                    progress(sent)
        return Pushed(_put_in_place(there, branch), sent)
    finally:
        if not there.closed:
            there.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [branch])


class Headquarters:
    """What a report reads from: the tables and views of a branch's register, over all branches that pushed.

    It takes the SQL of fieldref.reports as it is, with ? for values.
    """

    def __init__(self, there: "Connection[Any]") -> None:
        self._there = there

    @property
    def conn(self) -> "Headquarters":
        return self

    def execute(self, query: str, values: Any = ()) -> Any:
        """Run *query* there; what it returns can be iterated and fetched from, as SQLite's cursors can."""
        return self._there.execute(query.replace("%", "%%").replace("?", "%s"), list(values))


def _state(db: Database) -> str:
    """What tells one state of a register from another: its bundles, and what people settled."""
    digest = hashlib.sha256()
    for query in ("SELECT sha256 FROM bundle ORDER BY sha256", "SELECT id FROM settlement ORDER BY id"):
        for (each,) in db.conn.execute(query):
            digest.update(f"{each}\n".encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _unsent(
    db: Database, there: "Connection[Any]", branch: str, kind: str, state: str
) -> Iterator[list[tuple[str | int, ...]]]:
    """The rows of *kind* that staging does not have yet, in the order of their keys, some at a time."""
    key, every = COLUMNS[kind][0], ", ".join(COLUMNS[kind])
    found = there.execute("SELECT state, last FROM push WHERE branch = %s AND kind = %s", [branch, kind]).fetchone()
    if found is None or found[0] != state:
        there.execute(f"DELETE FROM staged_{kind} WHERE branch = %s", [branch])  # noqa: S608 (our names)
        last = ""
    else:
        last = found[1]
    while rows := db.conn.execute(
        f"SELECT {every} FROM {kind} WHERE {key} > ? ORDER BY {key} LIMIT ?",  # noqa: S608 (our names)
        [last, CHUNK],
    ).fetchall():
        yield rows
        last = rows[-1][0]


def _stage(there: "Connection[Any]", branch: str, kind: str, rows: list[tuple[str | int, ...]], state: str) -> None:
    with there.transaction(), there.cursor() as cursor:
        with cursor.copy(f"COPY staged_{kind} (branch, {', '.join(COLUMNS[kind])}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((branch, *row))
        cursor.execute(
            """INSERT INTO push (branch, kind, state, last) VALUES (%s, %s, %s, %s)
               ON CONFLICT (branch, kind) DO UPDATE SET state = excluded.state, last = excluded.last""",
            [branch, kind, state, rows[-1][0]],
        )


def _put_in_place(there: "Connection[Any]", branch: str) -> int:
    """Make the rows of *branch* what stands in staging, all or nothing; return how many they are."""
    rows = 0
    with there.transaction():
        for kind, columns in COLUMNS.items():
            same = " AND ".join(f"this.{column} = staged.{column}" for column in ("branch", *columns))
            every = ", ".join(("branch", *columns))
            there.execute(
                f"""DELETE FROM pushed_{kind} AS this WHERE branch = %s
                    AND NOT EXISTS (SELECT 1 FROM staged_{kind} AS staged WHERE {same})""",  # noqa: S608 (our names)
                [branch],
            )
            there.execute(
                f"""INSERT INTO pushed_{kind} ({every}) SELECT {every} FROM staged_{kind} WHERE branch = %s
                    ON CONFLICT DO NOTHING""",  # noqa: S608
                [branch],
            )
            there.execute(f"DELETE FROM staged_{kind} WHERE branch = %s", [branch])  # noqa: S608
            counted = there.execute(f"SELECT count(*) FROM pushed_{kind} WHERE branch = %s", [branch]).fetchone()  # noqa: S608
            rows += counted[0] if counted else 0
        there.execute("DELETE FROM push WHERE branch = %s", [branch])
    return rows


def _make(there: "Connection[Any]") -> None:
    """Make the tables and views of today where they are not there; a new kind of record is a new table."""
    with there.transaction():
        # By bytes, as SQLite compares: the latest of two outcomes must be the same one here and there.
        text = 'text COLLATE "C" NOT NULL'
        there.execute(
            f"""CREATE TABLE IF NOT EXISTS push (
                branch {text}, kind {text}, state {text}, last {text}, PRIMARY KEY (branch, kind))"""
        )
        for kind, columns in COLUMNS.items():
            declared = ", ".join(f"{each} {'bigint NOT NULL' if each in INTEGERS else text}" for each in columns)
            key = columns[0]
            there.execute(
                f"CREATE TABLE IF NOT EXISTS pushed_{kind} (branch {text}, {declared}, PRIMARY KEY ({key}, branch))"
            )
            there.execute(
                f"CREATE TABLE IF NOT EXISTS staged_{kind} (branch {text}, {declared}, PRIMARY KEY ({key}, branch))"
            )
            there.execute(f"CREATE OR REPLACE VIEW {kind} AS {_union(kind, columns)}")
        for view, query in VIEWS.items():
            there.execute(f"CREATE OR REPLACE VIEW {view} AS {query}")


def _union(kind: str, columns: tuple[str, ...]) -> str:
    """Every record once, unless two branches say different things of it."""
    key, *others = columns
    agreed = " AND ".join(f"min({each}) = max({each})" for each in others)
    every = ", ".join(f"min({each}) AS {each}" for each in others)
    return f"SELECT {key}, {every} FROM pushed_{kind} GROUP BY {key} HAVING {agreed}"  # noqa: S608 (our names)
