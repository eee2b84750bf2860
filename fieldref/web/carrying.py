"""Bundles on their way to the branch, at the staff door: what waits, and copying to a stick that is in this machine.

Only a stick that the system has mounted can be chosen; no path is taken from a form.
"""

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, current_app, g, make_response, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref import clock
from fieldref.database import Database
from fieldref.exchange import mounts, outbox
from fieldref.exchange.outbox import Kept, OutboxRefused
from fieldref.exchange.stick import StickRefused
from fieldref.web.paths import take_language

carrying = Blueprint("carrying", __name__, url_prefix="/<language:language>/shift")
carrying.url_value_preprocessor(take_language)


@dataclass(frozen=True)
class Carried:
    """What came of copying: `done` when it is safe to remove the stick, `said` in words either way."""

    done: bool
    said: str


@carrying.post("/stick")
def copy() -> Response:
    """Copy every bundle that the branch has not said it has to the stick that was chosen."""
    result = carried(g.register, request.form.get("stick", ""))
    return make_response(render_template("staff/carried.html", carried=result), 200 if result.done else 400)


def carried(register: Database, chosen: str) -> Carried:
    """Copy what waits to the stick whose path is *chosen*, and say what came of it."""
    stick = next((each for each in mounts.sticks() if str(each.path) == chosen), None)
    if stick is None:
        return Carried(False, gettext("This stick is not here any more. Put it in again."))
    kept = outbox.waiting(outbox.bundles(register, _folder()))
    try:
        outbox.export(register, kept, stick.path, clock.today())
    except StickRefused:
        said = gettext(
            "This could not be copied: the stick is full, write-protected, failing or gone. What is here is as it was."
            " Try again, or take another one."
        )
        return Carried(False, said)
    except OutboxRefused:
        said = gettext("On this machine a bundle is gone or damaged. Tell the branch, and delete nothing.")
        return Carried(False, said)
    return Carried(True, gettext("Copied to %(stick)s and read back. It is safe to remove.", stick=stick.name))


def on_the_way(register: Database) -> dict[str, object]:
    """What the shift page shows of it: how many bundles wait, how many for too long, and the sticks there are."""
    kept: list[Kept] = outbox.bundles(register, _folder())
    waiting = outbox.waiting(kept)
    return {
        "waiting": len(waiting),
        "overdue": len(outbox.overdue(kept, clock.today())),
        "sticks": mounts.sticks() if not current_app.config["PRACTICE"] else [],
    }


def _folder() -> Path:
    folder: Path = current_app.config["FOLDER"]
    return folder
