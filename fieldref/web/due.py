"""What it is time to ask about: slips of this shift whose follow-up day has come, as codes, needs and services."""

from datetime import timedelta

from flask import Blueprint, g, render_template

from fieldref.register.codes import printed
from fieldref.register.due import due, follow_up_day
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
    return render_template("staff/due.html", slips=slips)


def how_many_due() -> int:
    """How many slips wait to be asked about today."""
    return len(due(g.register, g.now.date()))
