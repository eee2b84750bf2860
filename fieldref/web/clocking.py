"""The clock of the box, looked at by a person: yes it is right, or this is the time."""

from datetime import datetime

from flask import Blueprint, g, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref import clock
from fieldref.clock import ClockRefused
from fieldref.vocabulary import N_
from fieldref.web.paths import take_language

clocking = Blueprint("clocking", __name__, url_prefix="/<language:language>")
clocking.url_value_preprocessor(take_language)

WHO = {
    "person": N_("Somebody looked at it and said it is right."),
    "branch": N_("The branch said the time."),
    "network": N_("A time server on the internet sets it."),
    "kept": N_("Somebody said it is right before, and its battery kept it."),
    "": N_("Nobody has said that it is right. Until then no page says what is open now."),
}


@clocking.get("/clock")
def look() -> Response:
    """What the box holds to be the time, and who stands for it."""
    return _page()


@clocking.post("/clock")
def say() -> Response:
    """Take a yes, or another day and time, as the time from now on."""
    if "right" in request.form:
        clock.confirm(clock.now(), sure=True)
        return redirect(f"/{g.language.code}/clock", 303)
    day, time = request.form.get("day", "")[:10], request.form.get("time", "")[:5]
    try:
        said = datetime.strptime(f"{day} {time}", "%Y-%m-%d %H:%M")
        if said.year not in clock.YEARS:
            raise ValueError
    except ValueError:
        return _page(gettext("Please give the day and the time."))
    try:
        clock.confirm(said, sure="sure" in request.form)
    except ClockRefused:
        question = gettext("This box has seen a later day already. Look at the day once more. Is it really this one?")
        return _page(question, said)
    return redirect(f"/{g.language.code}/clock", 303)


def _page(refused: str = "", doubted: datetime | None = None) -> Response:
    state = clock.state()
    page = render_template("staff/clock.html", state=state, who=WHO, refused=refused, doubted=doubted)
    return make_response(page, 400 if refused else 200)
