"""The booklet: the pages to have on paper when the battery is empty, and whom to call, on A6 sheets."""

from datetime import datetime
from functools import partial
from itertools import chain

from markupsafe import Markup

from fieldref.guide.opened import Guide
from fieldref.guide.pages import Page
from fieldref.languages import language
from fieldref.paper import words
from fieldref.paper.carried import LINK
from fieldref.paper.lasting import WORDS, lasting
from fieldref.settings import Settings

# So many pages of a section: a booklet that somebody can fold and staple, and one first flight to a phone.
FIRST = {"risks": 3, "rights": 2}


def booklet_html(guide: Guide, settings: Settings, code: str, now: datetime) -> Markup:
    """Return the booklet in the language *code* as one <div>, for a page that links static/keep.css."""
    places = lasting(guide, settings, code, now)
    pages = chosen(guide, settings, code)
    return words.render(
        "booklet.html",
        code,
        language=language(code),
        place=settings,
        guide=guide,
        today=words.day(now.date(), code),
        day=partial(words.day, code=code),
        pages=pages,
        machine=any(page.translation == "machine" for page in pages),
        text=_text,
        places=[each for each in places if any(phone.dial for phone in each.service.phones)],
        **WORDS,
    )


def _text(page: Page) -> Markup:
    """The page's words without links, its headings under the title of the page."""
    html = LINK.sub(r"\2", page.html)
    return Markup(html.replace("<h2>", "<h3>").replace("</h2>", "</h3>"))  # noqa: S704 (cleaned when it was built)


def chosen(guide: Guide, settings: Settings, code: str) -> list[Page]:
    """Return the pages of the booklet: the journey's step here, then the first critical ones of risks and rights."""
    here = [page for page in guide.pages(code, section="journey") if page.icon == settings.step]
    critical = [page for page in guide.pages(code) if page.critical]
    first = [[page for page in critical if page.section == name][:number] for name, number in FIRST.items()]
    return [*here, *chain.from_iterable(first)]
