"""Pages as files: <folder>/<section>/<slug>/<language>.md, read and checked against each other.

English is the source: it states the facts of a page once (pictogram, order, need, sources, when checked), and a
translation says only its title, its words, how it was translated and which revision it follows.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fieldref.documents import Document, DocumentError, plain
from fieldref.documents import read as read_document
from fieldref.icons import is_icon
from fieldref.languages import BY_CODE, SOURCE
from fieldref.refusal import Refusal
from fieldref.vocabulary import NEEDS, SECTIONS, Term, codes

TRANSLATIONS = ("human", "machine", "reviewed")
DRAFT = "draft"  # a source that was drafted from its sources and that no professional has read
OF_THE_SOURCE = {"icon", "order", "safety", "need", "checked", "sources"}
OF_EVERY_TEXT = {"title", "translation", "source_rev"}


class PageError(Refusal):
    """A page's file cannot be used; the message names the file and the reason."""


@dataclass(frozen=True)
class Source:
    """Where the claims of a page come from; `url` may be empty."""

    title: str
    url: str = ""


@dataclass(frozen=True)
class Page:
    """One page in one language.

    `source_rev` is the revision of the source that this text follows and `revision` the source's own, so a
    text is outdated exactly when the first is smaller. `need` is a code of the vocabulary or empty.
    """

    section: str
    slug: str
    language: str
    title: str
    icon: str
    order: int
    critical: bool
    need: str
    translation: str
    source_rev: int
    revision: int
    checked: datetime.date
    sources: tuple[Source, ...]
    html: str
    words: str

    @property
    def address(self) -> str:
        """Where the page lies, without its language: section/slug."""
        return f"{self.section}/{self.slug}"

    @property
    def outdated(self) -> bool:
        """Whether the source has changed since this text was made."""
        return self.source_rev < self.revision


def read(
    folders: Iterable[Path], sections: Iterable[Term] = SECTIONS
) -> tuple[tuple[Page, ...], tuple[PageError, ...]]:
    """Read all pages of *sections* in *folders*; a file of a later folder replaces the same file of an earlier one.

    What cannot be used is returned as errors and left out; a page whose source is unusable is left out whole.
    """
    pages: list[Page] = []
    errors: list[PageError] = []
    for (section, slug), files in sorted(written(folders, errors, sections).items()):
        try:
            source = _source(section, slug, files)
        except PageError as error:
            errors.append(error)
            continue
        if not is_icon(source.icon):
            errors.append(PageError(f"{section}/{slug}: there is no pictogram {source.icon}; its section's is shown"))
            source = replace(source, icon=section)
        pages.append(source)
        for code, path in sorted(files.items()):
            if code != SOURCE.code:
                try:
                    pages.append(_translation(source, code, path))
                except PageError as error:
                    errors.append(error)
    return tuple(pages), tuple(errors)


def written(
    folders: Iterable[Path], errors: list[PageError], sections: Iterable[Term] = SECTIONS
) -> dict[tuple[str, str], dict[str, Path]]:
    """The files of all pages in *folders*, by section and slug and then by language, as `read` takes them."""
    known = codes(*sections)
    found: dict[tuple[str, str], dict[str, Path]] = {}
    for folder in folders:
        for path in sorted(folder.glob("*/*/*.md")):
            section, slug, code = path.parts[-3], path.parts[-2], path.stem
            if section not in known:
                errors.append(PageError(f"{path}: there is no section {section}"))
            elif code not in BY_CODE:
                errors.append(PageError(f"{path}: there is no language {code}"))
            else:
                found.setdefault((section, slug), {})[code] = path
    return found


def _source(section: str, slug: str, files: Mapping[str, Path]) -> Page:
    if SOURCE.code not in files:
        raise PageError(f"{section}/{slug}: the source text {SOURCE.code}.md is missing")
    path = files[SOURCE.code]
    document = _document(path, OF_EVERY_TEXT | OF_THE_SOURCE)
    facts = document.facts
    need = str(facts.get("need", ""))
    if need and need not in codes(*NEEDS):
        raise PageError(f"{path}: there is no need {need}")
    if facts.get("safety", "normal") not in ("critical", "normal"):
        raise PageError(f"{path}: safety is critical or normal, not {facts['safety']}")
    checked = facts.get("checked")
    if not isinstance(checked, datetime.date):
        raise PageError(f"{path}: checked must be a day, like 2026-11-20")
    revision, html = _revision(path, facts), document.html(SOURCE.code)
    return Page(
        section,
        slug,
        SOURCE.code,
        document.title,
        str(facts.get("icon", section)),
        _whole_number(path, facts, "order"),
        facts.get("safety") == "critical",
        need,
        DRAFT if facts.get("translation") == DRAFT else "source",
        revision,
        revision,
        checked,
        _sources(path, facts),
        html,
        plain(html),
    )


def _translation(source: Page, code: str, path: Path) -> Page:
    document = _document(path, OF_EVERY_TEXT)
    translation = document.facts.get("translation")
    if translation not in TRANSLATIONS:
        raise PageError(f"{path}: translation must be one of {', '.join(TRANSLATIONS)}")
    html = document.html(code)
    return Page(
        source.section,
        source.slug,
        code,
        document.title,
        source.icon,
        source.order,
        source.critical,
        source.need,
        str(translation),
        _revision(path, document.facts),
        source.revision,
        source.checked,
        source.sources,
        html,
        plain(html),
    )


def _document(path: Path, known: set[str]) -> Document:
    try:
        document = read_document(path)
    except DocumentError as error:
        raise PageError(str(error)) from None
    for name in document.facts:
        if name not in known:
            where = "" if name not in OF_THE_SOURCE else f" (only {SOURCE.code}.md says it)"
            raise PageError(f"{path}: {name} does not belong in the front matter{where}")
    return document


def _revision(path: Path, facts: Mapping[str, Any]) -> int:
    revision = _whole_number(path, facts, "source_rev")
    if revision < 1:
        raise PageError(f"{path}: source_rev starts at 1")
    return revision


def _whole_number(path: Path, facts: Mapping[str, Any], name: str) -> int:
    value = facts.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise PageError(f"{path}: {name} must be a whole number")
    return value


def _sources(path: Path, facts: Mapping[str, Any]) -> tuple[Source, ...]:
    listed = facts.get("sources")
    if not isinstance(listed, list) or not listed:
        raise PageError(f"{path}: no source is named; every page says where it knows from")
    try:
        return tuple(Source(str(item["title"]), str(item.get("url", ""))) for item in listed)
    except (TypeError, KeyError, AttributeError):
        raise PageError(f"{path}: each of sources has a title and, if there is one, a url") from None
