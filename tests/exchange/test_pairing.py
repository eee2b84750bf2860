import shutil

import pytest

from fieldref.exchange import pairing
from fieldref.exchange.branch import make_branch
from fieldref.exchange.cards import CardRefused, read_card
from fieldref.exchange.keys import BRANCH_CARD, DEVICE_CARD, open_branch
from fieldref.exchange.pairing import NotPaired, PairingRefused
from fieldref.refusal import Refusal


@pytest.fixture
def devices(open_books):
    """The names of the safe-points a branch is paired with."""
    return lambda branch: [row["name"] for row in open_books(branch)["device"].rows]


def test_naming_the_safe_points_folder_pairs_both_in_one_go(devices, branch, safe_point):
    assert devices(branch) == ["Bridge"]
    assert pairing.paired_branch(safe_point) == read_card(branch / BRANCH_CARD, "branch")


def test_a_stick_goes_there_and_back(devices, pair, branch, new_safe_point, tmp_path):
    far = new_safe_point("Far")
    stick = tmp_path / "stick"
    stick.mkdir()
    shutil.copy(far / DEVICE_CARD, stick)
    pair(branch, stick / "device.card")
    pairing.pair_branch(far, stick / "branch.card")
    assert sorted(devices(branch)) == ["Bridge", "Far"]
    assert pairing.paired_branch(far).name == "North"


def test_pairing_twice_changes_nothing(devices, pair, branch, safe_point):
    pair(branch, safe_point)
    pairing.pair_branch(safe_point, branch / BRANCH_CARD)
    assert devices(branch) == ["Bridge"]


def test_an_unpaired_safe_point_is_told_what_to_do(safe_point):
    with pytest.raises(NotPaired, match=r"take keys/device.card to the branch"):
        pairing.paired_branch(safe_point)


def test_another_branch_does_not_take_a_safe_points_place(devices, pair, branch, safe_point, tmp_path, words):
    other = tmp_path / "other"
    make_branch(other, "South", words)
    with pytest.raises(PairingRefused, match="card of another branch"):
        pairing.pair_branch(safe_point, other / BRANCH_CARD)
    with pytest.raises(PairingRefused, match="card of another branch"):
        pair(other, safe_point)
    assert pairing.paired_branch(safe_point).name == "North"
    assert devices(other) == []


def test_a_damaged_card_pairs_nothing(devices, pair, branch, safe_point, new_safe_point):
    far = new_safe_point("Far")
    (far / DEVICE_CARD).write_bytes((far / DEVICE_CARD).read_bytes().replace(b"Far", b"Fur"))
    with pytest.raises(CardRefused):
        pair(branch, far)
    assert devices(branch) == ["Bridge"]


def test_a_revoked_safe_point_does_not_come_back_by_itself(pair, words, branch, safe_point):
    pairing.revoke(branch, read_card(safe_point / DEVICE_CARD, "device").id, open_branch(branch, words))
    with pytest.raises(PairingRefused, match="revoked"):
        pair(branch, safe_point)


def test_a_branch_is_not_made_over_another(branch, words):
    with pytest.raises(Refusal, match="already"):
        make_branch(branch, "Again", words)
