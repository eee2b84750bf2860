"""The shift and its people at the door."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldref.exchange import branch as branches
from fieldref.exchange import keys
from fieldref.guide.build import FILE_NAME
from fieldref.settings import Settings, write
from fieldref.web.staff import PRACTICE

Rows = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
def quiet_post(tmp_path: Path, words: str, port_miralo: Path) -> Path:
    """A safe-point with its keys, and no shift."""
    folder = tmp_path / "quiet-post"
    folder.mkdir()
    write(folder, Settings(name="Quiet Post", step="border"))
    keys.make_device(folder, words)
    (folder / FILE_NAME).write_bytes((port_miralo / FILE_NAME).read_bytes())
    return folder


@pytest.fixture
def paired(border_post: Path, tmp_path: Path, words: str, pair: Any) -> Path:
    """The folder of the safe-point whose shift is open, paired with a branch."""
    branches.make_branch(tmp_path / "north", "North", words)
    pair(tmp_path / "north", border_post)
    return border_post


@pytest.fixture
def coordinator(newcomer: Any, words: str) -> Any:
    """Somebody who has signed in with the passphrase."""
    newcomer.post("/en/shift/sign-in", passphrase=words)
    newcomer.get("/en/shift")
    return newcomer


@pytest.fixture
def add_volunteer(coordinator: Any) -> Callable[[], tuple[str, str]]:
    """Let one more volunteer in; the number and PIN that the page shows."""

    def add() -> tuple[str, str]:
        coordinator.post("/en/shift/volunteers", token=coordinator.hidden("token"))
        page = coordinator.get("/en/shift").text
        found = re.search(r"PIN of volunteer (\d+):.*?(\d{6})", page, re.DOTALL)
        assert found
        return found[1], found[2]

    return add


def test_the_passphrase_opens_the_shift_and_shows_a_pin_once(newcomer, quiet_post: Path, words: str) -> None:
    somebody = type(newcomer)(quiet_post)
    assert "Passphrase" in somebody.get("/en/sign-in").text
    assert somebody.post("/en/shift/open", passphrase=words, clock="yes").headers["Location"] == "/en/shift"
    [pin] = re.findall(r"\b\d{6}\b", re.sub("<[^>]*>", " ", somebody.get("/en/shift").text))
    assert pin not in somebody.get("/en/shift").text
    colleague = type(newcomer)(quiet_post)
    assert colleague.sign_in(pin).status_code == 303
    assert colleague.get("/en/").status_code == 200


@pytest.mark.parametrize("where", ["open", "sign-in"])
def test_a_wrong_passphrase_opens_nothing(newcomer, quiet_post: Path, border_post: Path, where: str) -> None:
    somebody = type(newcomer)(quiet_post if where == "open" else border_post)
    answer = somebody.post(f"/en/shift/{where}", passphrase="not the passphrase at all")
    assert (answer.status_code, "The passphrase is not right" in answer.text) == (403, True)
    assert somebody.get("/en/").status_code == 303


@pytest.mark.parametrize(("where", "said"), [("open", "open already"), ("sign-in", "No shift is open")])
def test_a_shift_is_opened_once_and_signed_in_to_while_open(
    newcomer, quiet_post: Path, border_post: Path, words: str, where: str, said: str
) -> None:
    somebody = type(newcomer)(border_post if where == "open" else quiet_post)
    answer = somebody.post(f"/en/shift/{where}", passphrase=words)
    assert (answer.status_code, said in answer.text) == (403, True)


def test_a_passphrase_from_another_site_is_not_looked_at(newcomer, words: str) -> None:
    answer = newcomer.post("/en/shift/sign-in", {"Origin": "http://evil.example"}, passphrase=words)
    assert answer.status_code == 403
    assert newcomer.get("/en/shift").status_code == 303


def test_each_volunteer_has_a_pin_of_their_own(newcomer, border_post: Path, add_volunteer, pin: str) -> None:
    number, second = add_volunteer()
    colleague = type(newcomer)(border_post)
    assert "Which volunteer are you?" in colleague.get("/en/sign-in").text
    assert colleague.post("/en/sign-in", pin=pin, number=number).status_code == 403
    assert colleague.post("/en/sign-in", pin=second, number=number).status_code == 303
    assert type(newcomer)(border_post).post("/en/sign-in", pin=pin, number="1").status_code == 303


def test_ten_wrong_tries_at_one_leave_the_other_pins_alone(newcomer, border_post, add_volunteer, pin: str) -> None:
    number, second = add_volunteer()
    colleague = type(newcomer)(border_post)
    for _ in range(10):
        colleague.post("/en/sign-in", pin="999998", number="1")
    assert "ten times" in colleague.post("/en/sign-in", pin=pin, number="1").text
    assert colleague.post("/en/sign-in", pin=second, number=number).status_code == 303


def test_who_is_disabled_is_out_with_the_next_tap(coordinator, volunteer, recorded: Rows, pin: str) -> None:
    coordinator.post("/en/shift/volunteers/disable", token=coordinator.hidden("token"), number="1")
    assert volunteer.get("/en/").headers["Location"] == "/en/sign-in"
    assert volunteer.sign_in(pin).status_code == 403
    assert coordinator.get("/en/").status_code == 200


@pytest.mark.parametrize("number", ["", "-1", "٣", "1; DROP TABLE volunteer", "9" * 30])
def test_a_number_that_is_none_disables_nobody(coordinator, volunteer, number: str) -> None:
    token = coordinator.hidden("token")
    assert coordinator.post("/en/shift/volunteers/disable", token=token, number=number).status_code == 303
    assert volunteer.get("/en/").status_code == 200


def test_closing_shows_what_is_sealed_and_leaves_nothing(paired, coordinator, volunteer, recorded, words) -> None:
    volunteer.refer()
    page = coordinator.get("/en/shift").text
    assert '<span>Referrals</span><b><bdi dir="ltr">1</bdi></b>' in page
    answer = coordinator.post("/en/shift/close", token=coordinator.hidden("token"), passphrase=words)
    [bundle] = (paired / "outbox").glob("*.bin")
    assert bundle.name in answer.text
    assert "Sealed for North." in answer.text
    assert 'name="token"' not in answer.text
    assert recorded("referral") == recorded("volunteer") == recorded("shift") == []
    assert coordinator.get("/en/shift").headers["Location"] == "/en/sign-in"
    assert volunteer.get("/en/").status_code == 303


def test_closing_asks_for_the_passphrase_again(paired, coordinator, recorded: Rows) -> None:
    answer = coordinator.post("/en/shift/close", token=coordinator.hidden("token"), passphrase="")
    assert (answer.status_code, "The passphrase is not right" in answer.text) == (400, True)
    assert len(recorded("shift")) == 1
    assert not list((paired / "outbox").glob("*.bin"))


def test_without_a_branch_the_shift_stays_open_and_says_why(coordinator, recorded: Rows, words: str) -> None:
    assert "There is no branch yet" in coordinator.page
    answer = coordinator.post("/en/shift/close", token=coordinator.hidden("token"), passphrase=words)
    assert (answer.status_code, "Pair first" in answer.text) == (400, True)
    assert len(recorded("shift")) == 1


def test_practice_says_so_everywhere_and_closes_nothing(paired, newcomer, words: str, recorded: Rows) -> None:
    (paired / PRACTICE).touch()
    somebody = type(newcomer)(paired)
    assert "PRACTICE" in somebody.get("/en/sign-in").text
    somebody.post("/en/shift/sign-in", passphrase=words)
    assert "PRACTICE" in somebody.get("/en/shift").text
    answer = somebody.post("/en/shift/close", token=somebody.hidden("token"), passphrase=words)
    assert (answer.status_code, "ever sealed" in answer.text) == (400, True)
    assert len(recorded("shift")) == 1
    assert not list((paired / "outbox").glob("*.bin"))
