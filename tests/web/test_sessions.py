"""Who is signed in, and when that ends."""

import pytest

from fieldref.web.sessions import IDLE, LONGEST, Session, Sessions


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(clock: Clock) -> Sessions[Session]:
    return Sessions(Session, clock)


def test_a_session_is_found_by_its_secret_only(sessions: Sessions[Session]) -> None:
    secret, session = sessions.open("volunteer", "shift")
    assert sessions.find(secret, "shift") is session
    assert sessions.find("guess", "shift") is None


def test_a_session_ends_after_ten_idle_minutes(sessions: Sessions[Session], clock: Clock) -> None:
    secret, _ = sessions.open("volunteer", "shift")
    clock.now += IDLE
    assert sessions.find(secret, "shift")
    clock.now += IDLE + 1
    assert sessions.find(secret, "shift") is None


def test_a_busy_session_ends_after_twelve_hours(sessions: Sessions[Session], clock: Clock) -> None:
    secret, _ = sessions.open("volunteer", "shift")
    while clock.now <= LONGEST - IDLE:
        clock.now += IDLE
        assert sessions.find(secret, "shift")
    clock.now += IDLE
    assert sessions.find(secret, "shift") is None


def test_a_session_dies_with_its_shift(sessions: Sessions[Session]) -> None:
    secret, _ = sessions.open("volunteer", "morning")
    assert sessions.find(secret, "evening") is None
    assert sessions.find(secret, "morning") is None, "and does not come back"


def test_after_signing_out_the_secret_is_worth_nothing(sessions: Sessions[Session]) -> None:
    secret, _ = sessions.open("volunteer", "shift")
    sessions.close(secret)
    assert sessions.find(secret, "shift") is None
