import pytest

from fieldref.exchange import keys, pairing, revocation
from fieldref.exchange.branch import make_branch, open_branch_register
from fieldref.exchange.bundle import close_shift
from fieldref.exchange.cards import read_card
from fieldref.exchange.keys import DEVICE_CARD
from fieldref.exchange.merge import merge_files
from fieldref.exchange.statement import StatementRefused
from fieldref.register import shift
from fieldref.register.records import Referral


@pytest.fixture
def list_of(words):
    """The list of revocations of a branch, as it stands now."""

    def issue(branch):
        its_keys = keys.open_branch(branch, words)
        db = open_branch_register(branch, its_keys)
        try:
            return revocation.issue(db, its_keys)
        finally:
            db.close()

    return issue


@pytest.fixture
def harbour(branch, new_safe_point, pair):
    """A second safe-point of the branch."""
    folder = new_safe_point("Harbour")
    pair(branch, folder)
    return folder


def revoke(branch, name, words):
    pairing.revoke(branch, name, keys.open_branch(branch, words))


def test_what_a_revoked_safe_point_sends_later_is_refused_with_the_reason(branch, safe_point, close_with, words):
    bundle = close_with(safe_point, Referral())
    revoke(branch, "Bridge", words)
    assert merge_files(branch, [bundle], words)[0].reason == "it is by Bridge, which was revoked"


def test_the_others_learn_who_was_revoked(branch, safe_point, harbour, list_of, words):
    revoke(branch, "Bridge", words)
    bridge = read_card(safe_point / DEVICE_CARD, "device").id
    assert revocation.take(harbour, list_of(branch)) == {bridge}
    assert revocation.revoked(harbour) == {bridge}
    shift.open_shift(harbour, words)


def test_lists_add_up_in_any_order(branch, safe_point, harbour, new_safe_point, pair, list_of, words):
    far = new_safe_point("Far")
    pair(branch, far)
    revoke(branch, "Bridge", words)
    older = list_of(branch)
    revoke(branch, "Harbour", words)
    both = revocation.take(far, list_of(branch))
    assert revocation.take(far, older) == both
    assert len(both) == 2


def test_a_safe_point_that_is_revoked_opens_no_shift_and_can_close_the_open_one(
    branch, safe_point, open_shift, list_of, words
):
    revoke(branch, "Bridge", words)
    revocation.take(safe_point, list_of(branch))
    assert close_shift(safe_point, words).file.exists()
    with pytest.raises(shift.Revoked, match="revoked this safe-point"):
        shift.open_shift(safe_point, words)


def test_a_list_by_somebody_else_revokes_nobody(branch, safe_point, list_of, words, tmp_path):
    revoke(branch, "Bridge", words)
    make_branch(tmp_path / "south", "South", words)
    changed = list_of(branch).replace(read_card(safe_point / DEVICE_CARD, "device").id.encode(), b"a" * 20)
    for text in (list_of(tmp_path / "south"), changed):
        with pytest.raises(StatementRefused):
            revocation.take(safe_point, text)
    assert revocation.revoked(safe_point) == frozenset()
    shift.open_shift(safe_point, words)
