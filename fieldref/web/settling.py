"""Records of which several versions came: all of them side by side, and a person keeps one or none."""

from flask import Blueprint, g, make_response, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref.exchange import quarantine
from fieldref.exchange.quarantine import Case, SettlementRefused
from fieldref.vocabulary import SETTLEMENTS
from fieldref.web import branch_access as access
from fieldref.web.paths import take_language

settling = Blueprint("settling", __name__, url_prefix="/<language:language>/quarantine")
settling.url_value_preprocessor(take_language)

MOST = 20  # cases on one page


@settling.get("")
def page() -> Response:
    return _page()


@settling.post("/settle")
def settle() -> Response:
    """Settle one case as it was shown; if another version came meanwhile, it is shown anew and nothing is settled."""
    form = request.form
    keep = form.get("keep", "")
    try:
        case = quarantine.case(g.register, form.get("kind", ""), form.get("key", ""))
    except SettlementRefused:
        return _page(gettext("This is not in quarantine any more."))
    if case.mark != form.get("mark"):
        return _page(gettext("Another version has come meanwhile. Look at all of them again."))
    if keep not in map(str, range(len(case.versions) + 1)):
        return _page(gettext("Please choose which version is right, or none."))
    try:
        quarantine.settle(g.register, case, int(keep), form.get("reason", ""), g.session.number)
    except SettlementRefused:
        return _page(gettext("Please choose why."))
    return access.said_at("quarantine", gettext("Settled. It is open again only if yet another version comes."))


def _page(refused: str = "") -> Response:
    page = render_template(
        "branch/quarantine.html",
        cases=[(case, _rows(case)) for case in quarantine.cases(g.register, most=MOST)],
        settled=quarantine.cases(g.register, settled=True, most=MOST),
        reasons=SETTLEMENTS,
        refused=refused,
        done=g.session.say_once(),
    )
    return make_response(page, 400 if refused else 200)


def _rows(case: Case) -> list[tuple[str, list[str | int], bool]]:
    """Every column with its value in each version, and whether they differ."""
    names = [name for name in case.versions[0].content if name != "id"]
    held = [(name, [version.content.get(name, "") for version in case.versions]) for name in names]
    return [(name, values, len(set(values)) > 1) for name, values in held]
