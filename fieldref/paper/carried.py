"""What a page of the guide becomes when it leaves the guide: shorter HTML, a card, a few words in a code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from fieldref.guide.pages import Page

# Our own Markdown made this HTML and nh3 cleaned it, so its shapes are known.
LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
LEAD = re.compile(r"<p>(.*?)</p>", re.DOTALL)
STEPS = re.compile(r"<ol.*?</ol>", re.DOTALL)
LIST = re.compile(r"<ul.*?</ul>", re.DOTALL)
WARNING = re.compile(r'<div class="notice risks">(.*?)</div>', re.DOTALL)
SENTENCE = re.compile(r".+?[.!?؟।۔።။](?=\s|$)|.+$", re.DOTALL)
TAG = re.compile(r"(<[^<>]*>)")
QUOTED = re.compile(r"""(\s[a-z-]+)="([^\s"'=<>`&]+)\"""")
# Text that follows one of these is a paragraph without saying so (HTML, 3.2.5.4 "Paragraphs").
NO_P_AFTER = re.compile(r"(</(?:h\d|ul|ol|div)>|<div>)<p>")
# Two signs for one letter of Bengali, and the one sign that Unicode holds to be the same.
ONE_SIGN = {"\u09af\u09bc": "\u09df", "\u09a1\u09bc": "\u09dc", "\u09a2\u09bc": "\u09dd"}
ROUND_BLOCKS = re.compile(r"\s*(</?(?:p|li|ul|ol|h\d|div)\b[^>]*>)\s*")

SHORT = 300  # bytes that a code carries in modules big enough for an old camera


@dataclass(frozen=True)
class Essence:
    """What of a page fits a card: its lead, its first steps under their heading, its warnings; all HTML, no links."""

    lead: Markup
    steps: Markup
    warnings: tuple[Markup, ...]


def anchored(html: str, code: str, anchors: Mapping[str, str]) -> str:
    """Return *html* with its links leading to the *anchors* of their addresses, or as plain words without one."""

    def lead(link: re.Match[str]) -> str:
        anchor = anchors.get(link[1].removeprefix(f"/{code}/").rstrip("/"))
        return f"<a href=#{anchor}>{link[2]}</a>" if anchor else link[2]

    return LINK.sub(lead, html)


def compact(html: str) -> str:
    """Return *html* in fewer bytes, its headings two levels lower: what the file adds around it needs the upper ones.

    The end tags that go are those HTML lets one leave out; a bare <div> is a warning.
    """
    html = (
        re.sub(r"\s+", " ", html).replace('<ol class="steps">', "<ol>").replace('<div class="notice risks">', "<div>")
    )
    html = re.sub(r"(</?)h([23])>", lambda tag: f"{tag[1]}h{int(tag[2]) + 2}>", html)
    html = re.sub(r"(</?)strong>", r"\1b>", html)
    return re.sub(r"</(?:p|li)>", "", ROUND_BLOCKS.sub(r"\1", html))


def lean(html: str, direction: str) -> str:
    """Return a whole page in fewer bytes that a browser shows word for word the same, in *direction* ltr or rtl.

    What goes: line breaks beside tags, quotes that no value needs, <p> where a paragraph begins without it, the
    direction that the page has anyway, and letters written in two signs where one is the same letter.
    """
    html = NO_P_AFTER.sub(r"\1", re.sub(r"(?<=>)\n\s*|\n\s*(?=<)", "", html))
    if direction == "ltr":
        html = re.sub(r"""(<[^<>]*) dir="?ltr"?(?=[ >])""", r"\1", html)
    for two, one in ONE_SIGN.items():
        html = html.replace(two, one)
    return "".join(_tag(part) if part.startswith("<") else _words(part) for part in TAG.split(html))


def _tag(tag: str) -> str:
    return QUOTED.sub(r"\1=\2", tag)


def _words(text: str) -> str:
    return text.replace("&#34;", '"').replace("&#39;", "'")


def essence(page: Page) -> Essence:
    """Return what matters most of *page*. Nothing is cut inside a part: half an advice can say the opposite."""
    html = LINK.sub(r"\2", page.html)
    lead = LEAD.search(html)
    listed = STEPS.search(html) or LIST.search(html)
    steps = ""
    if listed:
        begins = html.rfind("<h2>", 0, listed.start())
        steps = html[begins if begins >= 0 else listed.start() : listed.end()]
    warnings = tuple(Markup(found) for found in WARNING.findall(html))  # noqa: S704 (cleaned when the guide was built)
    return Essence(Markup(lead[1] if lead else ""), Markup(steps), warnings)  # noqa: S704


def plain(html: str) -> str:
    """Return the words of *html* on one line."""
    return Markup(html).striptags()  # noqa: S704 (only to strip)


def message(first: str, words: str, last: str, limit: int = SHORT) -> str:
    """Return three lines for a code of at most *limit* bytes, by leaving out whole sentences of *words*.

    The first sentence always stays, so a very long one goes beyond the limit.
    """
    said = ""
    for sentence in SENTENCE.findall(words):
        longer = f"{said} {sentence.strip()}".strip()
        if said and len("\n".join((first, longer, last)).encode()) > limit:
            break
        said = longer
    return "\n".join((first, said, last))


def position(latitude: float, longitude: float) -> str:
    """Return a place as a phone's map opens it (RFC 5870), to about a metre."""
    return f"geo:{latitude:.5f},{longitude:.5f}"
