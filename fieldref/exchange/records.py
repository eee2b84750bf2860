"""The tables of a branch's records: every column as at a safe-point, and the number of the bundle it first came in.

Rows lie in the order in which they came, with an index of keys beside them, so that adding many to very many
writes few pages anew. At a safe-point, where the order would tell of people, they lie in the order of random keys.
"""

import hashlib

from fieldref.columns import Columns, declared
from fieldref.database import Database
from fieldref.exchange.kinds import KINDS
from fieldref.register.schema import VIEWS

BUNDLE = "bundle INTEGER NOT NULL REFERENCES bundle (number)"
COLUMNS = {kind: tuple(column.name for column in columns) for kind, columns in KINDS.items()}
# Outcomes are looked up by slip code.
INDEX = "CREATE INDEX outcome_code ON outcome (code)"


def table(kind: str, columns: Columns) -> str:
    return f"CREATE TABLE {kind} (\n    " + ",\n    ".join([*declared(columns), BUNDLE]) + "\n) STRICT"


def name_of_today() -> str:
    """The migration is named for what the tables hold, as a safe-point's is."""
    text = "\n".join([*(table(*each) for each in KINDS.items()), *VIEWS.values()])
    return "branch records " + hashlib.sha256(text.encode()).hexdigest()[:16]


def make(db: Database) -> None:
    """Make the record tables and views of today in *db*, keeping every row that is there."""
    for view in VIEWS:
        db.conn.execute(f"DROP VIEW IF EXISTS {view}")
    for kind, columns in KINDS.items():
        _make(db, kind, table(kind, columns))
    db.conn.execute(INDEX)
    for view, query in VIEWS.items():
        db.conn.execute(f"CREATE VIEW {view} AS {query.strip()}")


def _make(db: Database, kind: str, definition: str) -> None:
    if kind not in db.table_names():
        db.conn.execute(definition)
        return
    every, key = ", ".join(COLUMNS[kind]), COLUMNS[kind][0]
    first = "bundle"
    if "bundle" not in db[kind].columns_dict:  # of before: all its bundles stand in origin
        first = f"(SELECT min(bundle) FROM origin WHERE kind = '{kind}' AND key = older.{key})"  # noqa: S608 (our names)
    db.conn.execute(f"ALTER TABLE {kind} RENAME TO older")
    db.conn.execute(definition)
    db.conn.execute(f"INSERT INTO {kind} ({every}, bundle) SELECT {every}, {first} FROM older")  # noqa: S608
    db.conn.execute(
        f"""DELETE FROM origin WHERE kind = '{kind}'
            AND bundle = (SELECT bundle FROM {kind} AS this WHERE this.{key} = origin.key)"""  # noqa: S608
    )
    db.conn.execute("DROP TABLE older")
