"""Finding a need, a page or a service by words, in the visitor's language, however they are typed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from fieldref.database import Database
from fieldref.guide import asked as asked_for
from fieldref.guide import forms
from fieldref.guide.folding import parts
from fieldref.guide.spelling import neighbours
from fieldref.languages import BY_CODE
from fieldref.vocabulary import NEEDS

# One index a language: how rare a word is, and what it may be a slip of, is a matter of its own language.
# What comes in is folded already, so the tokenizer only cuts at spaces.
SCHEMA = """
    CREATE VIRTUAL TABLE @ USING fts5(
        title, also, body, kind UNINDEXED, address UNINDEXED, shown UNINDEXED,
        tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
    );
    CREATE VIRTUAL TABLE @_words USING fts5vocab('@', 'row');
"""
ADD = "INSERT INTO @ (title, also, body, kind, address, shown) VALUES (?, ?, ?, ?, ?, ?)"
# Weighed by where a word stands: title, also, body. Smaller is better, below zero. The need leads to all the rest.
MATCHING = """
    SELECT kind, address, shown, bm25(@, 12.0, 6.0, 1.0) * iif(kind = 'need', 1.4, 1.0) AS score
    FROM @ WHERE @ MATCH ? ORDER BY score, address LIMIT ?
"""
ANY = "SELECT 1 FROM @ WHERE @ MATCH ? LIMIT 1"
AS_LONG = "SELECT term FROM @_words WHERE length(term) BETWEEN ? AND ?"
LEAST = 0.15  # of the best score
SHORTEST_BEGINNING = 5  # letters of a word that fits nothing as a whole
MOST_WORDS = 8  # of a search; the rest is not read


@dataclass(frozen=True)
class Found:
    """One thing found: its title as shown and its address without the language."""

    kind: Literal["need", "page", "service"]
    address: str
    title: str


def prepare(db: Database, languages: Iterable[str]) -> None:
    """Make the indexes of *languages* in a guide that is being built; the needs are in them already."""
    for code in languages:
        db.conn.executescript(_in(code, SCHEMA))
        for need in NEEDS:
            name, also = asked_for.words(need, code)
            add(db, code, Found("need", f"needs/{need.code}", name), also=also)


def add(db: Database, language: str, found: Found, *, also: str = "", body: str = "") -> None:
    """Make *found* findable in *language* by its title, by what it is *also* called and by the words of *body*."""
    indexed = [" ".join(forms.all_of(text, language)) for text in (found.title, also, body)]
    db.conn.execute(_in(language, ADD), (*indexed, found.kind, found.address, found.title))


def search(db: Database, language: str, asked: str, limit: int = 20) -> tuple[Found, ...]:
    """Return what fits the words of *asked*, best first; nothing for no words.

    What is called exactly so comes first; rare words count for more, so nobody has to leave out the common ones.
    A word may be a beginning, or carry what its language puts before and after words; one that fits nothing is
    taken for a slip of those that do.
    """
    index = Index(db, language)
    wanted = filter(None, map(index.choice, forms.telling(asked, language)[:MOST_WORDS]))
    found = index.matching(" OR ".join(wanted), limit)
    title = parts(asked)
    return tuple(sorted(found, key=lambda each: parts(each.title) != title))


class Index:
    """All that can be found in one language of one guide."""

    def __init__(self, db: Database, language: str) -> None:
        self._db = db
        self._language = language

    def matching(self, query: str, limit: int) -> tuple[Found, ...]:
        """What fits an FTS5 *query*, best first, and little of what fits it only by the way."""
        rows = self._ask(MATCHING, query, limit) if query else []
        return tuple(Found(kind, address, shown) for kind, address, shown, score in rows if score <= rows[0][3] * LEAST)

    def choice(self, word: tuple[str, ...]) -> str:
        """The FTS5 query for one word: the first way of reading it that fits anything."""
        for query in self._readings(word):
            if query and self._ask(ANY, query):
                return query
        return ""

    def _readings(self, word: tuple[str, ...]) -> Iterator[str]:
        """From what was typed to what may have been meant."""
        begun = forms.begun(word, self._language)
        known = [*forms.same(word, self._language), *forms.looser(word, self._language)]
        yield _any(self._naming(known))
        yield _any(known)
        yield _any([], [begun])
        meant = neighbours(begun, self._as_long_as(begun))
        yield _any(self._naming(meant))
        yield _any(meant)
        # An ending that no table knows: secuestro, where the guide says secuestran.
        yield from (_any([], [begun[:length]]) for length in range(len(begun) - 1, SHORTEST_BEGINNING - 1, -1))

    def _naming(self, words: list[str]) -> list[str]:
        """Those of *words* that something is called by, not only mentioned."""
        return [word for word in words if self._ask(ANY, f'{{title also}} : "{word}"')]

    def _as_long_as(self, word: str) -> list[str]:
        """The known words of about as many letters."""
        return [term for (term,) in self._ask(AS_LONG, len(word) - 1, len(word) + 1)]

    def _ask(self, sql: str, *values: object) -> list[Any]:
        return self._db.conn.execute(_in(self._language, sql), values).fetchall()


def _any(words: list[str], beginnings: Iterable[str] = ()) -> str:
    choices = [*(f'"{word}"' for word in words), *(f'"{beginning}" *' for beginning in beginnings)]
    return f"({' OR '.join(choices)})" if choices else ""


def _in(language: str, sql: str) -> str:
    """Name the index of *language* in *sql*, where it says @; the code is one of our list."""
    return sql.replace("@", f"search_{BY_CODE[language].code}")
