"""The help booklet: all help for volunteers in one language, for paper: A5, black on white, one text a sheet."""

from datetime import date
from functools import cache
from itertools import chain

from markupsafe import Markup

from fieldref.folders import folder
from fieldref.guide.help import Help
from fieldref.guide.pages import Page
from fieldref.languages import BY_CODE
from fieldref.paper import words
from fieldref.paper.carried import LINK
from fieldref.settings import Settings


def help_booklet_html(help: Help, settings: Settings, code: str, today: date) -> Markup:
    """Return the help booklet in the language *code* as one <div>, for a page that links static/help_booklet.css.

    A text that has no translation stands in it in English, and says so.
    """
    listed = help.listed(code)
    texts = list(chain.from_iterable(each for _, each in listed))
    return words.render(
        "help_booklet.html",
        code,
        place=settings,
        listed=listed,
        language=BY_CODE[code],
        languages=BY_CODE,
        machine=any(text.translation == "machine" for text in texts),
        draft=any(help.is_draft(text) for text in texts),
        outdated=any(text.outdated for text in texts),
        body=_body,
        today=words.day(today, code),
        checked=lambda text: words.day(text.checked, code),
    )


def help_booklet_file(help: Help, settings: Settings, code: str, today: date) -> str:
    """Return the help booklet as a page of its own, its style inside."""
    made = help_booklet_html(help, settings, code, today)
    return str(
        words.render(
            "help_booklet_file.html", code, booklet=made, language=BY_CODE[code], style=_style(), place=settings
        )
    )


def _body(text: Page) -> Markup:
    """The words of *text* without links, its headings under its title."""
    html = LINK.sub(r"<strong>\2</strong>", text.html)
    return Markup(html.replace("<h2>", "<h3>").replace("</h2>", "</h3>"))  # noqa: S704 (cleaned when it was read)


@cache
def _style() -> Markup:
    return Markup((folder("static") / "help_booklet.css").read_text("utf-8"))  # noqa: S704 (our own file)
