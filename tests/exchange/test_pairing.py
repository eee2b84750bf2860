import shutil

import pytest

from fieldref.exchange import pairing
from fieldref.exchange.branch import make_branch
from fieldref.exchange.cards import CardRefused, read_card, scanned
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


def test_a_scanner_gives_what_the_card_says(branch, new_safe_point, words):
    far = new_safe_point("Café, über die Brücke")
    text = scanned((far / DEVICE_CARD).read_bytes())
    assert text.isascii()
    paired = pairing.pair_device_scanned(branch, text.encode(), open_branch(branch, words))
    assert paired.name == "Café, über die Brücke"
    answer = scanned((branch / BRANCH_CARD).read_bytes()).encode()
    assert pairing.pair_branch_scanned(far, answer) == pairing.paired_branch(far)


@pytest.mark.parametrize("part", [0.02, 0.3, 0.5, 0.97])
def test_a_code_that_was_cut_is_refused_on_both_sides(devices, branch, new_safe_point, words, part):
    far, its_keys = new_safe_point("Far"), open_branch(branch, words)
    device, its = (scanned(path.read_bytes()).encode() for path in (far / DEVICE_CARD, branch / BRANCH_CARD))
    with pytest.raises(CardRefused, match="cut short"):
        pairing.pair_device_scanned(branch, device[: int(len(device) * part)], its_keys)
    with pytest.raises(CardRefused, match="cut short"):
        pairing.pair_branch_scanned(far, its[: int(len(its) * part)])
    assert not (far / BRANCH_CARD).exists()
    assert devices(branch) == ["Bridge"]


def test_swapped_roles_are_refused_on_both_sides(branch, safe_point, new_safe_point, words):
    far = new_safe_point("Far")
    with pytest.raises(CardRefused, match=r"is a safe-point's card .* a branch's card"):
        pairing.pair_branch_scanned(far, (safe_point / DEVICE_CARD).read_bytes())
    with pytest.raises(CardRefused, match=r"is a branch's card .* a safe-point's card"):
        pairing.pair_device_scanned(branch, (branch / BRANCH_CARD).read_bytes(), open_branch(branch, words))


def test_a_card_of_the_same_name_with_other_keys_is_refused(devices, branch, new_safe_point, pair, tmp_path):
    """A replay of an older card, or a stranger's: the name tells nothing."""
    (tmp_path / "Bridge").rename(tmp_path / "first")
    with pytest.raises(PairingRefused, match="another safe-point called Bridge is paired, with other keys"):
        pair(branch, new_safe_point("Bridge"))
    assert devices(branch) == ["Bridge"]


def test_after_a_revocation_the_name_is_free_for_a_new_box(devices, branch, new_safe_point, pair, tmp_path, words):
    pairing.revoke(branch, "Bridge", open_branch(branch, words))
    (tmp_path / "Bridge").rename(tmp_path / "stolen")
    pair(branch, new_safe_point("Bridge"))
    assert devices(branch) == ["Bridge", "Bridge"]


def test_a_branch_of_the_same_name_is_not_the_branch(branch, safe_point, tmp_path, words):
    make_branch(tmp_path / "false", "North", words)
    before = pairing.paired_branch(safe_point)
    with pytest.raises(PairingRefused, match="card of another branch"):
        pairing.pair_branch(safe_point, tmp_path / "false" / BRANCH_CARD)
    assert not pairing.is_vouched(safe_point, read_card(tmp_path / "false" / BRANCH_CARD, "branch"))
    assert pairing.paired_branch(safe_point) == before


def test_another_branch_takes_over_only_when_somebody_says_so(branch, safe_point, tmp_path, words):
    make_branch(tmp_path / "south", "South", words)
    pairing.pair_branch(safe_point, tmp_path / "south" / BRANCH_CARD, instead=True)
    assert pairing.paired_branch(safe_point).name == "South"


def test_the_figures_of_any_two_keys_differ(branch, safe_point, new_safe_point):
    cards = [read_card(folder / DEVICE_CARD, "device") for folder in (safe_point, new_safe_point("Far"))]
    cards.append(read_card(branch / BRANCH_CARD, "branch"))
    assert len({card.fingerprint for card in cards}) == len({card.id for card in cards}) == 3
