"""The guide that is served, for the coordinator: which it is, the branch's next one as a file, and the way back."""

import tempfile
from datetime import date
from pathlib import Path
from typing import IO

from flask import Blueprint, Request, current_app, make_response, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from fieldref.exchange import taking
from fieldref.exchange.pairing import NotPaired
from fieldref.exchange.taking import OlderPack, Standing, Taken
from fieldref.guide import packfile, packs
from fieldref.guide.packfile import PackRefused
from fieldref.refusal import Refusal
from fieldref.web.paths import take_language

guiding = Blueprint("guiding", __name__, url_prefix="/<language:language>/guide")
guiding.url_value_preprocessor(take_language)

# Bytes of a form with a pack in it.
LARGEST = packfile.LARGEST + 2 * packfile.LARGEST_HEADER
TAKE = "guiding.take"
ROUTES = frozenset({"guiding.page", TAKE, "guiding.back"})


class PackRequest(Request):
    """A request whose file goes to the disk that the pack is for, not to the memory or wherever temporary files lie."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self.endpoint != TAKE:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        room = _folder() / packs.FOLDER
        room.mkdir(exist_ok=True)
        return tempfile.TemporaryFile(dir=room)  # without a name: gone with the request, or with the power


@guiding.get("")
def page() -> Response:
    return _page()


@guiding.post("/take")
def take() -> Response:
    """Take the pack that was sent in; whatever is wrong with it, the guide of before is served on."""
    sent = request.files.get("pack")
    if sent is None or not sent.filename:
        return _page(refused=gettext("Choose the file first."))
    try:
        return _page(done=_take(sent))
    except Refusal as refusal:
        return _page(refused=_in_words(refusal))


@guiding.post("/back")
def back() -> Response:
    """Serve the other guide that is kept."""
    try:
        return _page(done=taking.back(_folder()))
    except Refusal as refusal:
        return _page(refused=_in_words(refusal))


def _take(sent: FileStorage) -> Taken:
    return taking.take_from(_folder(), sent.stream, older="older" in request.form)


def _page(done: Taken | None = None, refused: str = "") -> Response:
    found: Standing = taking.standing(_folder())
    answer = render_template(
        "staff/guide.html",
        standing=found,
        served_day=_day(found.day),
        other_day=_day(found.other_day),
        done=done,
        refused=refused,
    )
    return make_response(answer, 400 if refused else 200)


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def _in_words(refusal: Refusal) -> str:
    if isinstance(refusal, NotPaired):
        return str(gettext("This safe-point has no branch yet, so nobody can sign a guide for it. Pair first."))
    if isinstance(refusal, OlderPack):
        return str(gettext("This guide is not newer than the one that is shown. Tick the box to take it all the same."))
    sentences = {
        "not a pack": gettext("This is no guide from a branch. Its name ends in .pack."),
        "newer": gettext("A newer fieldref made this file. Update this machine first."),
        "other branch": gettext("This file is not from your branch. Nothing was changed."),
        "damaged": gettext("This file is damaged or was cut short. Copy it again."),
        "cannot be shown": gettext("This guide cannot be shown. The one of before stays. Tell your branch."),
    }
    other = gettext("This did not work. Nothing was changed. Ask who set this machine up.")
    return str(sentences.get(refusal.kind, other) if isinstance(refusal, PackRefused) else other)


def _folder() -> Path:
    folder: Path = current_app.config["FOLDER"]
    return folder
