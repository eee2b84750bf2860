"""A second recipient: a region that can open what safe-points seal to their branch."""

from dataclasses import replace

import pytest

from fieldref.exchange import keys, pairing, roll, seal, succession
from fieldref.exchange.branch import make_branch, open_branch_register
from fieldref.exchange.cards import read_card, write_card
from fieldref.exchange.keys import BRANCH_CARD
from fieldref.exchange.merge import merge_files
from fieldref.exchange.pairing import PairingRefused
from fieldref.refusal import Refusal
from fieldref.register.records import Referral


@pytest.fixture
def region(tmp_path, words):
    """The folder of a region, made as any branch is."""
    make_branch(tmp_path / "region", "Region", words)
    return tmp_path / "region"


@pytest.fixture
def seconded(branch, region, safe_point, words):
    """The branch, whose bundles are sealed to the region too; its safe-point knows."""
    card = read_card(region / BRANCH_CARD, "branch")
    succession.set_second(branch, keys.open_branch(branch, words), card)
    pairing.take_branch_card(safe_point, (branch / BRANCH_CARD).read_bytes())
    return branch


def test_both_open_what_is_sealed_to_two(seconded, region, safe_point, close_with, words):
    sealed = close_with(safe_point, Referral()).read_bytes()
    opened = [seal.unseal(sealed, keys.open_branch(folder, words).sealing) for folder in (seconded, region)]
    assert opened[0] == opened[1]


def test_the_branch_merges_as_before(seconded, safe_point, close_with, words):
    assert merge_files(seconded, [close_with(safe_point, Referral())], words)[0].state == "new"


def test_the_figures_stay_and_an_older_card_does_not_end_it(branch, safe_point, region, words):
    older = (branch / BRANCH_CARD).read_bytes()
    before = read_card(branch / BRANCH_CARD, "branch")
    second = read_card(region / BRANCH_CARD, "branch")
    card = succession.set_second(branch, keys.open_branch(branch, words), second)
    assert (card.id, card.fingerprint) == (before.id, before.fingerprint)
    pairing.take_branch_card(safe_point, (branch / BRANCH_CARD).read_bytes())
    with pytest.raises(PairingRefused, match="older than the one"):
        pairing.take_branch_card(safe_point, older)
    assert pairing.paired_branch(safe_point).second == second.sealing


def test_ending_it_seals_to_the_branch_alone_again(seconded, region, safe_point, close_with, words):
    succession.set_second(seconded, keys.open_branch(seconded, words), None)
    pairing.take_branch_card(safe_point, (seconded / BRANCH_CARD).read_bytes())
    with pytest.raises(seal.SealRefused):
        seal.unseal(close_with(safe_point, Referral()).read_bytes(), keys.open_branch(region, words).sealing)


def test_changing_the_branchs_keys_keeps_the_second(seconded, region, words):
    card = succession.change_branch(seconded, words)
    assert card.second == read_card(region / BRANCH_CARD, "branch").sealing
    again = succession.set_second(seconded, keys.open_branch(seconded, words), None)
    assert again.after
    assert read_card(seconded / BRANCH_CARD, "branch") == again


def test_nobody_is_his_own_second(branch, words):
    its_keys = keys.open_branch(branch, words)
    with pytest.raises(Refusal, match="own card"):
        succession.set_second(branch, its_keys, its_keys.card)


def test_somebody_else_cannot_name_a_second(branch, region, safe_point, words):
    """A card with another second key, under the name and keys of the branch, but signed by the region."""
    its_keys = keys.open_branch(region, words)
    card = read_card(branch / BRANCH_CARD, "branch")
    forged = replace(card, second=its_keys.card.sealing, day="2030-01-01")
    with pytest.raises(Refusal, match="damaged"):
        pairing.take_branch_card(safe_point, write_card(forged, its_keys.signing))
    assert pairing.paired_branch(safe_point).second == b""


@pytest.fixture
def roll_of(words):
    """The roll of a branch, as it stands now."""

    def issue(branch):
        its_keys = keys.open_branch(branch, words)
        db = open_branch_register(branch, its_keys)
        try:
            return roll.issue(db, its_keys, (branch / BRANCH_CARD).read_bytes())
        finally:
            db.close()

    return issue


def test_the_region_merges_once_it_has_the_roll(seconded, region, safe_point, close_with, words, roll_of, open_books):
    bundle = close_with(safe_point, Referral())
    assert "not paired" in merge_files(region, [bundle], words)[0].reason
    db = open_books(region)
    assert not roll.is_followed(db, roll.branch_of(roll_of(seconded)))
    assert roll.follow(db, roll_of(seconded)) == 1
    assert merge_files(region, [bundle], words)[0].state == "new"
    assert roll.is_followed(db, roll.branch_of(roll_of(seconded)))


def test_a_region_that_follows_nobody_refuses_what_is_signed_for_others(
    seconded, region, safe_point, close_with, words, roll_of, open_books
):
    db = open_books(region)
    roll.follow(db, roll_of(seconded))
    db.conn.execute("DELETE FROM followed")
    db.conn.commit()
    assert "another branch" in merge_files(region, [close_with(safe_point, Referral())], words)[0].reason


def test_an_older_roll_takes_no_revocation_back(seconded, region, safe_point, close_with, words, roll_of, open_books):
    older, db = roll_of(seconded), open_books(region)
    pairing.revoke(seconded, "Bridge", keys.open_branch(seconded, words))
    roll.follow(db, roll_of(seconded))
    roll.follow(db, older)
    assert "revoked" in merge_files(region, [close_with(safe_point, Referral())], words)[0].reason


def test_a_roll_that_was_changed_is_refused(seconded, region, roll_of, open_books):
    db, text = open_books(region), roll_of(seconded)
    for changed in (text.replace(b"Bridge", b"Fridge"), text[:-50], b"{}", b"[]", b"roll"):
        with pytest.raises(Refusal):
            roll.follow(db, changed)
    assert db["device"].count == 0
