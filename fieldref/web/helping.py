"""Help for volunteers: a list, one text, all of it on paper, and a text that unfolds where it is needed.

Which text is opened stands in no address: a browser's history would keep "violence" with the minute, beside the
referral of that minute. It is posted, and remembered by the session alone.
"""

import re

from flask import Blueprint, abort, current_app, g, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from fieldref.guide.help import Help, current
from fieldref.guide.pages import Page
from fieldref.languages import BY_CODE
from fieldref.paper.carried import LINK
from fieldref.paper.help_booklet import help_booklet_html
from fieldref.web.paths import take_language

helping = Blueprint("helping", __name__, url_prefix="/<language:language>/help")
helping.url_value_preprocessor(take_language)
HEADING = re.compile(r"(</?h)2>")
BUTTON = r'<button class="inline" name="text" value="\1">\2</button>'


@helping.get("/")
def listed() -> str:
    return render_template("staff/help.html", listed=_help().listed(g.language.code), spoken=_help().languages)


@helping.post("/")
def choose() -> Response:
    """Open a text: the session remembers which."""
    address = request.form.get("text", "")
    if _help().text(g.language.code, address) is None:
        abort(404)
    g.session.help = address
    return redirect(f"/{g.language.code}/help/read", 303)


@helping.get("/read")
def read() -> Response | str:
    """The text that this session opened last."""
    text = _help().text(g.language.code, g.session.help)
    if text is None:
        return redirect(f"/{g.language.code}/help/", 303)
    beside = next(texts for kind, texts in _help().listed(g.language.code) if kind.code == text.section)
    return render_template(
        "staff/help-text.html",
        text=text,
        body=_linked(text),
        written=BY_CODE[text.language],
        draft=_help().is_draft(text),
        beside=[each for each in beside if each is not text],
    )


@helping.get("/print")
def paper() -> str:
    made = help_booklet_html(_help(), current_app.config["PLACE"], g.language.code, g.now.date())
    return render_template("staff/help-print.html", booklet=made, spoken=_help().languages)


@helping.app_context_processor
def _within_reach() -> dict[str, object]:
    return {"help_text": unfolded}


def unfolded(address: str) -> tuple[Page, Markup] | None:
    """The text at *address* to stand inside another page: without links, its headings one level lower."""
    text = _help().text(g.language.code, address)
    return (text, Markup(HEADING.sub(r"\g<1>3>", LINK.sub(r"<strong>\2</strong>", text.html)))) if text else None  # noqa: S704


def _linked(text: Page) -> Markup:
    """Its words; a link to another text posts, as the list does."""
    here = re.escape(f"/{text.language}/")
    return Markup(re.sub(f'<a href="{here}([^"]*)">(.*?)</a>', BUTTON, text.html, flags=re.DOTALL))  # noqa: S704


def _help() -> Help:
    """The help as it is at this request."""
    if "help" not in g:
        g.help = current(current_app.config["FOLDER"])
    found: Help = g.help
    return found
