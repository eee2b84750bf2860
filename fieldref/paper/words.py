"""Words and dates in the reader's language, and the templates they stand in, without a web server.

A safe-point prints for a person whose language is not the volunteer's, so the language is always given and
never taken from a request. Words that a language does not have yet are in English.
"""

import datetime
import re
from functools import cache, partial

from babel.dates import format_date
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from fieldref.folders import folder
from fieldref.icons import icon
from fieldref.languages import language
from fieldref.paper.pictures import picture

# Hours, phone numbers, dates: what a right-to-left line would otherwise show back to front.
FIGURES = re.compile(r"\+?\d+(?:(?: ?[–-] ?|[ :./])\d+)+")


@cache
def environment(code: str) -> Environment:
    """Return the templates, speaking the language *code*. KeyError if there is no such language."""
    templates = Environment(
        loader=FileSystemLoader(folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    catalog = Translations.load(folder("translations"), [language(code).locale])
    templates.install_gettext_translations(catalog, newstyle=True)  # type: ignore[attr-defined]  # the extension's
    templates.globals["icon"] = partial(icon, pen=True)
    templates.globals["said"] = catalog.gettext
    templates.globals["picture"] = picture
    templates.filters["figures"] = figures
    return templates


def render(template: str, code: str, **values: object) -> Markup:
    """Return templates/paper/*template* in the language *code*, the words and `values` escaped."""
    return Markup(environment(code).get_template(f"paper/{template}").render(values))  # noqa: S704 (autoescaped)


def said(text: str, code: str) -> str:
    """Return *text*, which the interface knows in English, in the language *code*."""
    found: str = environment(code).globals["said"](text)  # type: ignore[operator]  # gettext of its catalog
    return found


def day(date: datetime.date, code: str) -> str:
    """Return *date* as it is written in the language *code*, the month in words and the digits Latin."""
    return format_date(date, "long", locale=language(code).locale)


def figures(text: str) -> Markup:
    """Return *text* escaped, with hours, phone numbers and dates held together from left to right.

    What is Markup already has been thought about, and stays as it is.
    """
    if isinstance(text, Markup):
        return text
    return Markup(FIGURES.sub(r'<bdi dir="ltr">\g<0></bdi>', str(escape(text))))  # noqa: S704 (escaped here)


@cache
def style(name: str = "paper.css") -> Markup:
    """The style sheet *name*, to stand inside a page that has nothing beside it."""
    return Markup((folder("static") / name).read_text("utf-8"))  # noqa: S704 (our own file)
