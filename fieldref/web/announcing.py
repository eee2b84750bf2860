"""Announcements of the day, made by a volunteer in three taps and a time, and taken down by one."""

import hashlib
import secrets
from datetime import datetime, time, timedelta

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref.database import transaction
from fieldref.guide import announcements
from fieldref.guide.announcements import KIND_BY_CODE, KINDS, MOST, TIME, Announcement, AnnouncementRefused
from fieldref.register.records import once_only
from fieldref.web.paths import take_language

announcing = Blueprint("announcing", __name__, url_prefix="/<language:language>")
announcing.url_value_preprocessor(take_language)


@announcing.get("/announce")
def board() -> Response:
    return _board({}, "")


@announcing.post("/announce")
def announce() -> Response:
    """Announce what was chosen, until its end; an end that is not later today is tomorrow's."""
    chosen = {name: request.form.get(name, "")[:10] for name in ("kind", "time", "until")}
    once, folder = request.form.get("once", ""), current_app.config["FOLDER"]
    try:
        new = _announcement(chosen, once)
        # In the register's transaction: of two volunteers at once, one waits.
        once_only(g.register, once, lambda: announcements.announce(folder, new, g.now))
    except AnnouncementRefused:
        full = len(announcements.current(folder, g.now)) >= MOST
        said = gettext("Remove one first: three at once are enough to read.") if full else None
        return _board(chosen, said or gettext("Please choose a sentence, its time, and until when it is shown."))
    return redirect(f"/{g.language.code}/announce", 303)


@announcing.post("/announce/remove", endpoint="remove")
def remove() -> Response:
    with transaction(g.register):
        announcements.remove(current_app.config["FOLDER"], request.form.get("id", ""), g.now)
    return redirect(f"/{g.language.code}/announce", 303)


def _announcement(chosen: dict[str, str], once: str) -> Announcement:
    kind = KIND_BY_CODE.get(chosen["kind"])
    if kind is None or not once or not TIME.fullmatch(chosen["until"]):
        raise AnnouncementRefused("something is not chosen")
    its_id = hashlib.sha256(once.encode()).hexdigest()[:16]
    return Announcement(its_id, kind.code, chosen["time"] if kind.timed else "", _next(chosen["until"]))


def _next(until: str) -> datetime:
    """The next moment at which a clock shows *until*."""
    moment = datetime.combine(g.now.date(), time.fromisoformat(until))
    return moment if moment > g.now else moment + timedelta(days=1)


def _board(chosen: dict[str, str], refused: str) -> Response:
    page = render_template(
        "staff/announce.html",
        shown=announcements.current(current_app.config["FOLDER"], g.now),
        kinds=KINDS,
        most=MOST,
        chosen=chosen,
        refused=refused,
        once=secrets.token_urlsafe(16),
    )
    return make_response(page, 400 if refused else 200)
