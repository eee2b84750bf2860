"""A safe-point's card is taken in, its figures are compared, and from then on its bundles are believed."""

from flask import Blueprint, current_app, g, make_response, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref.exchange import devices
from fieldref.exchange import pairing as pairing_of
from fieldref.exchange.cards import Card, CardRefused, read_text
from fieldref.exchange.devices import PairingRefused
from fieldref.web import branch_access as access
from fieldref.web.paths import take_language
from fieldref.web.refusals import CARDS, in_words

pairing = Blueprint("pairing", __name__, url_prefix="/<language:language>/pair")
pairing.url_value_preprocessor(take_language)

LONGEST = 8192  # bytes of a card that are looked at; more is refused as too large


@pairing.get("")
def page() -> Response:
    return _page()


@pairing.post("/look")
def look() -> Response:
    """Show the figures of the card that was sent in or pasted; nothing is paired yet."""
    sent = request.files.get("card")
    text = sent.stream.read(LONGEST) if sent and sent.filename else request.form.get("text", "").encode()[:LONGEST]
    if not text.strip():
        return _page(refused=gettext("Choose the file first."))
    try:
        card = read_text(text.strip(), "device")
    except CardRefused as refusal:
        return _page(refused=in_words(str(refusal), CARDS))
    g.session.card = text.strip()
    return _page(card)


@pairing.post("/yes")
def yes() -> Response:
    """Pair with the card that was shown, once somebody has heard the same figures."""
    text, g.session.card = g.session.card, b""
    try:
        card = read_text(text, "device")
        if card.id != request.form.get("card"):
            return _page(refused=gettext("This is not the card that was shown. Please start again."))
        pairing_of.pair_device_scanned(current_app.config["FOLDER"], text, access.keys())
    except (CardRefused, PairingRefused) as refusal:
        return _page(refused=in_words(str(refusal), CARDS))
    said = gettext("%(name)s is paired. Now it needs this branch's card: it is below.", name=card.name)
    return access.said_at("keys", said)


def _page(card: Card | None = None, refused: str = "") -> Response:
    vouched = card is not None and devices.is_vouched(g.register, card)
    page = render_template("branch/pair.html", card=card, vouched=vouched, refused=refused)
    return make_response(page, 400 if refused else 200)
