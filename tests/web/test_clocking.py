"""What the doors say and take while nobody stands for the time, and how a person's yes mends it."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from fieldref import clock
from fieldref.clock import Machine
from fieldref.exchange import branch as branches
from fieldref.exchange.bundle import close_shift
from fieldref.web.public import create_public

Rows = Callable[[str], list[tuple[object, ...]]]
OPEN_NOW = re.compile(r'class="badge open|Closes soon')


class Woken(Machine):
    """A box that woke up in the past, without a battery and without a network."""

    turned = timedelta()

    def now(self) -> datetime:
        return datetime(2026, 11, 20, 11, 0) + self.turned

    def by_network(self) -> bool:
        return False

    def has_battery(self) -> bool:
        return False


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> Woken:
    """The doors open while nobody knows the time; every question is asked anew."""
    box = Woken()
    monkeypatch.setattr(clock, "MACHINE", box)
    monkeypatch.setattr(clock, "ASKED_AGAIN", -1)
    monkeypatch.setattr(clock, "NETWORK_ASKED_AGAIN", -1)
    return box


@pytest.fixture
def in_doubt(woken: Woken, volunteer: Any) -> Any:
    """A volunteer at a box whose clock nobody has confirmed."""
    return volunteer


def every_page(phone: Client) -> str:
    """All that the public door says of services, in one text."""
    first = phone.get("/en/services/").text + phone.get("/en/near/").text + phone.get("/en/emergency").text
    needs = {*re.findall(r'href="(/en/needs/[a-z_]+)"', first)}
    lists = "".join(phone.get(each).text for each in sorted(needs))
    services = {*re.findall(r'href="(/en/service/[a-z0-9-]+)"', lists)}
    assert needs and services
    return first + lists + "".join(phone.get(each).text for each in sorted(services))


def test_no_page_says_open_now_until_somebody_says_what_time_it_is(
    woken: Woken, border_post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Client(create_public(border_post))
    in_doubt = every_page(phone)
    clock.confirm(datetime(2026, 11, 27, 11, 0))
    sure = every_page(phone)
    always_open = len(OPEN_NOW.findall(in_doubt))
    assert always_open < len(OPEN_NOW.findall(sure))
    assert not re.search(r"Closes soon|Opens (at|tomorrow)", in_doubt)


def test_the_home_asks_whether_the_clock_is_right_until_somebody_looked(in_doubt: Any) -> None:
    assert "Is the clock right?" in in_doubt.get("/en/").text
    in_doubt.get("/en/clock")
    in_doubt.post("/en/clock", token=in_doubt.hidden("token"), right="yes")
    assert "Is the clock right?" not in in_doubt.get("/en/").text


def test_the_time_of_a_phone_becomes_the_day_of_the_next_record(in_doubt: Any, recorded: Rows) -> None:
    in_doubt.get("/en/clock")
    in_doubt.post("/en/clock", token=in_doubt.hidden("token"), day="2026-11-27", time="11:20")
    in_doubt.refer()
    assert [row[1] for row in recorded("referral")] == ["2026-11-27"]


def test_records_made_while_nobody_stood_for_the_time_are_marked_by_their_shift(in_doubt: Any, recorded: Rows) -> None:
    in_doubt.refer()
    in_doubt.get("/en/clock")
    in_doubt.post("/en/clock", token=in_doubt.hidden("token"), right="yes")
    assert [row[2] for row in recorded("shift")] == ["untrusted"]


@pytest.mark.parametrize("turned", [-18_000, 18_000, -1], ids=["50-years-back", "50-years-on", "a-day-back"])
def test_a_clock_turned_in_a_shift_changes_no_day_once_a_person_said_the_time(
    in_doubt: Any, woken: Woken, recorded: Rows, turned: int
) -> None:
    in_doubt.get("/en/clock")
    in_doubt.post("/en/clock", token=in_doubt.hidden("token"), day="2026-11-27", time="11:20")
    woken.turned = timedelta(days=turned)
    in_doubt.refer()
    assert [row[1] for row in recorded("referral")] == ["2026-11-27"]
    assert in_doubt.get("/en/").status_code == 200


@pytest.mark.parametrize(
    ("day", "time"), [("", ""), ("2026-13-01", "11:00"), ("tomorrow", "noon"), ("2026-11-27", "25:00")]
)
def test_what_is_no_time_is_refused_in_words(in_doubt: Any, day: str, time: str) -> None:
    in_doubt.get("/en/clock")
    answer = in_doubt.post("/en/clock", token=in_doubt.hidden("token"), day=day, time=time)
    assert (answer.status_code, "the day and the time" in answer.text) == (400, True)
    assert not clock.state().trusted


def test_a_day_before_one_that_was_seen_is_asked_about_once_more(in_doubt: Any) -> None:
    clock.seen(datetime(2026, 12, 24).date())
    in_doubt.get("/en/clock")
    answer = in_doubt.post("/en/clock", token=in_doubt.hidden("token"), day="2026-11-27", time="11:20")
    assert (answer.status_code, clock.state().trusted) == (400, False)
    in_doubt.post("/en/clock", token=in_doubt.hidden("token"), day="2026-11-27", time="11:20", sure="yes")
    assert (clock.state().source, clock.today().isoformat()) == ("person", "2026-11-27")


def test_opening_the_shift_with_the_tick_confirms_the_clock(
    woken: Woken, newcomer: Any, words: str, tmp_path: Path, border_post: Path, pair: Any, recorded: Rows
) -> None:
    branches.make_branch(tmp_path / "north", "North", words)
    pair(tmp_path / "north", border_post)
    close_shift(border_post, words)
    newcomer.post("/en/shift/open", passphrase=words, clock="yes")
    assert (clock.state().source, [row[2] for row in recorded("shift")]) == ("person", ["trusted"])


@pytest.mark.parametrize("day", ["9999-12-31", "2100-01-01", "0001-01-01", "1998-06-01"])
def test_no_volunteer_sets_a_year_in_which_no_page_can_be_shown(volunteer, border_post, day: str) -> None:
    volunteer.get("/en/clock")
    before = clock.now().year
    form = {"token": volunteer.hidden("token"), "day": day, "time": "00:00", "sure": "yes"}
    assert volunteer.post("/en/clock", **form).status_code == 400
    assert clock.now().year == before
    clock.seen(date.fromisoformat(day))
    assert clock.now().year == before
    assert volunteer.get("/en/capacity").status_code == 200
