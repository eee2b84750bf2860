import hashlib
import os

import pytest

from fieldref.exchange import pairing, seal
from fieldref.exchange.branch import make_branch
from fieldref.exchange.cards import read_card
from fieldref.exchange.keys import DEVICE_CARD, open_branch
from fieldref.exchange.merge import merge_files
from fieldref.register.records import Referral


@pytest.fixture
def refused(branch, words, open_books):
    """Merge this file, see that nothing came of it, and return the reason."""

    def merge(path):
        [result] = merge_files(branch, [path], words)
        db = open_books(branch)
        assert db["bundle"].count == db["referral"].count == 0
        assert result.state == "refused"
        return result.reason

    return merge


def test_a_truncated_bundle(refused, branch, safe_point, close_with):
    path = close_with(safe_point, Referral())
    path.write_bytes(path.read_bytes()[:-1])
    assert "cut short" in refused(path)


@pytest.mark.parametrize("place", [5, 100, 200, 40_000, 65_530])
def test_a_damaged_bundle(refused, branch, safe_point, close_with, place):
    path = close_with(safe_point, Referral())
    damaged = bytearray(path.read_bytes())
    damaged[place] ^= 64
    path.write_bytes(damaged)
    assert "damaged" in refused(path)


def test_a_bundle_for_another_branch(refused, branch, new_safe_point, close_with, tmp_path, words, pair):
    far, south = new_safe_point("Far"), tmp_path / "south"
    make_branch(south, "South", words)
    pair(south, far)
    assert "not sealed to this branch" in refused(close_with(far, Referral()))


def test_a_bundle_of_a_safe_point_that_is_not_paired(refused, branch, new_safe_point, close_with):
    far = new_safe_point("Far")
    pairing.pair_branch(far, branch / "keys" / "branch.card")
    assert "not paired" in refused(close_with(far, Referral()))


def test_a_bundle_of_a_revoked_safe_point(refused, branch, safe_point, close_with, words):
    path = close_with(safe_point, Referral())
    pairing.revoke(branch, read_card(safe_point / DEVICE_CARD, "device").id, open_branch(branch, words))
    assert "Bridge, which was revoked" in refused(path)


def test_one_safe_point_cannot_speak_for_another(refused, branch, signed, crafted, new_safe_point, pair):
    far = new_safe_point("Far")
    pair(branch, far)
    path = signed(crafted(), device=read_card(far / DEVICE_CARD, "device").id)
    assert "signature is not by the safe-point it names" in refused(path)


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        ({"recipient": "a" * 20}, "for another branch"),
        ({"kind": "pack"}, "not a bundle"),
        ({"format": 2}, "newer fieldref"),
        ({"magic": b"FRB2"}, "newer one"),
        ({"sha256": hashlib.sha256(b"other").hexdigest()}, "not the one that was signed for"),
        ({"length": 10}, "not the one that was signed for"),
        ({"length": -1}, "not a bundle's"),
        ({"sequence": 0}, "not a bundle's"),
        ({"sequence": True}, "not a bundle's"),
        ({"sequence": 2**40}, "not a bundle's"),
        ({"previous": "x"}, "not a bundle's"),
        ({"more": "x"}, "not a bundle's"),
        ({"more": "x" * 5000}, "newer"),
        ({"device": ["x"]}, "not say which safe-point"),
        ({"device": "\ud800" * 20}, "not say which safe-point"),
        ({"device": "a" * 20}, "not paired"),
    ],
)
def test_a_header_that_says_what_it_may_not(refused, signed, crafted, instead, said):
    assert said in refused(signed(crafted(), **instead))


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04" * 100, b"\0" * 65_536])
def test_some_other_file(refused, branch, tmp_path, content):
    path = tmp_path / "holiday.bin"
    path.write_bytes(content)
    assert refused(path)


def test_a_file_larger_than_any_bundle_is_not_even_read(refused, branch, tmp_path):
    path = tmp_path / "sparse.bin"
    with path.open("wb") as file:
        file.truncate(2**40)
    assert refused(path) == "it is larger than any bundle"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_file_that_is_not_there_and_a_pipe(refused, branch, tmp_path):
    os.mkfifo(tmp_path / "pipe.bin")
    assert refused(tmp_path / "pipe.bin") == "it is not a file"
    assert "No such file" in refused(tmp_path / "none.bin")


def test_a_large_bundle_has_the_next_size(branch, safe_point, close_with):
    path = close_with(safe_point, *(Referral() for _ in range(2000)))
    assert path.stat().st_size in seal.SIZES[1:]
