"""What a branch manager should know of the pages, and of the help for volunteers, before people read them."""

import gzip
import re
from collections.abc import Iterator
from datetime import timedelta

from fieldref.guide import addresses
from fieldref.guide.findings import Finding, Material, finding
from fieldref.guide.help import KINDS
from fieldref.guide.pages import Page
from fieldref.languages import BY_CODE, SOURCE
from fieldref.vocabulary import codes

WORDS = {SOURCE.code: 300}
WORDS_ELSEWHERE = 400  # most languages need more words than English for the same
# Of the 14,000 bytes that a first screen may have, packed, the style and the frame around the text need the rest.
BYTES = 3_000
CHECKED_EVERY = timedelta(days=365)
LINK = re.compile(r'href="([^"]*)"')


def unreadable(material: Material) -> Iterator[Finding]:
    """Files that could not become pages."""
    yield from (finding("page", "pages", str(error)) for error in material.page_errors)
    yield from (finding("page", "help", str(error)) for error in material.help_errors)


def links(material: Material) -> Iterator[Finding]:
    """Links in a text that lead to no page, or out of the guide."""
    known = _known(material)
    for page in material.pages:
        for target in dict.fromkeys(LINK.findall(page.html)):
            if target == "#":
                yield finding("link", _file(page), "a link leads out of the guide, where nobody here can follow it")
            elif not known.leads(target):
                where = target.removeprefix(f"/{page.language}")
                yield finding("link", _file(page), f"a link leads to {where}, which is not there")


def links_in_help(material: Material) -> Iterator[Finding]:
    """Links in a text of the help that lead to no other text of it."""
    known = {f"/{text.language}/{text.address}" for text in material.help}
    for text in material.help:
        for target in dict.fromkeys(LINK.findall(text.html)):
            if target not in known:
                yield finding("link", _file(text), f"a link leads to {target}, which is no text of the help")


def printed(material: Material) -> Iterator[Finding]:
    """Addresses that stand on paper and open nothing any more."""
    known = _known(material)
    for address in material.printed:
        if not known.leads(address):
            sentence = f"{address} was printed; whoever opens it finds nothing (bring the page back, or hang new paper)"
            yield finding("address", addresses.FILE_NAME, sentence)


def missing(material: Material) -> Iterator[Finding]:
    """Pages that a language of the safe-point does not have, and help that one of the volunteers' does not have.

    Volunteers need not speak all that visitors read: theirs are the languages that have some help.
    """
    written = {(page.address, page.language) for page in _all(material)}
    spoken = sorted({text.language for text in material.help})
    for page in _all(material):
        wanted = spoken if _is_help(page) else material.languages
        lacking = [code for code in wanted if (page.address, code) not in written]
        if page.language == SOURCE.code and lacking:
            names = ", ".join(BY_CODE[code].english if code in BY_CODE else code for code in lacking)
            yield finding("page_missing", _where(page), f"“{page.title}” is missing in {names}")


def outdated(material: Material) -> Iterator[Finding]:
    """Translations of an older source."""
    for page in _all(material):
        if page.outdated:
            sentence = f"it follows revision {page.source_rev} of a source that is at {page.revision}"
            yield finding("page_outdated", _file(page), sentence)


def long(material: Material) -> Iterator[Finding]:
    """Texts with more words than a frightened person reads, or more bytes than come at once."""
    for page in _all(material):
        limit, count = WORDS.get(page.language, WORDS_ELSEWHERE), len(page.words.split())
        if count > limit:
            yield finding("page_long", _file(page), f"it has {count} words; at most {limit} are read")
        packed = len(gzip.compress(page.html.encode(), 9))
        if packed > BYTES and not _is_help(page):
            yield finding("page_long", _file(page), f"it has {packed} bytes, packed; at most {BYTES} come at once")


def recordings(material: Material) -> Iterator[Finding]:
    """Recordings that nobody will hear."""
    return (finding("recording", "pages", str(error)) for error in material.recording_errors)


def old(material: Material) -> Iterator[Finding]:
    """Texts whose facts nobody has looked up for a year."""
    for page in _all(material):
        if page.language == SOURCE.code and page.checked + CHECKED_EVERY < material.today:
            yield finding("page_old", _file(page), f"its facts were last checked on {page.checked}")


def _known(material: Material) -> addresses.Known:
    return addresses.known(material.pages, material.directory.services)


def _all(material: Material) -> tuple[Page, ...]:
    return (*material.pages, *material.help)


def _is_help(page: Page) -> bool:
    return page.section in codes(*KINDS)


def _where(page: Page) -> str:
    return f"help/{page.address}" if _is_help(page) else page.address


def _file(page: Page) -> str:
    return f"{_where(page)}/{page.language}.md"


CHECKS = (unreadable, links, links_in_help, printed, missing, outdated, long, recordings, old)
