"""What it is time to ask about: slips of this shift with need and service; those of closed shifts as codes only."""

from datetime import timedelta

from flask import Blueprint, g, render_template

from fieldref.register.codes import printed
from fieldref.register.due import due, follow_up_day
from fieldref.register.expected import expected
from fieldref.web.paths import take_language

follow_up = Blueprint("due", __name__, url_prefix="/<language:language>")
follow_up.url_value_preprocessor(take_language)


@follow_up.get("/due")
def waiting() -> str:
    """The slips to ask about. A code goes on in a form and never in an address."""
    services = g.guide.services(g.language.code)
    today = g.now.date()
    slips = [(each, printed(each.code), services.get(each.service), today - follow_up_day(each) > timedelta(0))
             for each in due(g.register, today)]  # fmt: skip
    listed = [(code, printed(code)) for code in expected(g.register)]
    return render_template("staff/due.html", slips=slips, listed=listed)


def how_many_due() -> int:
    """How many slips wait to be asked about today."""
    return len(due(g.register, g.now.date())) + len(expected(g.register))
