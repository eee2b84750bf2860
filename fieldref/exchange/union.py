"""The union of what a register holds and what waits to be merged, a kind of record at a time, in SQL.

What it leaves depends on the set of bundles that were ever united, not on their order, grouping or repetition:
a record is in its table while all bundles agree on it, and in quarantine, in every version, once two do not.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from fieldref.database import Database
from fieldref.exchange import quarantine
from fieldref.exchange.records import COLUMNS
from fieldref.exchange.staging import table

Counts = dict[str, Counter[int]]


def unite(db: Database, before: int) -> tuple[Counts, Counter[int]]:
    """Add all that waits, as the bundles of the numbers *before* + file; to be called within a transaction.

    Returns for each kind how many rows of each file were new, and how many of each file's are in quarantine now.
    """
    new, quarantined = Counts(), Counter[int]()
    db.conn.execute("CREATE TABLE IF NOT EXISTS temp.contested (key TEXT PRIMARY KEY) WITHOUT ROWID")
    with _unchecked(db):
        for kind in COLUMNS:
            new[kind] = _counter(db, f"SELECT file, count(*) FROM {table(kind)} GROUP BY file")  # noqa: S608 (ours)
            if new[kind] and not _all_new(db, kind, before, new[kind].total()):
                new[kind] = _first_seen(db, kind, before)
                quarantined += _set_aside(db, kind, before)
                _note_more_origins(db, kind, before)
    return new, quarantined


@contextmanager
def _unchecked(db: Database) -> Iterator[None]:
    """Let SQLite not ask again, at four times the cost of the rest, what Column.allows_all was asked of every value."""
    db.conn.execute("PRAGMA ignore_check_constraints = ON")
    try:
        yield
    finally:
        db.conn.execute("PRAGMA ignore_check_constraints = OFF")


def _all_new(db: Database, kind: str, before: int, waiting: int) -> bool:
    """Add what has a key that is not there yet; return whether that was all, and none of its kind is contested."""
    every, key = ", ".join(COLUMNS[kind]), COLUMNS[kind][0]
    # In the order of keys, so that each page of their index is written once.
    added = db.conn.execute(
        f"""INSERT INTO {kind} ({every}, bundle)
            SELECT {every}, ? + file FROM {table(kind)} WHERE true ORDER BY {key}, file
            ON CONFLICT DO NOTHING""",  # noqa: S608 (our names)
        [before],
    )
    contested = db.conn.execute("SELECT 1 FROM quarantine WHERE kind = ? LIMIT 1", [kind]).fetchone()
    return added.rowcount == waiting and not contested


def _first_seen(db: Database, kind: str, before: int) -> Counter[int]:
    """Of the keys that no bundle had before, how many each file is the first to have."""
    query = f"""
        SELECT file, count(*) FROM {table(kind)} AS this JOIN {kind} AS there USING ({COLUMNS[kind][0]})
        WHERE there.bundle = :before + file
          AND NOT EXISTS (SELECT 1 FROM quarantine WHERE kind = :kind AND key = this.{COLUMNS[kind][0]})
        GROUP BY file"""  # noqa: S608 (our names)
    return _counter(db, query, kind=kind, before=before)


def _set_aside(db: Database, kind: str, before: int) -> Counter[int]:
    """Of records that contradict each other none counts: put all versions, with their bundles, into quarantine."""
    staged, key = table(kind), COLUMNS[kind][0]
    version = f"json_array({', '.join(f'this.{column}' for column in COLUMNS[kind])})"
    differs = " OR ".join(f"this.{column} <> there.{column}" for column in COLUMNS[kind][1:])
    contested = "SELECT key FROM temp.contested"
    for statement in (
        "DELETE FROM temp.contested",
        f"""INSERT INTO temp.contested
            SELECT this.{key} FROM {staged} AS this JOIN {kind} AS there USING ({key}) WHERE {differs}
            ON CONFLICT DO NOTHING""",  # noqa: S608 (our names)
        f"""INSERT INTO temp.contested
            SELECT {key} FROM {staged}
            WHERE EXISTS (SELECT 1 FROM quarantine WHERE kind = :kind AND key = {key})
            ON CONFLICT DO NOTHING""",  # noqa: S608
        f"""INSERT INTO quarantine
            SELECT :kind, this.{key}, {version}, this.bundle FROM {kind} AS this WHERE {key} IN ({contested})
            ON CONFLICT DO NOTHING""",  # noqa: S608
        f"""INSERT INTO quarantine
            SELECT :kind, this.{key}, {version}, origin.bundle
            FROM temp.contested CROSS JOIN {kind} AS this ON this.{key} = contested.key
            JOIN origin ON origin.kind = :kind AND origin.key = contested.key WHERE true
            ON CONFLICT DO NOTHING""",  # noqa: S608
        f"""INSERT INTO quarantine
            SELECT :kind, this.{key}, {version}, :before + file FROM {staged} AS this WHERE {key} IN ({contested})
            ON CONFLICT DO NOTHING""",  # noqa: S608
        f"DELETE FROM origin WHERE kind = :kind AND key IN ({contested})",  # noqa: S608
        f"DELETE FROM {kind} WHERE {key} IN ({contested})",  # noqa: S608
    ):
        db.conn.execute(statement, {"kind": kind, "before": before})
    _keep_settled(db, kind)
    return _counter(db, f"SELECT file, count(*) FROM {staged} WHERE {key} IN ({contested}) GROUP BY file")  # noqa: S608


def _keep_settled(db: Database, kind: str) -> None:
    """What a person has settled stays so, unless a version came that the person did not see."""
    query = "SELECT DISTINCT key FROM settlement WHERE kind = ? AND key IN (SELECT key FROM temp.contested)"
    for (key,) in db.conn.execute(query, [kind]).fetchall():
        if quarantine.put_back(db, kind, key):
            db.conn.execute("DELETE FROM temp.contested WHERE key = ?", [key])


def _note_more_origins(db: Database, kind: str, before: int) -> None:
    """A record that was there already came in this bundle too."""
    key = COLUMNS[kind][0]
    db.conn.execute(
        f"""INSERT INTO origin
            SELECT :kind, {key}, :before + file FROM {table(kind)} AS this JOIN {kind} AS there USING ({key})
            WHERE there.bundle <> :before + file
              AND NOT EXISTS (SELECT 1 FROM quarantine WHERE kind = :kind AND key = this.{key})
            ON CONFLICT DO NOTHING""",  # noqa: S608 (our names)
        {"kind": kind, "before": before},
    )


def _counter(db: Database, query: str, **values: str | int) -> Counter[int]:
    return Counter(dict(db.conn.execute(query, values).fetchall()))
