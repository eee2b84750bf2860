"""The slip: what a person carries to a service. A code, where to go, and nothing about the person."""

import datetime
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from fieldref.languages import language
from fieldref.paper import qr, words

CODE_MM = 30  # read in the hand, from about 30 cm
Paper = Literal["a6", "roll", "roll80"]  # a sheet; a roll of 58 mm or of 80 mm
A6: Paper = "a6"
LOOKS: dict[Paper, str] = {"a6": "a6", "roll": "roll", "roll80": "roll wide"}


@dataclass(frozen=True, kw_only=True)
class Slip:
    """All that stands on one slip, in the person's language and ready to print; what is empty is left out.

    `code_printed` is K7QM-3XWF-9T2R-C. `language` is a code of the list. `local_name` and `address` are in
    the letters of the street signs. `icon` is a pictogram's name (a need's code is one).
    """

    code_printed: str
    language: str
    place_name: str
    service_name: str
    valid_until: datetime.date
    icon: str = "slip"
    local_name: str = ""
    address: str = ""
    way_there: str = ""
    distance: str = ""
    hours_lines: tuple[str, ...] = ()
    bring: str = ""
    cost: str = ""
    phone: str = ""
    ask_if_it_fails: str = ""

    @property
    def qr_data(self) -> str:
        """What the QR code says: the code and no more."""
        return self.code_printed.replace("-", "")

    @property
    def code_parts(self) -> tuple[str, ...]:
        """The code in the pieces between which a narrow paper may break it."""
        first, second, rest = self.code_printed.split("-", 2)
        return f"{first}-", f"{second}-", rest

    @property
    def qr(self) -> Markup:
        """The QR code, drawn."""
        return qr.svg(self.qr_data, error="M", code_mm=CODE_MM)

    @property
    def until(self) -> str:
        """The last day, in the person's language."""
        return words.day(self.valid_until, self.language)

    @property
    def tag(self) -> str:
        """The language for `lang=`."""
        return language(self.language).tag

    @property
    def direction(self) -> str:
        """ltr or rtl."""
        return language(self.language).direction


def slip_html(slip: Slip, *, paper: Paper = "a6") -> Markup:
    """Return the slip as one <article>, for a page that links static/paper.css: on a screen as on paper."""
    return words.render("_slip.html", slip.language, slip=slip, paper=LOOKS[paper])


def sheet(slip: Slip, *, paper: Paper = "a6") -> Markup:
    """Return the slip as a whole page for an A6 sheet or a roll, needing no other file."""
    return words.render("sheet.html", slip.language, slip=slip, paper=LOOKS[paper], style=words.style())
