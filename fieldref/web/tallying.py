"""Help that was given here without a referral, and people for whom there was none: one tap each, nothing about them."""

import secrets

from flask import Blueprint, abort, current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response

from fieldref.register.counts import people_today, turned_away_today
from fieldref.register.records import Tally, TurnedAway, append
from fieldref.register.shift import NoShift
from fieldref.register.withdrawals import is_withdrawn, withdraw
from fieldref.vocabulary import N_, NEEDS, REASONS, UNSAID, Term, codes
from fieldref.web.access import done_at_home
from fieldref.web.paths import take_language

tallying = Blueprint("tallying", __name__, url_prefix="/<language:language>")
tallying.url_value_preprocessor(take_language)

# What a safe-point gives, by the need that it answers.
KINDS = (
    Term("food", N_("Meals")),
    Term("wash", N_("Water")),
    Term("non_food_items", N_("Kits")),
    Term("health_physical", N_("First aid")),
    Term("family", N_("Phone calls")),
    Term("practical_information", N_("People informed")),
    Term("shelter", N_("Rest")),
)


@tallying.get("/tally")
def tallies() -> str:
    """The kinds of help, with how many people had each today."""
    return render_template(
        "staff/tally.html",
        kinds=KINDS,
        today=people_today(g.register),
        needs=NEEDS,
        reasons=(*REASONS, UNSAID),
        turned_away=turned_away_today(g.register),
        once=secrets.token_urlsafe(16),
        done=g.session.say_once(),
    )


@tallying.post("/tally")
def count() -> Response:
    """Count one person who had this kind of help."""
    if (kind := request.form.get("kind", "")) not in codes(*KINDS):
        abort(400)
    _append(Tally(step=current_app.config["PLACE"].step, need=kind))
    g.session.done = "counted"
    return redirect(f"/{g.language.code}/tally", 303)


@tallying.post("/turned-away")
def turn_away() -> Response:
    """Count one person for whom there was nothing today, and why: the evidence of what is missing here."""
    need, reason = request.form.get("need", ""), request.form.get("reason", UNSAID.code)
    if need not in codes(*NEEDS) or reason not in codes(*REASONS, UNSAID):
        abort(400)
    _append(TurnedAway(step=current_app.config["PLACE"].step, need=need, reason=reason))
    if request.form.get("at") == "tally":
        g.session.done = "counted"
        return redirect(f"/{g.language.code}/tally#nothing", 303)
    g.session.need = ""
    return done_at_home("turned_away")


def _append(record: Tally | TurnedAway) -> None:
    """Record it once for its form; it can be undone."""
    try:
        if append(g.register, record, once=request.form.get("once", "")):
            g.session.tallies.append(record.id)
    except NoShift:
        abort(403)


@tallying.post("/tally/undo")
def undo() -> Response:
    """Take the last count of this session back; once more, the one before it. The same tap takes back one."""
    if tallies := g.session.tallies:
        try:
            withdraw(g.register, tallies[-1], once=request.form.get("once", ""))
        except NoShift:
            abort(403)
        g.session.tallies = [each for each in tallies if not is_withdrawn(g.register, each)]
    g.session.done = "undone"
    return redirect(f"/{g.language.code}/tally", 303)
