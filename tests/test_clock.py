"""The clock of a box that may have woken up in the past: what is believed, and for how long."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from fieldref import clock
from fieldref.clock import ClockRefused, Machine

NOON = datetime(2026, 11, 27, 12, 0)
YEARS = timedelta(days=50 * 365)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Box(Machine):
    """A machine whose clocks the test turns."""

    def __init__(self) -> None:
        self.wall, self.ran, self.started = NOON, timedelta(hours=3), "first start"
        self.battery = self.network = False

    def now(self) -> datetime:
        return self.wall

    def running(self) -> timedelta:
        return self.ran

    def boot(self) -> str:
        return self.started

    def has_battery(self) -> bool:
        return self.battery

    def by_network(self) -> bool:
        return self.network

    def wait(self, how_long: timedelta) -> None:
        self.wall += how_long
        self.ran += how_long

    def restart(self, wall: datetime) -> None:
        self.wall, self.ran, self.started = wall, timedelta(seconds=20), self.started + "+"


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    """A box at noon, whose clock nobody has confirmed; every question is asked anew."""
    machine = Box()
    monkeypatch.setattr(clock, "MACHINE", machine)
    monkeypatch.setattr(clock, "ASKED_AGAIN", -1)
    monkeypatch.setattr(clock, "NETWORK_ASKED_AGAIN", -1)
    clock.use(tmp_path)
    yield machine


def test_until_somebody_says_so_the_clock_is_not_trusted(box: Box) -> None:
    assert not clock.state().trusted
    assert clock.now() == NOON


def test_a_yes_of_a_person_holds_for_as_long_as_the_box_runs(box: Box) -> None:
    clock.confirm(NOON + HOUR)
    box.wait(9 * HOUR)
    assert (clock.state().source, clock.now()) == ("person", NOON + 10 * HOUR)


@pytest.mark.parametrize("turned", [-YEARS, YEARS, -HOUR, DAY], ids=["50-years-back", "50-years-on", "back", "on"])
def test_turning_the_machines_clock_changes_nothing_that_a_person_said(box: Box, turned: timedelta) -> None:
    clock.confirm(NOON)
    box.wall += turned
    box.wait(HOUR)
    assert (clock.state().source, clock.now()) == ("person", NOON + HOUR)


def test_after_a_restart_without_a_battery_nobody_stands_for_the_time(box: Box) -> None:
    clock.confirm(NOON)
    box.restart(NOON + HOUR)
    assert not clock.state().trusted


def test_a_box_without_a_battery_is_never_earlier_than_the_last_day_it_saw(box: Box) -> None:
    clock.confirm(NOON)
    box.restart(datetime(1970, 1, 1))
    assert (clock.state().trusted, clock.today()) == (False, NOON.date())


def test_a_battery_keeps_what_a_person_said_over_a_restart(box: Box) -> None:
    box.battery = True
    clock.confirm(NOON + HOUR)
    box.restart(NOON + 20 * HOUR)
    assert (clock.state().source, clock.now()) == ("kept", NOON + 21 * HOUR)


@pytest.mark.parametrize("wakes", [NOON - DAY, NOON - YEARS, NOON + YEARS, NOON + 40 * DAY], ids=str)
def test_a_battery_is_not_believed_when_the_day_does_not_go_on_from_the_last(box: Box, wakes: datetime) -> None:
    box.battery = True
    clock.confirm(NOON)
    box.restart(wakes)
    assert not clock.state().trusted


@pytest.mark.parametrize("turned", [-HOUR, HOUR, YEARS], ids=["back", "on", "50-years-on"])
def test_a_clock_that_somebody_sets_while_we_run_is_no_longer_kept(box: Box, turned: timedelta) -> None:
    box.battery = True
    clock.confirm(NOON)
    box.restart(NOON + HOUR)
    assert clock.state().source == "kept"
    box.wall += turned
    assert not clock.state().trusted


def test_a_time_server_stands_for_the_time(box: Box) -> None:
    box.network = True
    assert (clock.state().source, clock.now()) == ("network", NOON)


def test_a_time_server_that_is_behind_what_was_seen_here_is_not_believed(box: Box) -> None:
    clock.seen(NOON.date() + DAY)
    box.network = True
    assert not clock.state().trusted


def test_a_day_before_the_last_one_seen_is_refused_until_somebody_is_sure(box: Box) -> None:
    clock.seen(date(2027, 1, 1))
    with pytest.raises(ClockRefused, match="2027-01-01"):
        clock.confirm(NOON)
    assert not clock.state().trusted
    clock.confirm(NOON, sure=True)
    assert (clock.state().source, clock.today()) == ("person", NOON.date())


@pytest.mark.parametrize(
    "damage", [b"", b"[]", b"{", b'{"day": "soon"}', b'{"source": "person"}', b"\xff" * 9], ids=str
)
def test_a_damaged_file_is_a_clock_that_nobody_confirmed(box: Box, tmp_path: Path, damage: bytes) -> None:
    (tmp_path / clock.FILE_NAME).write_bytes(damage)
    assert not clock.state().trusted
    clock.confirm(NOON)
    assert clock.state().trusted


def test_where_no_folder_is_in_use_the_machines_own_clock_counts(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_folder", None)
    assert (clock.now(), clock.state().trusted) == (NOON, False)


def test_a_real_machine_answers() -> None:
    machine = Machine()
    assert machine.running() > timedelta()
    assert isinstance(machine.by_network(), bool)
    assert isinstance(machine.has_battery(), bool)
