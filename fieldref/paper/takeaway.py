"""The whole guide of one language in one file, which a phone opens from its downloads with no network at all."""

import codecs
import re
import unicodedata
from collections import Counter
from datetime import datetime
from functools import cache, partial

from markupsafe import Markup

from fieldref.folders import folder
from fieldref.guide.opened import Guide
from fieldref.guide.pages import Page
from fieldref.languages import language
from fieldref.paper import words
from fieldref.paper.carried import anchored, compact
from fieldref.paper.lasting import WORDS, Lasting, lasting
from fieldref.settings import Settings
from fieldref.vocabulary import NEEDS, SECTIONS, Need

LIMIT = 250_000  # bytes: opened at once by an old phone, handed on in a minute by a slow one


def takeaway(guide: Guide, settings: Settings, code: str, now: datetime) -> bytes:
    """Return the file: the guide as it stands *now* in the language *code*, in at most LIMIT bytes.

    Where the guide is larger, whole pages stay out and are named: those that are not critical first, of these
    the ones that come last in their section. It is UTF-8, or UTF-16 where that is shorter.
    """
    pages = guide.pages(code)
    while True:
        made = encoded(shown(guide, settings, code, now, pages=pages, style=_style()))
        if len(made) <= LIMIT or not pages:
            return made
        pages = _without(pages, len(made) - LIMIT)


def shown(
    guide: Guide, settings: Settings, code: str, now: datetime, *, pages: list[Page] | None = None,
    style: str = "", sheet: str = "",
) -> Markup:  # fmt: skip
    """Return the guide as one page of HTML, with its *style* inside or the address of a style *sheet*."""
    chosen = guide.pages(code) if pages is None else pages
    places = lasting(guide, settings, code, now)
    needed = [need for need in NEEDS if any(need.code in each.service.needs for each in places)]
    anchors = _anchors(chosen, needed, places)
    return words.render(
        "takeaway.html",
        code,
        language=language(code),
        place=settings,
        guide=guide,
        today=now.date(),
        day=partial(words.day, code=code),
        sections=SECTIONS,
        pages=chosen,
        missing=[page for page in guide.pages(code) if page.address not in anchors],
        anchors=anchors,
        text=lambda page: Markup(compact(anchored(page.html, code, anchors))),  # noqa: S704 (cleaned when built)
        needs=needed,
        places=places,
        checked=Counter(page.checked for page in guide.pages(code)).most_common(1)[0][0],
        machine=any(page.translation == "machine" for page in chosen),
        style=Markup(style),  # noqa: S704 (our own file)
        sheet=sheet,
        **WORDS,
    )


def encoded(html: str) -> bytes:
    """Return *html* in the shorter of two encodings that every browser tells apart by itself.

    Letters of Bengali, Burmese and Ethiopic take three bytes each in UTF-8 and two in UTF-16; the mark at the
    beginning of the latter counts for more than what the file or a server says (HTML, "BOM sniffing").
    """
    return min(html.encode("utf-8"), codecs.BOM_UTF16_LE + html.encode("utf-16-le"), key=len)


def file_name(settings: Settings, code: str, ending: str) -> str:
    """Return a name that every phone can store: fieldref-port-miralo-ar.html."""
    plain = unicodedata.normalize("NFKD", settings.name).encode("ascii", "ignore").decode().lower()
    return "-".join(["fieldref", *re.findall("[a-z0-9]+", plain)[:6], code]) + f".{ending}"


def _without(pages: list[Page], over: int) -> list[Page]:
    """Leave out the least needed of *pages* until at least *over* bytes are gone."""
    left = sorted(pages, key=lambda page: (page.critical, -page.order))
    while left and over > 0:
        over -= len(encoded(left.pop(0).html))
    return [page for page in pages if page in left]


def _anchors(pages: list[Page], needs: list[Need], places: tuple[Lasting, ...]) -> dict[str, str]:
    """What can be led to inside the file: its address in the guide -> its short name here."""
    anchors = {"emergency": "sos"} | {page.section: page.section for page in pages}
    anchors |= {page.address: f"p{number}" for number, page in enumerate(pages)}
    anchors |= {f"needs/{need.code}": f"n{number}" for number, need in enumerate(needs)}
    return anchors | {f"service/{each.service.id}": f"s{number}" for number, each in enumerate(places)}


@cache
def _style() -> str:
    return re.sub(r"/\*.*?\*/|\n\s*", "", (folder("static") / "takeaway.css").read_text("utf-8"), flags=re.DOTALL)
