"""Sheets about keys: a card to show to the other side, and the two paper backups of a branch."""

import datetime
from collections.abc import Sequence
from functools import cache

from markupsafe import Markup

from fieldref.folders import folder
from fieldref.languages import language as language_of
from fieldref.paper import qr, words

CARD_MM = 90  # up to 117 modules: still over 0.7 mm each, which a camera or a scanner reads from a hand's breadth
BACKUP_MM = 75
COPIES = 2


def card_sheet(name: str, figures: str, scanned: str, language: str, printed: datetime.date) -> Markup:
    """Return the card of the place *name* as one page of HTML that needs no other file.

    *figures* are the six groups to read aloud, *scanned* is what the code says.
    """
    return words.render(
        "pairing.html",
        language,
        language=language_of(language),
        name=name,
        figures=figures.split(),
        drawing=qr.svg(scanned, error="M", label=name, code_mm=CARD_MM),
        printed=printed.isoformat(),
        style=style(),
    )


def backup_sheets(
    name: str, figures: str, lines: Sequence[str], scanned: str, language: str, printed: datetime.date
) -> Markup:
    """Return the paper backup of the branch *name*: two equal sheets, each of which brings it back alone.

    *lines* are its keys in words, *scanned* the same for a code. What is returned is as secret as the keys.
    """
    return words.render(
        "backup.html",
        language,
        language=language_of(language),
        name=name,
        figures=figures.split(),
        lines=lines,
        drawing=qr.svg(scanned, error="M", label=name, code_mm=BACKUP_MM),
        copies=COPIES,
        printed=printed.isoformat(),
        style=style(),
    )


@cache
def style() -> Markup:
    """The style sheet of both, to stand inside them."""
    return Markup((folder("static") / "sheets.css").read_text("utf-8"))  # noqa: S704 (our own file)
