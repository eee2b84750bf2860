"""The branch's keys: its card for the safe-points, and the paper that brings the branch back."""

from flask import Blueprint, current_app, g, make_response, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref.exchange import backup
from fieldref.exchange.cards import read_card, scanned
from fieldref.exchange.keys import BRANCH_CARD
from fieldref.paper import qr
from fieldref.paper.sheets import BACKUP_MM, COPIES
from fieldref.web import branch_access as access
from fieldref.web.paths import take_language
from fieldref.web.patience import TooSoon

keyring = Blueprint("keyring", __name__, url_prefix="/<language:language>/keys")
keyring.url_value_preprocessor(take_language)


@keyring.get("")
def page() -> Response:
    return _page()


@keyring.get("/branch.card")
def card() -> Response:
    """The branch's card, as the file a safe-point takes."""
    answer = make_response((current_app.config["FOLDER"] / BRANCH_CARD).read_bytes())
    answer.mimetype = "application/octet-stream"
    answer.headers["Content-Disposition"] = 'attachment; filename="branch.card"'
    return answer


@keyring.post("/paper")
def paper() -> Response:
    """The two sheets of the paper backup, to be printed at once; the passphrase is asked for once more."""
    try:
        right = access.typed_right(request.form.get("passphrase", ""))
    except TooSoon as wait:
        return _page(access.wait_words(wait), 429)
    if not right:
        return _page(gettext("The passphrase is not right. Nothing was changed."), 403)
    its = access.keys()
    page = render_template(
        "branch/paper.html",
        name=its.card.name,
        figures=its.card.fingerprint.split(),
        lines=backup.lines(its.secret),
        drawing=qr.svg(backup.scanned(its.secret), error="M", label=its.card.name, code_mm=BACKUP_MM),
        copies=COPIES,
        printed=g.now.date().isoformat(),
    )
    return make_response(page)


def _page(refused: str = "", status: int = 400) -> Response:
    path = current_app.config["FOLDER"] / BRANCH_CARD
    own = read_card(path, "branch")
    page = render_template(
        "branch/keys.html",
        card=own,
        figures=own.fingerprint.split(),
        drawing=qr.svg(scanned(path.read_bytes()), error="M", label=own.name),
        refused=refused,
        done=g.session.say_once(),
    )
    return make_response(page, status if refused else 200)
