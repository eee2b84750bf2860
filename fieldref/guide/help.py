"""Help for volunteers as files: <folder>/<kind>/<slug>/<language>.md, written and translated as pages are.

It is read from its files by who shows it and stands in no guide.db: the public door opens that and nothing else, so
no address there can lead to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from fieldref.folders import folder as shipped
from fieldref.guide import pages
from fieldref.guide.pages import DRAFT, Page, PageError
from fieldref.icons import is_icon
from fieldref.languages import LANGUAGES, SOURCE, Language
from fieldref.vocabulary import N_, Term

KINDS = (
    Term("now", N_("Right now")),
    Term("people", N_("With people")),
    Term("team", N_("You and the work")),
)
ICON = "practical_information"  # of a text that asks for a pictogram that is not there


@dataclass(frozen=True)
class Help:
    """All help there is, in the order in which it is listed: by kind, what cannot wait first."""

    texts: tuple[Page, ...]

    def text(self, code: str, address: str) -> Page | None:
        """The text at *address* (kind/slug) in the language *code*, else its source; None if there is no such text."""
        found = {text.language: text for text in self.texts if text.address == address}
        return found.get(code) or found.get(SOURCE.code)

    def listed(self, code: str) -> list[tuple[Term, list[Page]]]:
        """Each kind with its texts in the language *code*; a text that has no translation is its source."""
        every = [self.text(code, text.address) or text for text in self.texts if text.language == SOURCE.code]
        return [(kind, [text for text in every if text.section == kind.code]) for kind in KINDS]

    def is_draft(self, text: Page) -> bool:
        """Whether no professional has read the source of *text* yet."""
        source = self.text(SOURCE.code, text.address)
        return source is None or source.translation == DRAFT

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages in which there is some of it."""
        written = {text.language for text in self.texts}
        return tuple(each for each in LANGUAGES if each.code in written)


def folders_of(safe_point: Path) -> tuple[Path, Path]:
    """Where its help lies: the shipped texts, and over them those of its own folder."""
    return shipped("seed") / "help", safe_point / "help"


def read(folders: Iterable[Path]) -> tuple[Help, tuple[PageError, ...]]:
    """Read the help in *folders*, a later one over an earlier; what cannot be used is left out and returned."""
    found, errors = pages.read(folders, KINDS)
    texts = (text if is_icon(text.icon) else replace(text, icon=ICON) for text in found)
    order = {kind.code: number for number, kind in enumerate(KINDS)}
    return Help(tuple(sorted(texts, key=lambda text: (order[text.section], text.order, text.slug)))), errors


def current(safe_point: Path) -> Help:
    """The help of *safe_point* as its files are now; they are read again only when one of them has changed."""
    folders = tuple(folder for folder in folders_of(safe_point) if folder.is_dir())
    files = (path for folder in folders for path in folder.glob("*/*/*.md") if path.is_file())
    return _as_of(folders, frozenset((str(path), path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=2)
def _as_of(folders: tuple[Path, ...], files: frozenset[tuple[str, int]]) -> Help:
    return read(folders)[0]
