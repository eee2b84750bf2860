"""Packs that are damaged, of others, or made to do harm inside a valid signature: each is refused in words.

FIELDREF_PACKS says how many damaged ones are tried, and a tenth of it how many under a valid signature;
`make soak` says 20,000.
"""

import os
import random

import pytest

from fieldref.exchange import branch as branches
from fieldref.exchange import pack, taking
from fieldref.exchange.cards import read_card
from fieldref.exchange.keys import BRANCH_CARD, open_branch
from fieldref.exchange.pairing import NotPaired
from fieldref.guide import packfile
from fieldref.guide.build import build_beside
from fieldref.guide.packfile import PackRefused
from fieldref.refusal import Refusal

PACKS = int(os.environ.get("FIELDREF_PACKS", "1000"))
SERVICES = b"id,name,status,needs\nkitchen,Kitchen,active,food\n"
OTHER_HEADERS = {
    "a newer format": {"format": 2},
    "another kind": {"kind": "bundle"},
    "another branch": {"branch": "a" * 20},
    "edition 0": {"edition": 0},
    "edition true": {"edition": True},
    "edition 2**40": {"edition": 2**40},
    "a time of day": {"day": "2026-11-25T10:00"},
    "no day": {"day": "2026-02-30"},
    "one thing more": {"note": "x"},
    "a length that is short": {"length": 20},
    "a length below zero": {"length": -1},
    "a digest that is none": {"sha256": "A" * 64},
    "another digest": {"sha256": "0" * 64},
    "previous as a number": {"previous": 0},
}
OTHER_NAMES = [
    "../guide.db",
    "/etc/passwd",
    "pages/../../keys/branch.card",
    "pages/rights/asylum/../en.md",
    "pages/rights/asylum/en.md/x",
    "pages/rights/Asylum/en.md",
    "pages/rights/asylum/en.html",
    "pages/rights/asylum/en.MD",
    "pages/rights/asylum\\en.md",
    "pages/rights/asylum/en.md\n",
    "pages/rights/asylum/e\u0301n.md",
    "directory/evil.csv",
    "directory/services.csv.exe",
    "guide.db",
    "beside/../../guide.db",
    "pages/rights/" + "a" * 300 + "/en.md",
    "",
]


@pytest.fixture
def card(branch):
    """The card of the branch."""
    return read_card(branch / BRANCH_CARD, "branch")


def test_a_pack_says_what_it_holds_and_gives_it_back(publish, branch, card) -> None:
    found = pack.verify(publish(), card)
    assert (found.header.edition, found.header.day, found.header.branch) == (1, "2026-11-25", card.id)
    assert found.content("pages/rights/asylum/ar.md").decode().startswith("---\ntitle: لجوء")
    assert b"River kitchen" in found.content("directory/services.csv")


def test_any_damage_is_noticed(publish, card, tmp_path) -> None:
    whole, chance = publish().read_bytes(), random.Random(5)  # noqa: S311
    for _ in range(PACKS):
        damaged = bytearray(whole)
        at = chance.randrange(len(damaged))
        match chance.randrange(4):
            case 0:
                damaged[at] ^= 1 << chance.randrange(8)
            case 1:
                del damaged[at:]
            case 2:
                damaged[at:at] = chance.randbytes(chance.randrange(1, 9))
            case 3:
                del damaged[at : at + chance.randrange(1, 2000)]
        path = tmp_path / "damaged.pack"
        path.write_bytes(damaged)
        with pytest.raises(PackRefused):
            pack.verify(path, card)


def test_a_pack_of_another_branch_is_refused_by_name(publish, tmp_path, words) -> None:
    other = branches.make_branch(tmp_path / "other", "South", words)
    with pytest.raises(PackRefused, match="of another branch; this safe-point is paired with South"):
        pack.verify(publish(), other)


def test_another_signature_over_the_same_header_is_refused(signed_pack, sound_files, tmp_path, words, card) -> None:
    branches.make_branch(tmp_path / "other", "South", words)
    path = signed_pack(sound_files)
    head = packfile.read_head(path)
    forged = open_branch(tmp_path / "other", words).signing.sign(head.signed)
    path.write_bytes(head.signed + forged + path.read_bytes()[head.body :])
    with pytest.raises(PackRefused, match="not signed by North"):
        pack.verify(path, card)


def test_without_a_branch_no_pack_is_taken(safe_point, tmp_path) -> None:
    (tmp_path / "x.pack").write_bytes(b"FRP1")
    with pytest.raises(NotPaired):
        taking.take(safe_point, tmp_path / "x.pack")


@pytest.mark.parametrize("instead", OTHER_HEADERS.values(), ids=OTHER_HEADERS)
def test_a_signed_header_that_says_what_cannot_be_is_refused(signed_pack, sound_files, card, instead) -> None:
    with pytest.raises(PackRefused):
        pack.verify(signed_pack(sound_files, **instead), card)


@pytest.mark.parametrize("name", OTHER_NAMES, ids=range(len(OTHER_NAMES)))
def test_a_signed_pack_cannot_write_where_no_page_lies(signed_pack, sound_files, card, name: str) -> None:
    with pytest.raises(PackRefused, match="holds a file that no pack has"):
        pack.verify(signed_pack(dict(sorted((sound_files | {name: b"x"}).items()))), card)


@pytest.mark.parametrize(
    "listed",
    [
        b"{}",
        b"[",
        b"[" * 100_000,
        b'[["directory/services.csv", true]]',
        b'[["directory/services.csv", -1]]',
        b'[["directory/services.csv", 1e3]]',
        b'[["directory/services.csv"]]',
        b'[["directory/services.csv", 49], ["directory/services.csv", 0]]',
        b'[["directory/services.csv", 30000000]]',
        b'[["directory/services.csv", 48]]',
        b'[["directory/services.csv", 50]]',
        b'[["pages/rights/asylum/en.md", 49]]',
        b"\xff\xfe",
    ],
    ids=range(13),
)
def test_a_signed_list_that_is_none_is_refused(signed_pack, card, listed: bytes) -> None:
    with pytest.raises(PackRefused):
        pack.verify(signed_pack(len(listed).to_bytes(4, "big") + listed + SERVICES[:49]), card)


def test_a_list_longer_than_any_is_not_read(signed_pack, card) -> None:
    with pytest.raises(PackRefused, match="lists too much"):
        pack.verify(signed_pack((2**32 - 1).to_bytes(4, "big") + b"[]"), card)


def test_any_other_words_inside_a_valid_signature_are_a_guide_or_a_refusal(
    signed_pack, sound_files, card, guided, tmp_path
) -> None:
    chance = random.Random(6)  # noqa: S311
    outcomes = {"built": 0, "refused": 0}
    for _ in range(PACKS // 10):
        files = {name: bytearray(content) for name, content in sound_files.items()}
        for _ in range(chance.randrange(1, 6)):
            content = files[chance.choice(sorted(files))]
            at = chance.randrange(len(content))
            content[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(4))
        found = pack.verify(signed_pack({name: bytes(content) for name, content in files.items()}), card)
        try:
            build_beside(guided, tmp_path / "guide.db", found)
            outcomes["built"] += 1
        except Refusal:
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 0
