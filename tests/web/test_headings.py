"""The headings of every page, as somebody hears them who jumps from one to the next."""

import re
from itertools import pairwise

import pytest
from werkzeug.test import Client

from fieldref.folders import folder
from fieldref.vocabulary import NEEDS, SECTIONS

OFFERED = ("en", "fr", "es", "ar", "fa", "bn")
PAGES = sorted(
    path.parent.relative_to(folder("seed") / "pages").as_posix() for path in folder("seed").glob("pages/*/*/en.md")
)
PATHS = [
    "",
    *(f"{section.code}/" for section in SECTIONS),
    *PAGES,
    *(f"needs/{need.code}" for need in NEEDS),
    *(f"service/{name}" for name in ("lighthouse-hostel-beds", "womens-safe-house", "hill-guest-house-rooms")),
    *("emergency", "search", "search?q=a", "search?q=zzzzzz", "near/", "for/", "for/women", "missing"),
    *("keep/", "keep/codes", "keep/booklet", "keep/guide", "keep/card/rights/asylum"),
    *("languages/", "languages/rights/asylum", "no-such-page"),
]


@pytest.mark.parametrize("code", OFFERED)
def test_headings_begin_with_the_pages_own_and_skip_no_level(phone: Client, code: str) -> None:
    wrong = {path: levels for path in PATHS if not in_order(levels := headings(phone, f"/{code}/{path}"))}
    assert not wrong


def test_the_first_page_has_its_headings_in_order(phone: Client) -> None:
    assert in_order(headings(phone, "/"))


@pytest.mark.parametrize("levels", [[], [2], [1, 1], [1, 3], [1, 2, 4]])
def test_headings_out_of_order_would_be_noticed(levels: list[int]) -> None:
    assert not in_order(levels)


def headings(phone: Client, path: str) -> list[int]:
    return [int(level) for level in re.findall(r"<h([1-6])[ >]", phone.get(path).text)]


def in_order(levels: list[int]) -> bool:
    return levels[:1] == [1] and levels.count(1) == 1 and all(below <= above + 1 for above, below in pairwise(levels))
