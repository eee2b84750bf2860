"""Tries a pack in a process of its own: builds the guide of it and shows its pages, before any door does.

    python -m fieldref.web.trial FOLDER PACK GUIDE

A signature says who made a pack, not that it is harmless: a branch's laptop can be taken too. So its files are read
for the first time here, with little memory and time, and GUIDE is left only if every language of it can be shown.
A refusal is one line of JSON and status 3; any other end is one too.
"""

import json
import sys
from pathlib import Path

from werkzeug.test import Client

from fieldref import settings, today
from fieldref.exchange.reader import confine
from fieldref.guide import packfile
from fieldref.guide.announcements import Board
from fieldref.guide.build import build_beside
from fieldref.guide.opened import Shelf
from fieldref.refusal import Refusal
from fieldref.web.public import public_app

MEMORY = 512 * 2**20
SECONDS = 300  # a small Pi builds the shipped guide in ten
REFUSED = 3


def main(folder: Path, pack: Path, guide: Path) -> int:
    """Build *guide* of the *pack* for the place in *folder* and show it; the exit status says whether it can be."""
    confine(MEMORY, SECONDS)
    try:
        build_beside(folder, guide, packfile.read(pack))
        show(folder, guide)
    except Refusal as refusal:
        print(json.dumps(str(refusal)))
        return REFUSED
    return 0


def show(folder: Path, guide: Path) -> None:
    """Make the homes, a page and a service of *guide* in every language. Raises Refusal where one cannot be made."""
    shelf = Shelf(guide)
    phone = Client(public_app(settings.read(folder), shelf, Board(folder), today.Board(folder)))
    for path in _addresses(shelf):
        status = phone.get(path).status_code
        if status != 200:
            raise Refusal(f"its page {path} cannot be shown")


def _addresses(shelf: Shelf) -> list[str]:
    guide, found = shelf.guide(), ["/"]
    for language in guide.languages:
        page = guide.pages(language.code)[0]
        services = [f"service/{id}" for id in list(guide.services(language.code))[:1]]
        beneath = ("", page.address, "near/", "onward/", "search?q=a", "keep/guide.html", *services)
        found += [f"/{language.code}/{path}" for path in beneath]
    return found


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
