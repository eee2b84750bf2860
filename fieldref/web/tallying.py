"""Help that was given here without a referral: one tap a person and kind, and nothing about the person."""

import secrets

from flask import Blueprint, abort, current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response

from fieldref.register.counts import people_today
from fieldref.register.records import Tally, append
from fieldref.register.shift import NoShift
from fieldref.register.withdrawals import withdraw
from fieldref.vocabulary import N_, Term, codes
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
        once=secrets.token_urlsafe(16),
        done=g.session.say_once(),
    )


@tallying.post("/tally")
def count() -> Response:
    """Count one person who had this kind of help."""
    if (kind := request.form.get("kind", "")) not in codes(*KINDS):
        abort(400)
    tally = Tally(step=current_app.config["PLACE"].step, need=kind)
    try:
        if append(g.register, tally, once=request.form.get("once", "")):
            g.session.tallies.append(tally.id)
    except NoShift:
        abort(403)
    g.session.done = "counted"
    return redirect(f"/{g.language.code}/tally", 303)


@tallying.post("/tally/undo")
def undo() -> Response:
    """Take the last count of this session back; once more, the one before it."""
    if g.session.tallies:
        try:
            withdraw(g.register, g.session.tallies[-1])
        except NoShift:
            abort(403)
        g.session.tallies.pop()
    g.session.done = "undone"
    return redirect(f"/{g.language.code}/tally", 303)
