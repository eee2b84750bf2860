"""What holds only today: who has room, and what languages are spoken. It goes by itself, or with the shift."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fieldref import clock, today
from fieldref.exchange.bundle import close_shift
from fieldref.register import shift
from fieldref.today import Board, TodayRefused, hours_ahead, set_capacity, set_languages

NOON = datetime(2026, 11, 22, 12, 20)
MIDNIGHT = datetime(2026, 11, 23)


def states(folder: Path, moment: datetime = NOON) -> dict[str, str]:
    return {id: each.state for id, each in today.today(folder, moment).capacity.items()}


def test_a_state_ends_with_the_day(tmp_path: Path) -> None:
    set_capacity(tmp_path, "clinic", "full", NOON)
    assert states(tmp_path, MIDNIGHT - timedelta(minutes=1)) == {"clinic": "full"}
    assert states(tmp_path, MIDNIGHT) == {}


def test_or_sooner_at_an_hour_that_says_nothing_of_when_it_was_told(tmp_path: Path) -> None:
    set_capacity(tmp_path, "clinic", "limited", NOON, hour=15)
    assert states(tmp_path, NOON.replace(hour=14, minute=59)) == {"clinic": "limited"}
    assert states(tmp_path, NOON.replace(hour=15, minute=0)) == {}
    assert hours_ahead(NOON) == (15, 18, 21)
    assert hours_ahead(NOON.replace(hour=23)) == ()


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_a_clock_that_jumps_to_another_day_revives_nothing(tmp_path: Path, days: int) -> None:
    set_capacity(tmp_path, "clinic", "full", NOON)
    assert states(tmp_path, NOON + timedelta(days=days)) == {}
    assert states(tmp_path, NOON - timedelta(hours=2)) == {"clinic": "full"}


def test_a_new_state_takes_the_place_of_the_old_and_none_takes_it_back(tmp_path: Path) -> None:
    for state in ("open", "limited", "full"):
        set_capacity(tmp_path, "clinic", state, NOON)
        set_capacity(tmp_path, "kitchen", "open", NOON)
        assert states(tmp_path) == {"clinic": state, "kitchen": "open"}
    set_capacity(tmp_path, "clinic", "", NOON)
    assert states(tmp_path) == {"kitchen": "open"}


@pytest.mark.parametrize(
    ("service", "state", "hour"),
    [("clinic", "closed", None), ("Amina, 34", "full", None), ("clinic", "full", 12), ("clinic", "full", 14),
     ("clinic", "full", 99), ("x" * 65, "full", None), ("clinic", "<b>", None)],
    ids=["state", "name", "passed", "hour", "no hour", "long", "markup"],
)  # fmt: skip
def test_what_is_no_state_of_today_is_refused_and_changes_nothing(
    tmp_path: Path, service: str, state: str, hour: int | None
) -> None:
    set_capacity(tmp_path, "kitchen", "open", NOON)
    with pytest.raises(TodayRefused):
        set_capacity(tmp_path, service, state, NOON, hour)
    assert states(tmp_path) == {"kitchen": "open"}


def test_there_is_an_end_to_how_many_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    longest = "a" * 60
    for number in range(3):
        set_capacity(tmp_path, f"{longest}{number}", "limited", NOON)
    assert (tmp_path / today.FILE_NAME).stat().st_size / 3 * today.MOST < today.LARGEST
    monkeypatch.setattr(today, "MOST", 3)
    set_capacity(tmp_path, f"{longest}0", "full", NOON)
    with pytest.raises(TodayRefused, match="already"):
        set_capacity(tmp_path, "one-more", "full", NOON)


def test_languages_are_codes_of_ours_in_the_order_of_the_list(tmp_path: Path) -> None:
    set_languages(tmp_path, ["ti", "en", "ar", "en"], NOON)
    assert today.today(tmp_path, NOON).languages == ("en", "ar", "ti")
    with pytest.raises(TodayRefused):
        set_languages(tmp_path, ["en", "klingon"], NOON)
    assert today.today(tmp_path, NOON).languages == ("en", "ar", "ti")


def test_closing_the_shift_takes_all_of_it_away(safe_point: Path, branch: Path, open_shift, words: str) -> None:
    set_capacity(safe_point, "clinic", "full", datetime.now())
    set_languages(safe_point, ["ar"], datetime.now())
    close_shift(safe_point, words)
    assert (safe_point / today.FILE_NAME).read_bytes() == b"{}"


def test_so_does_opening_one_after_a_cut_just_before_that(safe_point: Path, words: str) -> None:
    set_languages(safe_point, ["ar"], NOON)
    shift.open_shift(safe_point, words)
    assert today.today(safe_point, NOON) == today.NOTHING


class Restarted(clock.Machine):
    """A machine that was switched off since; its clock is what a network says, or what it woke up with."""

    def __init__(self, network: bool) -> None:
        self.network = network

    def boot(self) -> str:
        return "another"

    def has_battery(self) -> bool:
        return False

    def by_network(self) -> bool:
        return self.network


@pytest.mark.parametrize(("network", "held"), [(True, {"clinic": "full"}), (False, {})], ids=["clock", "no clock"])
def test_after_a_night_without_power_a_state_holds_only_by_a_clock_that_somebody_stands_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, network: bool, held: dict[str, str]
) -> None:
    """Such a box wakes up yesterday evening. What languages are spoken is the shift's, and stays."""
    set_capacity(tmp_path, "clinic", "full", NOON)
    set_languages(tmp_path, ["ar"], NOON)
    monkeypatch.setattr(clock, "MACHINE", Restarted(network))
    clock.use(tmp_path)
    assert states(tmp_path) == held
    assert today.today(tmp_path, NOON).languages == ("ar",)


def test_without_a_clock_a_state_holds_while_the_machine_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "MACHINE", Restarted(network=False))
    clock.use(tmp_path)
    set_capacity(tmp_path, "clinic", "full", NOON)
    assert states(tmp_path) == {"clinic": "full"}


def test_where_nothing_is_said_there_is_nothing_to_take_back(tmp_path: Path) -> None:
    today.forget(tmp_path)
    assert list(tmp_path.iterdir()) == []


WHOLE = {"capacity": {"clinic": ["full", "2026-11-23T00:00"]}, "languages": ["ar"], "boot": clock.MACHINE.boot()}
DAMAGED = ["", "{", "[1]", "null", "[" * 9_999]
DAMAGED += ['{"capacity": [], "languages": []}', '{"capacity": {}}', '{"languages": []}']
NOT_OURS = [{"clinic": ["party", "2026-11-23T00:00"]}, {"<b>": ["full", "2026-11-23T00:00"]},
            {"clinic": ["full", "2026-11-23T00:00+01:00"]}, {"clinic": ["full", "2099-01-01T00:00"]},
            {"clinic": "full"}, {"clinic": ["full", 7]}, {"clinic": [["full"], "2026-11-23T00:00"]}]  # fmt: skip


@pytest.mark.parametrize("content", [*DAMAGED, *(json.dumps(WHOLE | {"capacity": wrong}) for wrong in NOT_OURS)],
                         ids=lambda content: content[:60])  # fmt: skip
def test_a_damaged_file_says_nothing_of_any_service(tmp_path: Path, content: str) -> None:
    (tmp_path / today.FILE_NAME).write_text(json.dumps(WHOLE))
    assert states(tmp_path) == {"clinic": "full"}
    (tmp_path / today.FILE_NAME).write_text(content)
    assert states(tmp_path) == {}


def test_a_board_reads_again_only_what_was_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board(tmp_path)
    assert (board.identity(), board.now(NOON)) == (None, today.NOTHING)
    set_languages(tmp_path, ["ar"], NOON)
    before = board.identity()
    assert board.now(NOON).languages == ("ar",)
    with monkeypatch.context() as blind:
        blind.setattr(board._file, "_read", lambda _: 1 / 0)
        assert board.now(NOON).languages == ("ar",)
    set_languages(tmp_path, ["ar", "fa"], NOON)
    assert board.identity() != before
    assert board.now(NOON).languages == ("ar", "fa")
