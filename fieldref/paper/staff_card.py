"""The staff card: how a volunteer's phone finds the staff door, and how to be sure that it is ours and not a copy."""

from dataclasses import dataclass

from markupsafe import Markup

from fieldref.languages import language
from fieldref.paper import qr, words

CODE_MM = 28  # read in the hand, from about 30 cm


@dataclass(frozen=True, kw_only=True)
class StaffCard:
    """All that stands on the card, in the volunteer's `language`.

    `address` is what the code opens, the card's word in it. `rows` are the SHA-256 fingerprint of the door's
    certificate as browsers show it. `network` is the Wi-Fi to join first; empty where there is none to name.
    """

    language: str
    place_name: str
    address: str
    rows: tuple[str, ...]
    network: str = ""

    @property
    def qr(self) -> Markup:
        """The QR code, drawn. M: a card is carried, not rained on, and fewer modules are read faster."""
        return qr.svg(self.address, error="M", code_mm=CODE_MM)

    @property
    def parts(self) -> list[str]:
        """The address in the pieces between which a narrow paper may break it."""
        where, path = self.address.split("/card/")
        return [where, f"/card/{path}"]

    @property
    def tag(self) -> str:
        """The language for `lang=`."""
        return language(self.language).tag

    @property
    def direction(self) -> str:
        """ltr or rtl."""
        return language(self.language).direction


def staff_card_html(card: StaffCard) -> Markup:
    """Return the card as one <article>, for a page that links static/paper.css: on a screen as on paper."""
    return words.render("_staff-card.html", card.language, card=card)


def sheet(card: StaffCard) -> Markup:
    """Return the card as a whole page for an A6 sheet, needing no other file."""
    return words.render("staff-card.html", card.language, card=card, style=words.style())
