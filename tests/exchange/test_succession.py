import shutil

import pytest

from fieldref.exchange import chain, keys, pairing, succession
from fieldref.exchange.branch import make_branch
from fieldref.exchange.cards import read_card, vouch, write_card
from fieldref.exchange.keys import BRANCH_CARD, DEVICE_CARD
from fieldref.exchange.merge import merge_files
from fieldref.exchange.pairing import PairingRefused
from fieldref.register import shift
from fieldref.register.records import Referral


def test_a_safe_point_goes_on_under_new_keys_without_comparing_again(branch, safe_point, close_with, words, pair):
    late = close_with(safe_point, Referral())
    before = read_card(safe_point / DEVICE_CARD, "device")
    card = succession.change_device(safe_point, words)
    assert card.id != before.id
    assert card.follows(before)
    pair(branch, safe_point)
    merged = merge_files(branch, [close_with(safe_point, Referral()), late], words)
    assert [(each.state, each.safe_point, each.sequence) for each in merged] == [
        ("new", "Bridge", 2),
        ("new", "Bridge", 1),
    ]


def test_the_chain_of_bundles_goes_on_under_new_keys(branch, safe_point, close_with, words, pair, open_books):
    close_with(safe_point, Referral())
    succession.change_device(safe_point, words)
    pair(branch, safe_point)
    merge_files(branch, [close_with(safe_point, Referral())], words)
    assert chain.troubles(open_books(branch)) == ["Bridge: bundle 1 is missing"]


def test_keys_that_were_changed_sign_no_later_bundle(branch, safe_point, close_with, words, pair, tmp_path):
    """Somebody who has the old keys, from a copy of the box, can still make bundles; none is believed."""
    shutil.copytree(safe_point, tmp_path / "copy")
    succession.change_device(safe_point, words)
    pair(branch, safe_point)
    false = merge_files(branch, [close_with(tmp_path / "copy", Referral())], words)[0]
    assert (false.state, false.reason) == ("refused", "it is signed with keys that this safe-point had changed before")


def test_a_card_of_before_does_not_come_back(branch, safe_point, words, pair, tmp_path):
    shutil.copytree(safe_point, tmp_path / "copy")
    succession.change_device(safe_point, words)
    pair(branch, safe_point)
    with pytest.raises(PairingRefused, match="newer keys"):
        pair(branch, tmp_path / "copy")


def test_two_successors_of_one_box_are_a_copy_and_the_second_is_refused(branch, safe_point, words, pair, tmp_path):
    shutil.copytree(safe_point, tmp_path / "copy")
    for box in (safe_point, tmp_path / "copy"):
        succession.change_device(box, words)
    pair(branch, safe_point)
    with pytest.raises(PairingRefused, match="newer keys"):
        pair(branch, tmp_path / "copy")


def test_keys_after_revoked_ones_are_refused(branch, safe_point, words, pair):
    pairing.revoke(branch, "Bridge", keys.open_branch(branch, words))
    succession.change_device(safe_point, words)
    with pytest.raises(PairingRefused, match="was revoked"):
        pair(branch, safe_point)


def test_revoking_a_safe_point_revokes_all_keys_it_had(branch, safe_point, close_with, words, pair):
    late = close_with(safe_point, Referral())
    succession.change_device(safe_point, words)
    pair(branch, safe_point)
    pairing.revoke(branch, "Bridge", keys.open_branch(branch, words))
    assert {each.state for each in merge_files(branch, [late, close_with(safe_point, Referral())], words)} == {
        "refused"
    }


def test_keys_are_not_changed_while_a_shift_is_open(safe_point, open_shift, words):
    with pytest.raises(shift.ShiftOpen):
        succession.change_device(safe_point, words)


def test_a_branch_goes_on_under_new_keys_and_reads_what_was_sealed_to_the_old(branch, safe_point, close_with, words):
    before = close_with(safe_point, Referral())
    card = succession.change_branch(branch, words)
    meanwhile = close_with(safe_point, Referral())  # the safe-point does not know yet
    assert pairing.is_vouched(safe_point, card)
    assert pairing.take_branch_card(safe_point, (branch / BRANCH_CARD).read_bytes()) == card
    after = close_with(safe_point, Referral())
    assert [each.state for each in merge_files(branch, [before, meanwhile, after], words)] == ["new"] * 3


def test_the_branchs_card_of_before_does_not_come_back(branch, safe_point, words):
    older = (branch / BRANCH_CARD).read_bytes()
    succession.change_branch(branch, words)
    pairing.pair_branch(safe_point, branch / BRANCH_CARD)
    with pytest.raises(PairingRefused, match="newer keys than these"):
        pairing.take_branch_card(safe_point, older)


def test_a_card_that_only_says_it_follows_is_another_branchs(branch, safe_point, tmp_path, words):
    make_branch(tmp_path / "false", "North", words)
    thief, there = keys.open_branch(tmp_path / "false", words), read_card(branch / BRANCH_CARD, "branch")
    forged = vouch(thief.card, there.id, 0, thief.signing)
    (tmp_path / "forged.card").write_bytes(write_card(forged, thief.signing))
    assert not pairing.is_vouched(safe_point, forged)
    with pytest.raises(PairingRefused, match="card of another branch"):
        pairing.pair_branch(safe_point, tmp_path / "forged.card")


def test_a_branch_can_change_its_keys_so_often_and_no_more(branch, words):
    for _ in range(succession.MOST - 1):
        succession.change_branch(branch, words)
    with pytest.raises(Exception, match="the most there can be"):
        succession.change_branch(branch, words)


@pytest.mark.parametrize("kind", ["device", "branch"])
def test_a_change_that_the_power_interrupted_is_finished(
    branch, safe_point, close_with, words, pair, monkeypatch, kind
):
    """Between the key file and the card: the next opening of the keys writes the card."""
    folder, path = (safe_point, DEVICE_CARD) if kind == "device" else (branch, BRANCH_CARD)
    before = read_card(folder / path, kind)
    with monkeypatch.context() as trouble:
        trouble.setattr(keys, "write_whole", lambda *_: (_ for _ in ()).throw(OSError("the power is gone")))
        with pytest.raises(OSError, match="power"):
            (succession.change_device if kind == "device" else succession.change_branch)(folder, words)
    assert read_card(folder / path, kind) == before
    bundle = close_with(safe_point, Referral())
    (keys.open_device_keys if kind == "device" else keys.open_branch)(folder, words)
    assert read_card(folder / path, kind).follows(before)
    pair(branch, safe_point)
    assert merge_files(branch, [bundle], words)[0].state == "new"
