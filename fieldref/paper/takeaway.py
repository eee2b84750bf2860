"""The whole guide of one language in one file, which a phone opens from its downloads with no network at all."""

import codecs
import re
import string
import unicodedata
from collections import Counter
from datetime import datetime
from functools import cache, partial
from itertools import product

from markupsafe import Markup

from fieldref.folders import folder
from fieldref.guide.onward import onward
from fieldref.guide.opened import Guide
from fieldref.guide.pages import Page
from fieldref.languages import language
from fieldref.paper import words
from fieldref.paper.carried import LINK, anchored, compact, lean
from fieldref.paper.lasting import WORDS, Lasting, lasting
from fieldref.settings import Settings
from fieldref.vocabulary import NEEDS, SECTIONS, Need

SIGNS = string.digits + string.ascii_letters  # of the names inside the file
LIMIT = 250_000  # bytes: opened at once by an old phone, handed on in a minute by a slow one


def takeaway(guide: Guide, settings: Settings, code: str, now: datetime) -> bytes:
    """Return the file: the guide as it stands *now* in the language *code*, in at most LIMIT bytes.

    Where the guide is larger, days have their short names and the way to a place is told once, where the other services
    there lead; then whole pages stay out and are named: those that are not critical first, of these the ones that
    come last in their section. It is UTF-8, or UTF-16 where that is shorter.
    """
    pages, style = guide.pages(code), _style(code)
    direction = language(code).direction
    made = encoded(lean(shown(guide, settings, code, now, style=style), direction))
    if len(made) <= LIMIT:
        return made
    while True:
        whole = shown(guide, settings, code, now, pages=pages, style=style, once=True)
        made = encoded(lean(whole, direction))
        if len(made) <= LIMIT or not pages:
            return made
        pages = _without(pages, len(made) - LIMIT)


def shown(
    guide: Guide, settings: Settings, code: str, now: datetime, *, pages: list[Page] | None = None,
    style: str = "", sheet: str = "", once: bool = False,
) -> Markup:  # fmt: skip
    """Return the guide as one page of HTML, with its *style* inside or the address of a style *sheet*.

    With *once*, the way to a place stands only with the first service there, and days have their short names.
    """
    chosen = guide.pages(code) if pages is None else pages
    places = lasting(guide, settings, code, now, "abbreviated" if once else "wide")
    needed = [need for need in NEEDS if any(need.code in each.service.needs for each in places)]
    points = onward(guide.next_safe_points(code), settings, now.date())
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
        need_names={need.code: need.name for need in NEEDS},
        places=places,
        points=points,
        told=_told(needed, places) if once else {},
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
    marked = html.replace("<meta charset=utf-8>", "", 1)
    return min(html.encode("utf-8"), codecs.BOM_UTF16_LE + marked.encode("utf-16-le"), key=len)


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
    """What can be led to inside the file: its address in the guide -> its name here, shortest where most is led."""
    led = Counter(link[0].split("/", 2)[-1].rstrip("/") for page in pages for link in LINK.findall(page.html))
    addresses = [
        *(page.address for page in pages),
        *dict.fromkeys(page.section for page in pages),
        *(f"needs/{need.code}" for need in needs),
        "onward",
        *(f"service/{each.service.id}" for each in places),
    ]
    names = ("".join(letters) for length in (1, 2) for letters in product(SIGNS, repeat=length))
    ranked = sorted(addresses, key=lambda address: -led[address])
    return {"emergency": "sos"} | dict(zip(ranked, names, strict=False))


def _told(needs: list[Need], places: tuple[Lasting, ...]) -> dict[str, Lasting]:
    """By place, the service that stands first in the file."""
    listed = [each for need in needs for each in places if each.service.needs[:1] == (need.code,)]
    return {each.service.place.id: each for each in reversed(listed) if each.service.place}


@cache
def _style(code: str) -> str:
    """The style sheet, small; of its rules for single scripts only that of *code*."""
    sheet = re.sub(r"/\*.*?\*/|\n\s*", "", (folder("static") / "takeaway.css").read_text("utf-8"), flags=re.DOTALL)
    sheet = re.sub(
        r"(?:\s*:lang\((\w+)\),?)+(?=\s*\{)", lambda found: "html" if f"({code})" in found[0] else "nil", sheet
    )
    return re.sub(r"\s*([{};,])\s*|(?<=:)\s+", r"\1", sheet).replace(";}", "}")
