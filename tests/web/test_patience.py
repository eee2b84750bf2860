"""Who guesses wrong waits, and nobody else does."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from fieldref.register.access import WrongPin
from fieldref.register.passphrase import PassphraseRefused
from fieldref.web import patience
from fieldref.web.patience import COORDINATOR, MOST, Patience, TooSoon

HERE, THERE = "10.42.0.17", "10.42.0.99"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not here."""
    monkeypatch.setattr(patience, "LONGEST", 60)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock: Clock) -> Patience:
    return Patience(clock)


def guess(door: Patience, address: str = HERE, number: int = 1) -> None:
    """One wrong try, or TooSoon."""
    wrong = PassphraseRefused("no") if number == COORDINATOR else WrongPin("no")
    with pytest.raises(type(wrong)), door.one_try(address, number):
        raise wrong


def wait_after(wrong: int, door: Patience, clock: Clock) -> int:
    """How many seconds somebody is told to wait after so many wrong tries, waiting each time as told."""
    told = 0
    for _ in range(wrong):
        clock.now += told
        guess(door)
        with pytest.raises(TooSoon) as refused, door.one_try(HERE, 1):
            raise AssertionError("it was looked at")
        told = refused.value.seconds
    return told


@pytest.mark.parametrize(("wrong", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (6, 32), (7, 60), (10, 60)])
def test_the_wait_doubles_to_a_minute(door: Patience, clock: Clock, wrong: int, seconds: int) -> None:
    assert wait_after(wrong, door, clock) == max(2, seconds), "never one, so that the word for many is right"


def test_it_holds_the_one_who_guesses(door: Patience) -> None:
    guess(door)
    with door.one_try(THERE, 1), pytest.raises(TooSoon), door.one_try(HERE, 1):
        pass


def test_on_the_shared_machine_it_holds_one_number(door: Patience) -> None:
    guess(door, number=1)
    with door.one_try(HERE, 2):
        pass


def test_the_right_one_forgets_all(door: Patience, clock: Clock) -> None:
    assert wait_after(3, door, clock) >= 4
    clock.now += 5
    with door.one_try(HERE, 1):
        pass
    assert wait_after(1, door, clock) <= 2


def test_a_try_that_came_too_soon_makes_nobody_wait_longer(door: Patience, clock: Clock) -> None:
    guess(door)
    for _ in range(5):
        with pytest.raises(TooSoon), door.one_try(HERE, 1):
            pass
    clock.now += 1.01
    guess(door)


def test_many_tries_at_once_are_one_try(door: Patience) -> None:
    looked, ready = [], threading.Barrier(8)

    def try_it(n: int) -> None:
        ready.wait()
        try:
            with door.one_try(HERE, 1):
                looked.append(n)
                time.sleep(0.1)  # the others are in line by now
                raise WrongPin("no")
        except (WrongPin, TooSoon):
            pass

    with ThreadPoolExecutor(8) as people:
        list(people.map(try_it, range(8)))
    assert len(looked) == 1


def test_wrong_passphrases_are_counted(door: Patience) -> None:
    for number in range(5):
        guess(door, f"10.42.0.{number}", COORDINATOR)
    guess(door, THERE, 3)
    assert door.wrong_passphrases == 5


def test_addresses_are_neither_kept_nor_kept_for_good(door: Patience, clock: Clock) -> None:
    for number in range(MOST + 10):
        guess(door, f"10.42.{number // 256}.{number % 256}")
    assert len(door._marks) == MOST
    assert not any(b"10.42" in mark for mark in door._marks)
    clock.now += patience.FORGOTTEN
    guess(door)
    assert len(door._marks) == 1


def test_the_door_says_how_long(newcomer, pin: str) -> None:
    assert newcomer.sign_in("999998").status_code == 403
    answer = newcomer.sign_in(pin)
    assert answer.status_code == 429
    assert "Wait 2 seconds" in answer.text


def test_a_try_that_should_have_waited_is_not_counted(newcomer, recorded) -> None:
    for _ in range(4):
        newcomer.sign_in("999998")
    assert [row[3] for row in recorded("volunteer")] == [1]


@pytest.mark.parametrize("path", ["/en/shift/open", "/en/shift/sign-in"])
def test_the_passphrase_waits_too(newcomer, words: str, path: str) -> None:
    assert newcomer.post(path, passphrase="wrong words of mine").status_code == 403
    assert newcomer.post(path, passphrase=words).status_code == 429


def test_the_coordinator_is_told_of_wrong_passphrases(newcomer, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LONGEST", 0)
    for _ in range(3):
        newcomer.post("/en/shift/sign-in", passphrase="wrong words of mine")
    newcomer.post("/en/shift/sign-in", passphrase=words)
    assert "since it was opened: 3" in newcomer.get("/en/shift").text
