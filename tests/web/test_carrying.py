"""Bundles to a stick at the staff door, with the closing of a shift or later."""

from pathlib import Path

import pytest

from fieldref.exchange import mounts, outbox, revocation, stick
from fieldref.exchange.branch import make_branch
from fieldref.exchange.keys import open_branch
from fieldref.exchange.mounts import Stick
from fieldref.exchange.pairing import pair_device
from fieldref.register import shift
from fieldref.register.schema import open_register


@pytest.fixture
def blue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick that is in the machine."""
    (tmp_path / "BLUE").mkdir()
    monkeypatch.setattr(mounts, "sticks", lambda: [Stick(tmp_path / "BLUE", "BLUE", 10**9)])
    return tmp_path / "BLUE"


@pytest.fixture
def coordinator(newcomer, blue: Path, border_post: Path, tmp_path: Path, words: str):
    """The coordinator of a paired safe-point, signed in, on the shift page."""
    make_branch(tmp_path / "branch", "North", words)
    pair_device(tmp_path / "branch", border_post, open_branch(tmp_path / "branch", words))
    newcomer.post("/en/shift/sign-in", passphrase=words)
    newcomer.get("/en/shift")
    return newcomer


def close(coordinator, words: str, chosen: str):
    return coordinator.post("/en/shift/close", token=coordinator.hidden("token"), passphrase=words, stick=chosen)


def start_again(coordinator, border_post: Path, words: str) -> None:
    shift.open_shift(border_post, words)
    coordinator.post("/en/shift/sign-in", passphrase=words)
    coordinator.get("/en/shift")


def listed(border_post: Path):
    db = open_register(border_post)
    try:
        return outbox.bundles(db, border_post)
    finally:
        db.close()


def test_closing_copies_to_the_stick_and_says_when_it_may_go(coordinator, border_post, blue, words) -> None:
    assert "BLUE (1 GB)" in coordinator.page
    answer = close(coordinator, words, str(blue))
    assert "Copied to BLUE and read back. It is safe to remove." in answer.text
    (kept,) = listed(border_post)
    assert (blue / kept.file.name).read_bytes() == kept.file.read_bytes()


def test_closing_without_a_stick_copies_nothing(coordinator, blue, words) -> None:
    assert "Copy it to a stick" in close(coordinator, words, "").text
    assert list(blue.iterdir()) == []


def test_a_stick_that_fails_never_keeps_a_shift_open(coordinator, border_post, blue, words, monkeypatch) -> None:
    def pulled(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(stick, "_write", pulled)
    answer = close(coordinator, words, str(blue))
    assert (answer.status_code, "The shift is closed" in answer.text) == (200, True)
    assert "This could not be copied" in answer.text
    assert "safe to remove" not in answer.text
    assert [each.there for each in listed(border_post)] == [True]


def test_what_waits_is_copied_again_in_a_later_shift(coordinator, border_post, blue, words) -> None:
    close(coordinator, words, "")
    start_again(coordinator, border_post, words)
    assert "Bundles that wait for the branch's receipt: 1" in coordinator.page
    for _ in range(2):
        coordinator.get("/en/shift")
        answer = coordinator.post("/en/shift/stick", token=coordinator.hidden("token"), stick=str(blue))
        assert (answer.status_code, "safe to remove" in answer.text) == (200, True)
    assert len(list(blue.iterdir())) == 1


@pytest.mark.parametrize("chosen", ["", "/etc", "/tmp", "../BLUE", "BLUE"])  # noqa: S108
def test_only_a_stick_that_is_in_can_be_chosen(coordinator, border_post, blue, words, chosen) -> None:
    close(coordinator, words, "")
    start_again(coordinator, border_post, words)
    answer = coordinator.post("/en/shift/stick", token=coordinator.hidden("token"), stick=chosen)
    assert (answer.status_code, "not here any more" in answer.text) == (400, True)
    assert list(blue.iterdir()) == []


def test_the_coordinator_is_reminded_of_what_waits_too_long(coordinator, border_post, blue, words) -> None:
    close(coordinator, words, "")
    db = open_register(border_post)
    db.conn.execute("UPDATE bundle SET day = '2026-01-01'")
    db.conn.commit()
    db.close()
    start_again(coordinator, border_post, words)
    assert "Bundles that wait for more than 30 days: 1" in coordinator.page


def test_a_damaged_bundle_is_said_and_nothing_is_called_safe(coordinator, border_post, blue, words) -> None:
    close(coordinator, words, "")
    listed(border_post)[0].file.write_bytes(b"?")
    start_again(coordinator, border_post, words)
    answer = coordinator.post("/en/shift/stick", token=coordinator.hidden("token"), stick=str(blue))
    assert (answer.status_code, "gone or damaged" in answer.text) == (400, True)


def test_a_revoked_safe_point_says_so_in_words(newcomer, border_post, words) -> None:
    db = open_register(border_post)
    db.conn.execute("DELETE FROM shift")
    db.conn.commit()
    db.close()
    (border_post / shift.REVOKED).write_bytes(b"")
    assert "revoked this safe-point" in newcomer.post("/en/shift/open", passphrase=words).text
    assert revocation.revoked(border_post) == frozenset()
