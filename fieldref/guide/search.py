"""Finding a page or a service by words, in the visitor's language, however they are typed."""

from dataclasses import dataclass
from typing import Literal

from fieldref.database import Database
from fieldref.guide.folding import words

SCHEMA = """
    CREATE VIRTUAL TABLE search USING fts5(
        title, body, language UNINDEXED, kind UNINDEXED, address UNINDEXED, shown UNINDEXED,
        tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
    )
"""


@dataclass(frozen=True)
class Found:
    """One thing found: its title as shown and its address without the language."""

    kind: Literal["page", "service"]
    address: str
    title: str


def prepare(db: Database) -> None:
    """Make the empty index in a guide that is being built."""
    db.conn.execute(SCHEMA)


def add(db: Database, language: str, found: Found, body: str) -> None:
    """Make *found* findable in *language* by the words of its title and of *body*."""
    db.conn.execute(
        "INSERT INTO search (title, body, language, kind, address, shown) VALUES (?, ?, ?, ?, ?, ?)",
        (
            " ".join(words(found.title)),
            " ".join(words(body)),
            language,
            found.kind,
            found.address,
            found.title,
        ),
    )


def search(db: Database, language: str, asked: str, limit: int = 20) -> tuple[Found, ...]:
    """Return what fits all words of *asked* (each may be a beginning), best first; nothing for no words."""
    wanted = words(asked)[:8]
    if not wanted:
        return ()
    query = " ".join(f'"{word}"*' for word in wanted)
    rows = db.conn.execute(
        "SELECT kind, address, shown FROM search WHERE search MATCH ? AND language = ?"
        " ORDER BY bm25(search, 8.0, 1.0), address LIMIT ?",
        (query, language, limit),
    )
    return tuple(Found(kind, address, shown) for kind, address, shown in rows)
