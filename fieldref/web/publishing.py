"""The branch's guide: what is wrong with it, its services as a workbook, and the signed file for the safe-points."""

from collections import Counter
from itertools import groupby
from pathlib import Path

from flask import Blueprint, abort, current_app, g, make_response, render_template, request, send_file
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref.exchange import beside
from fieldref.exchange import publishing as publishing_of
from fieldref.guide import checks, directory, packages, packs, spreadsheet, tables, workbook
from fieldref.guide.checks import KINDS, Finding
from fieldref.guide.spreadsheet import Mistake
from fieldref.refusal import Refusal
from fieldref.web import branch_access as access
from fieldref.web.incoming import paths_of
from fieldref.web.paths import take_language
from fieldref.web.refusals import GUIDES, in_words

publishing = Blueprint("publishing", __name__, url_prefix="/<language:language>/guide")
publishing.url_value_preprocessor(take_language)

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_MISTAKES = 100
MOST_FINDINGS = 20  # of one kind


@publishing.get("")
def page() -> Response:
    (made, along), g.session.published = g.session.published, (None, {})
    return _page(done=g.session.say_once(), made=made, along=along)


@publishing.get("/services.xlsx")
def sheet() -> Response:
    """The services as one workbook, empty where there are only invented ones."""
    where, sample = directory.folder_of(_folder())
    files = {} if sample else packages.without_places(tables.read_files(where))[0]
    answer = make_response(workbook.written(tables.read_tables(files, [])))
    answer.mimetype = SHEET
    answer.headers["Content-Disposition"] = 'attachment; filename="services.xlsx"'
    return answer


@publishing.post("/take-workbook")
def take_workbook() -> Response:
    """Take the services of a workbook in place of those that were there: all rows or none."""
    sent = paths_of("workbook", request)
    if not sent:
        return _page(refused=gettext("Choose the file first."))
    try:
        come, doubts = spreadsheet.open_workbook(sent[0][1])
    except spreadsheet.WorkbookRefused as refusal:
        said = gettext("The workbook was not taken. Nothing was changed. Mend it and take it once more.")
        return _page(refused=said, mistakes=refusal.mistakes or (Mistake("", str(refusal)),))
    except Refusal as refusal:
        return _page(refused=in_words(str(refusal), ()))
    packages.take_in(come, _folder())
    number = len(come.directory.services)
    return _page(done=gettext("Services taken: %(number)s", number=number), mistakes=doubts)


@publishing.post("/publish")
def publish() -> Response:
    """Check, sign and number the guide, with all that travels along; the file is offered then."""
    today = g.now.date()
    try:
        along = beside.of_branch(g.register, access.keys(), today)
        made = publishing_of.publish(
            _folder(), access.keys(), today, anyway="anyway" in request.form, beside=along
        )  # fmt: skip
    except Refusal as refusal:
        return _page(refused=in_words(str(refusal), GUIDES), anyway=True)
    kinds = Counter(name.partition("-")[0] for name in along)
    g.session.published = (made, {"receipt": kinds["receipt"], "due": kinds["due"]})
    return access.said_at("guide", gettext("Published: number %(number)s.", number=made.edition))


@publishing.get("/pack/<int:edition>")
def pack(edition: int) -> Response:
    """The signed file of this *edition*, as long as it is kept."""
    path = packs.kept(_folder()).get(edition) or abort(404)
    return send_file(path.resolve(), "application/octet-stream", as_attachment=True, download_name=path.name)


def _page(
    refused: str = "",
    done: str = "",
    mistakes: tuple[Mistake, ...] = (),
    made: publishing_of.Published | None = None,
    along: dict[str, int] | None = None,
    anyway: bool = False,
) -> Response:
    findings = checks.check(_folder(), g.now.date())
    grouped: list[tuple[str, list[Finding]]] = [
        (kind, list(group)) for kind, group in groupby(findings, lambda finding: finding.kind)
    ]
    page = render_template(
        "branch/guide.html",
        findings=[(KINDS[kind][1], found[0].weight, len(found), found[:MOST_FINDINGS]) for kind, found in grouped],
        errors=sum(each.weight == "error" for each in findings),
        warnings=sum(each.weight == "warning" for each in findings),
        sample=directory.folder_of(_folder())[1],
        kept=list(reversed(packs.kept(_folder()))),
        refused=refused,
        done=done,
        mistakes=mistakes[:MOST_MISTAKES],
        made=made,
        along=along or {},
        anyway=anyway,
    )
    return make_response(page, 400 if refused else 200)


def _folder() -> Path:
    folder: Path = current_app.config["FOLDER"]
    return folder
