"""One safe-point as its branch knows it: what is missing, its receipt, and its revocation."""

from datetime import date

from flask import Blueprint, abort, g, make_response, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref.exchange import chain, devices, receipt
from fieldref.exchange.chain import SafePointState
from fieldref.web import branch_access as access
from fieldref.web.collecting import newest_edition, troubles
from fieldref.web.paths import take_language

places = Blueprint("places", __name__, url_prefix="/<language:language>/safe-points")
places.url_value_preprocessor(take_language)


@places.get("/<id>")
def one(id: str) -> Response:
    return _page(_state(id))


@places.get("/<id>/receipt")
def its_receipt(id: str) -> Response:
    """The receipt for everything of this safe-point that was merged, as a file for it."""
    state = _state(id)
    answer = make_response(receipt.issue(g.register, access.keys(), state.id))
    answer.mimetype = "application/octet-stream"
    answer.headers["Content-Disposition"] = f'attachment; filename="{state.id}.receipt"'
    return answer


@places.post("/<id>/revoke")
def revoke(id: str) -> Response:
    """Take no more bundles of it, for good; its name is typed, so that no tap does it."""
    state = _state(id)
    if request.form.get("name", "").strip() != state.name:
        return _page(state, gettext("The name is another one. Nothing was changed."))
    devices.revoke(g.register, state.id)
    return access.said_at("", gettext("%(name)s is revoked. The next guide tells all the others.", name=state.name))


def _state(id: str) -> SafePointState:
    for state in chain.safe_points(g.register):
        if state.id == id:
            return state
    abort(404)


def _page(state: SafePointState, refused: str = "") -> Response:
    every = [each for each in devices.devices(g.register) if each.line == state.id and each.last is None]
    page = render_template(
        "branch/safe-point.html",
        state=state,
        day=date.fromisoformat(state.day) if state.day else None,
        troubles=troubles(state),
        newest=newest_edition(),
        figures=every[0].card.fingerprint.split() if every else [],
        refused=refused,
    )
    return make_response(page, 400 if refused else 200)
