"""The shift and its people at the door: the coordinator's passphrase opens, lets in and closes.

A volunteer's session never becomes a coordinator's: that takes the passphrase, each time.
"""

from pathlib import Path

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref import clock
from fieldref.exchange.bundle import CloseRefused, close_shift
from fieldref.exchange.due import bring
from fieldref.exchange.pairing import NotPaired, paired_branch
from fieldref.paper.staff_card import staff_card_html
from fieldref.refusal import Refusal
from fieldref.register import shift
from fieldref.register.access import COORDINATOR, FIRST, AccessRefused, add_volunteer, disable, volunteers
from fieldref.register.counts import to_be_sealed
from fieldref.register.passphrase import PassphraseRefused
from fieldref.web import access, coded
from fieldref.web.carrying import carried, on_the_way
from fieldref.web.lan import card_of, here, lan_at
from fieldref.web.paths import take_language
from fieldref.web.patience import TooSoon

shifting = Blueprint("shifting", __name__, url_prefix="/<language:language>/shift")
shifting.url_value_preprocessor(take_language)

LONGEST = 400  # characters of a passphrase that are looked at


@shifting.post("/open")
def open_now() -> Response:
    """Open the shift, and be in it as its coordinator; the first volunteer's PIN is shown once."""
    try:
        with access.one_try():
            pin = shift.open_shift(_folder(), _passphrase(), clock_trusted="clock" in request.form)
            bring(_folder(), _passphrase())
        if "clock" in request.form:
            clock.confirm(clock.now(), sure=True)
    except Refusal as refusal:
        return _sign_in(refusal)
    return _come_in((FIRST, pin))


@shifting.post("/sign-in")
def sign_in() -> Response:
    """Be in the open shift as its coordinator."""
    try:
        shift.require(g.register)
        with access.one_try():
            shift.check_passphrase(_folder(), _passphrase())
    except Refusal as refusal:
        return _sign_in(refusal)
    return _come_in(None)


@shifting.get("")
def page() -> Response:
    """What the coordinator sees: who may come in, and what closing would seal."""
    answer = _page("")
    g.session.new_pin = None
    return answer


@shifting.post("/volunteers")
def add() -> Response:
    """Let one more volunteer in. The PIN waits in the session until the page has shown it, once."""
    try:
        g.session.new_pin = add_volunteer(g.register)
    except AccessRefused:
        return _page(gettext("There are 99 volunteers in this shift already."))
    return redirect(f"/{g.language.code}/shift", 303)


@shifting.post("/volunteers/disable")
def shut_out() -> Response:
    """Let this volunteer in no more; a session that runs ends with its next tap."""
    number = request.form.get("number", "")
    if number.isascii() and number.isdecimal() and len(number) <= len("99"):
        disable(g.register, int(number))
    return redirect(f"/{g.language.code}/shift", 303)


@shifting.post("/close")
def close() -> Response:
    """Seal what was recorded and forget it. Afterwards nobody is signed in, so this answer is the only report."""
    if current_app.config["PRACTICE"]:
        return _page(gettext("This is practice. Nothing of it is ever sealed or sent."))
    try:
        with access.one_try():
            closed = close_shift(_folder(), _passphrase())
    except Refusal as refusal:
        return _page(_in_words(refusal))
    g.session = g.shift = None
    stick = request.form.get("stick", "")
    result = carried(g.register, stick) if stick else None
    page = render_template("staff/closed.html", closed=closed, counts=_counts(closed.counts), carried=result)
    answer = make_response(page)
    access.end(answer)
    return answer


@shifting.get("/card")
def card() -> str:
    """The card that leads a volunteer's phone here, in the coordinator's language; or that phones have no way."""
    beside = current_app.config["BESIDE"]
    door = here() or (lan_at(_folder(), beside) if beside else None)
    made = staff_card_html(card_of(door, current_app.config["PLACE"], g.language.code)) if door else ""
    return render_template("staff/card.html", card=made)


def _come_in(new_pin: tuple[int, str] | None) -> Response:
    answer = redirect(f"/{g.language.code}/shift", 303)
    g.shift = shift.current(g.register)
    access.begin(answer, COORDINATOR).new_pin = new_pin
    return answer


def _page(refused: str) -> Response:
    page = render_template(
        "staff/shift.html",
        refused=refused,
        volunteers=volunteers(g.register),
        new_pin=g.session.new_pin,
        counts=_counts(to_be_sealed(g.register)),
        branch=_branch(),
        carrying=on_the_way(g.register),
        wrong=access.wrong_passphrases(),
    )
    return make_response(page, 400 if refused else 200)


def _sign_in(refusal: Refusal) -> Response:
    g.shift = shift.current(g.register)
    if isinstance(refusal, TooSoon):
        return access.wait_page(refusal)
    return access.sign_in_page(_in_words(refusal))


def _branch() -> str:
    """The name of the branch that this safe-point seals to; nothing where there is none that can be read."""
    try:
        branch = paired_branch(_folder())
    except Refusal:
        return ""
    return branch.name


def _counts(found: dict[str, int]) -> list[tuple[str, int]]:
    return [(name, found[table]) for table, name in coded.KINDS.items() if table in found]


def _in_words(refusal: Refusal) -> str:
    if isinstance(refusal, TooSoon):
        return access.wait_words(refusal)
    sentences: dict[type[Refusal], str] = {
        PassphraseRefused: gettext("The passphrase is not right. Nothing was changed."),
        shift.ShiftOpen: gettext("A shift is open already. Sign in with its PIN or the passphrase."),
        shift.NoShift: gettext("No shift is open."),
        NotPaired: gettext("There is no branch yet that could read the records. The shift stays open. Pair first."),
        shift.Revoked: gettext(
            "The branch revoked this safe-point and takes no more bundles from it. No shift is opened. Ask the branch."
        ),
        CloseRefused: gettext("The shift was not closed. It is open as it was, with every record."),
    }
    other: str = gettext("This did not work. Nothing was changed. Ask who set this machine up.")
    return sentences.get(type(refusal), other)


def _passphrase() -> str:
    return request.form.get("passphrase", "")[:LONGEST].strip()


def _folder() -> Path:
    folder: Path = current_app.config["FOLDER"]
    return folder
