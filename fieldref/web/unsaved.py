"""What a volunteer or manager reads when the disk is full, fails or cannot be written: a sentence, and the form."""

import errno
import sqlite3

from flask import Flask, g, make_response, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref.database import UnsafeDatabase
from fieldref.languages import BY_CODE, SOURCE

FULL = 507  # Insufficient Storage
FAILING = 503


def answer_in_words(app: Flask, template: str = "staff/unsaved.html") -> None:
    """Let *app* answer every trouble of a disk or database in words; nothing of it goes to a log."""
    for trouble in (sqlite3.Error, OSError, UnsafeDatabase):
        app.register_error_handler(trouble, lambda error: _unsaved(error, template))


def _unsaved(error: Exception, template: str) -> Response:
    g.language = BY_CODE.get(request.path.split("/")[1], SOURCE)
    g.guide = None  # it lies on the same disk
    full = _is_full(error)
    said = gettext("The disk of this machine is full.") if full else gettext("This could not be saved.")
    if request.method in ("GET", "HEAD"):
        said = gettext("This did not work.")
    return make_response(render_template(template, said=said, again=_again()), FULL if full else FAILING)


def _again() -> list[tuple[str, str]]:
    """The fields of a form that records, to be sent as they were with their idempotency key; never a PIN.

    That nothing was recorded is not promised: where only the last sync of a commit failed, it was. The key is what
    makes it count once.
    """
    if "token" not in request.form or "once" not in request.form:
        return []
    return list(request.form.items())


def _is_full(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
