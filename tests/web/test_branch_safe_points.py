"""Safe-points at the branch door: pairing by figures, receipts, revocation."""

from pathlib import Path
from typing import Any

import pytest

from fieldref.exchange import chain, receipt
from fieldref.exchange.cards import read_card
from fieldref.exchange.keys import BRANCH_CARD, DEVICE_CARD


@pytest.fixture
def harbour(new_safe_point: Any) -> Path:
    """A safe-point that nobody has paired."""
    return Path(new_safe_point("Harbour"))


def look(manager: Any, text: bytes) -> Any:
    return manager.send("device.card", text, "/en/pair/look", "card")


def test_a_card_is_paired_once_its_figures_were_heard(
    manager: Any, harbour: Path, branch: Path, open_books: Any
) -> None:
    card = read_card(harbour / DEVICE_CARD, "device")
    said = look(manager, (harbour / DEVICE_CARD).read_bytes()).text
    assert all(group in said for group in card.fingerprint.split())
    assert [each.name for each in chain.safe_points(open_books(branch))] == ["Bridge"]
    manager.page = said
    answer = manager.post("/en/pair/yes", token=manager.hidden("token"), card=card.id)
    assert answer.headers["Location"] == "/en/keys"
    assert [each.name for each in chain.safe_points(open_books(branch))] == ["Bridge", "Harbour"]
    assert manager.get("/en/keys/branch.card").data == (branch / BRANCH_CARD).read_bytes()


def test_a_card_is_pasted_as_a_scanner_types_it(manager: Any, harbour: Path) -> None:
    manager.get("/en/pair")
    text = (harbour / DEVICE_CARD).read_text("utf-8")
    assert "Harbour" in manager.post("/en/pair/look", token=manager.hidden("token"), text=text).text


def test_known_keys_need_no_second_hearing(manager: Any, safe_point: Path) -> None:
    assert "nobody needs to compare" in look(manager, (safe_point / DEVICE_CARD).read_bytes()).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text[:-20], "cut short"),
        (lambda text: text.replace(b"Harbour", b"Harbours"), "not a card"),
        (lambda text: b"{}", "not a card"),
        (lambda text: text + b" " * 5000 + b"x", "not a card"),
        (lambda text: b"", "Choose the file"),
        (lambda text: b"[" * 4000, "not a card"),
    ],
)
def test_what_is_no_card_is_refused_in_words(manager: Any, harbour: Path, change: Any, said: str) -> None:
    answer = look(manager, change((harbour / DEVICE_CARD).read_bytes()))
    assert (answer.status_code, said in answer.text) == (400, True)


def test_a_branchs_card_is_none_of_a_safe_point(manager: Any, branch: Path) -> None:
    assert "safe-point&#39;s card is needed" in look(manager, (branch / BRANCH_CARD).read_bytes()).text


def test_yes_is_said_to_the_card_that_was_shown(
    manager: Any, harbour: Path, new_safe_point: Any, branch: Path, open_books: Any
) -> None:
    other = read_card(new_safe_point("Other") / DEVICE_CARD, "device")
    manager.page = look(manager, (harbour / DEVICE_CARD).read_bytes()).text
    assert manager.post("/en/pair/yes", token=manager.hidden("token"), card=other.id).status_code == 400
    assert [each.name for each in chain.safe_points(open_books(branch))] == ["Bridge"]


def test_yes_without_a_card_pairs_nothing(manager: Any) -> None:
    manager.get("/en/pair")
    assert manager.post("/en/pair/yes", token=manager.hidden("token"), card="").status_code == 400


@pytest.fixture
def bridge(manager: Any, branch: Path, open_books: Any) -> str:
    """The address of the page of `safe_point`."""
    [state] = chain.safe_points(open_books(branch))
    return f"/en/safe-points/{state.id}"


def test_a_receipt_is_saved_for_a_safe_point(
    manager: Any, bridge: str, safe_point: Path, branch: Path, close_with: Any
) -> None:
    manager.send("a.bin", close_with(safe_point).read_bytes())
    assert receipt.take(safe_point, manager.get(f"{bridge}/receipt").data).news == 1


def test_only_its_whole_name_revokes_a_safe_point(
    manager: Any, bridge: str, branch: Path, safe_point: Path, close_with: Any, open_books: Any
) -> None:
    manager.get(bridge)
    token = manager.hidden("token")
    assert manager.post(f"{bridge}/revoke", token=token, name="bridge").status_code == 400
    assert manager.post(f"{bridge}/revoke", token=token, name="Bridge").status_code == 303
    [state] = chain.safe_points(open_books(branch))
    assert state.revoked
    assert "was revoked" in manager.send("a.bin", close_with(safe_point).read_bytes(), one="yes").text
    assert "/revoke" not in manager.get(bridge).text


@pytest.mark.parametrize("id", ["x", "a" * 20, "..%2f..", "'--"])
def test_a_safe_point_that_is_not_here_is_not_here(manager: Any, id: str) -> None:
    assert manager.get(f"/en/safe-points/{id}").status_code == 404
    assert manager.get(f"/en/safe-points/{id}/receipt").status_code == 404
