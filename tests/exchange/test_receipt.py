import json

import pytest

from fieldref.exchange import keys, outbox, receipt, succession
from fieldref.exchange.branch import make_branch, open_branch_register
from fieldref.exchange.cards import read_card
from fieldref.exchange.keys import DEVICE_CARD
from fieldref.exchange.merge import merge_files
from fieldref.exchange.pairing import NotPaired
from fieldref.exchange.statement import StatementRefused
from fieldref.refusal import Refusal
from fieldref.register.records import Referral
from fieldref.register.schema import open_register


@pytest.fixture
def receipt_for(words):
    """The receipt of a branch for a safe-point, as it stands now."""

    def issue(branch, safe_point):
        its_keys = keys.open_branch(branch, words)
        db = open_branch_register(branch, its_keys)
        try:
            return receipt.issue(db, its_keys, read_card(safe_point / DEVICE_CARD, "device").id)
        finally:
            db.close()

    return issue


def kept(safe_point):
    db = open_register(safe_point)
    try:
        return outbox.bundles(db, safe_point)
    finally:
        db.close()


def test_a_receipt_names_what_was_merged_and_nothing_else(branch, safe_point, close_with, words, receipt_for):
    merge_files(branch, [close_with(safe_point, Referral())], words)
    close_with(safe_point, Referral())
    assert receipt.take(safe_point, receipt_for(branch, safe_point)) == receipt.Taken(named=1, news=1)
    assert [each.received is not None for each in kept(safe_point)] == [True, False]


def test_taking_a_receipt_twice_or_an_older_one_changes_nothing(branch, safe_point, close_with, words, receipt_for):
    merge_files(branch, [close_with(safe_point, Referral())], words)
    older = receipt_for(branch, safe_point)
    merge_files(branch, [close_with(safe_point, Referral())], words)
    assert receipt.take(safe_point, receipt_for(branch, safe_point)).news == 2
    before = kept(safe_point)
    assert receipt.take(safe_point, older) == receipt.Taken(named=1, news=0)
    assert kept(safe_point) == before


def test_the_receipt_of_another_branch_is_refused(branch, safe_point, close_with, words, tmp_path, pair, receipt_for):
    make_branch(tmp_path / "south", "South", words)
    (safe_point / "keys" / "branch.card").rename(tmp_path / "mine.card")
    pair(tmp_path / "south", safe_point)
    merge_files(branch, [close_with(safe_point, Referral())], words)
    with pytest.raises(StatementRefused, match="by another branch than South"):
        receipt.take(safe_point, receipt_for(branch, safe_point))


def test_the_receipt_of_another_safe_point_is_refused(branch, safe_point, new_safe_point, pair, receipt_for):
    harbour = new_safe_point("Harbour")
    pair(branch, harbour)
    with pytest.raises(StatementRefused, match="for another safe-point than Bridge"):
        receipt.take(safe_point, receipt_for(branch, harbour))


def test_an_unpaired_safe_point_takes_no_receipt(branch, safe_point, new_safe_point, receipt_for):
    with pytest.raises(NotPaired):
        receipt.take(new_safe_point("Far"), receipt_for(branch, safe_point))


def test_nobody_is_given_a_receipt_who_is_not_paired(branch, new_safe_point, receipt_for):
    with pytest.raises(Refusal, match="no paired safe-point"):
        receipt_for(branch, new_safe_point("Far"))


@pytest.mark.parametrize("trouble", ["one more", "cut", "no signature", "newer", "empty", "a list", "words"])
def test_a_receipt_that_was_changed_marks_nothing(branch, safe_point, close_with, receipt_for, trouble):
    close_with(safe_point, Referral())
    text = receipt_for(branch, safe_point)
    found = json.loads(text)
    found["bundles"].append(kept(safe_point)[0].sha256)
    unsigned = {name: value for name, value in found.items() if name != "signature"}
    broken = {
        "one more": json.dumps(found).encode(),
        "cut": text[:-40],
        "no signature": json.dumps(unsigned).encode(),
        "newer": json.dumps(found | {"format": 9}).encode(),
        "empty": b"",
        "a list": b"[]",
        "words": b"received with thanks",
    }[trouble]
    with pytest.raises(StatementRefused):
        receipt.take(safe_point, broken)
    assert [each.received for each in kept(safe_point)] == [None]


def test_what_was_signed_before_a_change_of_keys_is_in_the_receipt_after_it(
    branch, safe_point, close_with, words, pair, receipt_for
):
    first = close_with(safe_point, Referral())
    succession.change_device(safe_point, words)
    pair(branch, safe_point)
    second = close_with(safe_point, Referral())
    assert [each.state for each in merge_files(branch, [second, first], words)] == ["new", "new"]
    assert receipt.take(safe_point, receipt_for(branch, safe_point)).news == 2
