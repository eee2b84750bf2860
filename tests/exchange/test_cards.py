import json

import pytest

from fieldref.exchange import keys
from fieldref.exchange.cards import CardRefused, read_card
from fieldref.exchange.keys import BRANCH_CARD, DEVICE_CARD
from fieldref.refusal import Refusal


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
