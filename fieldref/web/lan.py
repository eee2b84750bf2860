"""The staff door over TLS, for volunteers' phones: who has not read the card finds nothing behind it.

The card's code opens `/card/<word>`, which leaves the word with the phone as a cookie. A phone without it gets one
sentence, whatever it asks, so somebody else on the Wi-Fi has no PIN to guess at and nobody to lock out.
"""

import hmac
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from fieldref import settings
from fieldref.languages import BY_CODE
from fieldref.paper.qr import own_name
from fieldref.paper.staff_card import StaffCard
from fieldref.refusal import Refusal
from fieldref.register.codes import western_digits
from fieldref.web.certificate import Certificate, certificate
from fieldref.web.language import negotiate

PORT = 8443
COOKIE = "__Host-fieldref_card"
A_SHIFT = 12 * 60 * 60  # seconds that a phone keeps the word; tomorrow the card is read again
WRITTEN = str.maketrans("OIL", "011")

lan = Blueprint("lan", __name__)


@dataclass(frozen=True)
class Lan:
    """Where the staff door is served over TLS: `hosts` are an address in figures and the names it goes by.

    With `coordinator` the passphrase is taken there too, for a box that has no screen of its own.
    """

    hosts: tuple[str, ...]
    port: int
    certificate: Certificate
    coordinator: bool = False

    @property
    def address(self) -> str:
        """What is typed: https://10.42.0.1:8443"""
        return f"https://{self.hosts[0]}" + (f":{self.port}" if self.port != 443 else "")

    @property
    def listens(self) -> tuple[str, int]:
        """The address and port of its own that it listens on, and on no other."""
        return self.hosts[0], self.port

    @property
    def card_address(self) -> str:
        """What the card's code opens."""
        return f"{self.address}/card/{self.certificate.word}"


def hosts_of(folder: Path, host: str) -> tuple[str, ...]:
    """Return *host*, an address in figures, and the name that fieldref.toml gives it, if any.

    Raises Refusal for an address that is none, or is every one of this machine's.
    """
    try:
        if ipaddress.IPv4Address(host).is_unspecified:
            raise ValueError
    except ValueError:
        raise Refusal(f"{host} cannot stand on a card: the staff door needs one address, like 10.42.0.1") from None
    name = own_name(settings.read(folder))
    return (host, name) if name else (host,)


def lan_at(folder: Path, where: str, *, coordinator: bool = False) -> Lan:
    """Return the staff door of *folder* as it is served at *where*, like 10.42.0.1:8443.

    Its certificate is made if there is none yet.
    """
    host, _, port = where.rpartition(":")
    hosts = hosts_of(folder, host)
    return Lan(hosts, int(port), certificate(folder, hosts), coordinator)


def card_of(door: Lan, place: settings.Settings, language: str) -> StaffCard:
    """Return the card that leads a volunteer's phone to *door*."""
    return StaffCard(
        language=language,
        place_name=place.name,
        address=door.card_address,
        rows=door.certificate.rows,
        network=place.network,
    )


def here() -> Lan | None:
    """Where this door is served over TLS; None where it is the one on the machine itself."""
    found: Lan | None = current_app.config["LAN"]
    return found


def ask_for_card() -> WerkzeugResponse | None:
    """Send a phone away that has not read the card, before anything else of it is looked at."""
    door = here()
    if door is None or request.endpoint == "lan.card" or _is_its_word(door, request.cookies.get(COOKIE, "")):
        return None
    return _no_card()


@lan.get("/card/<word>")
def card(word: str) -> WerkzeugResponse:
    """Give the phone that read the card its word to keep; a wrong word gets what no word gets."""
    door = here()
    if door is None:
        return redirect("/", 303)  # at the machine itself nobody needs it
    read = western_digits(word).upper().translate(WRITTEN)
    if not _is_its_word(door, read):
        return _no_card()
    answer = redirect("/", 303)
    # Lax: a camera's app may open the code from another page, and the word alone lets nobody in.
    answer.set_cookie(COOKIE, read, max_age=A_SHIFT, secure=True, httponly=True, samesite="Lax", path="/")
    return answer


def _is_its_word(door: Lan, word: str) -> bool:
    return hmac.compare_digest(word.encode("utf-8", "surrogateescape"), door.certificate.word.encode())


def _no_card() -> WerkzeugResponse:
    wanted = request.path.split("/")[1]
    offered = {each.code for each in g.guide.languages}
    code = wanted if wanted in offered else negotiate(request.headers.get("Accept-Language", ""), offered)
    g.language = BY_CODE[code]
    return make_response(render_template("staff/no-card.html"), 403)
