import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldref import settings
from fieldref.exchange import keys, seal
from fieldref.exchange.cards import Card, CardRefused, read_card, write_card
from fieldref.exchange.keys import BRANCH_CARD, DEVICE_CARD
from fieldref.exchange.merge import merge_files
from fieldref.refusal import Refusal
from fieldref.register import passphrase, shift
from fieldref.register.records import Referral


def test_a_card_shows_name_id_and_thirty_figures(safe_point):
    card = read_card(safe_point / DEVICE_CARD, "device")
    assert card.name == "Bridge"
    assert len(card.id) == 20
    assert [len(group) for group in card.fingerprint.split()] == [5] * 6


@pytest.mark.parametrize("field", ["kind", "name", "signing", "signature", "format"])
def test_a_changed_card_is_refused(safe_point, new_safe_point, field):
    other = json.loads((new_safe_point("Other") / DEVICE_CARD).read_text("utf-8"))
    path = safe_point / DEVICE_CARD
    changed = json.loads(path.read_text("utf-8"))
    changed[field] = other[field] if field in ("name", "signing", "signature") else "branch"
    path.write_text(json.dumps(changed), "utf-8")
    with pytest.raises(CardRefused, match="damaged"):
        read_card(path, "device")


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 4000, b"x" * 5000])
def test_what_is_no_card_is_refused_in_words(tmp_path, text):
    path = tmp_path / "some.card"
    path.write_bytes(text)
    with pytest.raises(CardRefused, match="card"):
        read_card(path, "device")


def test_a_branchs_card_is_no_safe_points(branch, safe_point):
    with pytest.raises(CardRefused, match="is a branch's card"):
        read_card(branch / BRANCH_CARD, "device")
    with pytest.raises(CardRefused, match="is a safe-point's card"):
        read_card(safe_point / DEVICE_CARD, "branch")


def test_keys_are_never_made_over_others(safe_point, words):
    with pytest.raises(Refusal, match="has its keys already"):
        keys.make_device(safe_point, words)


def test_a_branchs_keys_open_with_its_passphrase_only(branch, words):
    assert keys.open_branch(branch, words).card == read_card(branch / BRANCH_CARD, "branch")
    with pytest.raises(Refusal, match="passphrase is wrong"):
        keys.open_branch(branch, "some other words here")


def test_no_secret_key_lies_in_clear(branch, safe_point, words):
    device, its_branch = keys.open_device(safe_point, words), keys.open_branch(branch, words)
    secrets = [key.private_bytes_raw() for key in (device, its_branch.signing, its_branch.sealing)]
    files = [path.read_bytes() for path in (*branch.rglob("*"), *safe_point.rglob("*")) if path.is_file()]
    assert not any(secret in file for secret in secrets for file in files)


def test_a_safe_point_can_be_sealed_to(safe_point, words):
    card, its_keys = read_card(safe_point / DEVICE_CARD, "device"), keys.open_device_keys(safe_point, words)
    sealed = seal.seal(b"due".ljust(seal.room(3), b"\0"), card.sealing_key())
    assert its_keys.card == card
    assert seal.unseal(sealed, its_keys.sealing).rstrip(b"\0") == b"due"


@pytest.fixture
def older_safe_point(tmp_path, words):
    """A safe-point whose secret file has one key of 32 bytes, and whose card has no sealing key."""
    folder = tmp_path / "Older"
    (folder / "keys").mkdir(parents=True)
    settings.write(folder, settings.Settings(name="Older"))
    key = Ed25519PrivateKey.generate()
    wrapped = passphrase.wrap(key.private_bytes_raw(), words, shift.DEVICE_KEY)
    (folder / shift.KEY_FILE).write_bytes(wrapped)
    (folder / DEVICE_CARD).write_bytes(write_card(Card("device", "Older", key.public_key().public_bytes_raw()), key))
    return folder


def test_a_safe_point_of_before_pairs_closes_and_is_merged(older_safe_point, branch, words, close_with, pair):
    assert keys.open_device_keys(older_safe_point, words).sealing is None
    pair(branch, older_safe_point)
    assert merge_files(branch, [close_with(older_safe_point, Referral())], words)[0].state == "new"
