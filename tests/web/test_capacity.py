"""A service says by phone what room it has: every page and form says so at once, and no longer than today."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.test import Client

from fieldref import clock, today
from fieldref.web.pagecache import PageCache
from fieldref.web.public import create_public

HOSTEL = "lighthouse-hostel-beds"
# A day in the sample's time on which the hostel opens at 18:00, told late in the evening.
EVENING = datetime(2026, 11, 23, 19, 5)
Pages = dict[str, str]


@pytest.fixture
def visitor(border_post: Path) -> Iterator[Client]:
    """A phone at the public door of the same safe-point."""
    yield Client(create_public(border_post))


@pytest.fixture
def told(volunteer) -> Callable[..., object]:
    """A volunteer has called the hostel, and taps what it said."""

    def tell(state: str, **changed: str):
        volunteer.get("/en/capacity")
        usual = {"token": volunteer.hidden("token"), "service": HOSTEL, "state": state, "hour": ""}
        return volunteer.post("/en/capacity", **(usual | changed))

    return tell


class Stopped(clock.Machine):
    """A machine whose clock a time server has set, and that stands still."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def by_network(self) -> bool:
        return True


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock of the box."""
    return lambda moment: monkeypatch.setattr(clock, "MACHINE", Stopped(moment))


def test_the_pages_say_it_at_once_and_in_every_language(told, visitor: Client) -> None:
    """Also the pages that phones were given before, and that are kept."""
    pages = (f"/en/service/{HOSTEL}", "/en/needs/shelter")
    assert not [path for path in pages if "Full today" in visitor.get(path).text]
    assert told("full").headers["Location"] == "/en/capacity"
    for path in pages:
        assert "Full today" in visitor.get(path).text
        assert "It told us by phone: no place today." in visitor.get(path).text
    assert "ممتلئ اليوم" in visitor.get(f"/ar/service/{HOSTEL}").text
    told("limited")
    assert "Few places today" in visitor.get(pages[0]).text
    told("open")
    assert "there is room today" in visitor.get(pages[0]).text
    told("")
    assert "by phone" not in visitor.get(pages[0]).text


def test_a_full_one_is_not_among_what_is_open_near(border_post: Path, visitor: Client, at) -> None:
    at(EVENING)
    before = visitor.get("/en/near/").text.count("/en/service/")
    found = visitor.get("/en/near/").text.split("/en/service/")[1].split('"')[0]
    today.set_capacity(border_post, found, "full", EVENING)
    assert visitor.get("/en/near/").text.count("/en/service/") == before - 1
    assert f"/en/service/{found}" not in visitor.get("/en/near/").text


def test_it_ends_by_itself_and_until_then_a_kept_page_asks_nobody(border_post: Path, at, monkeypatch) -> None:
    door = create_public(border_post)
    phone, path = Client(door), f"/en/service/{HOSTEL}"
    at(EVENING)
    today.set_capacity(border_post, HOSTEL, "full", EVENING, hour=21)
    assert "Full today" in phone.get(path).text
    made = []
    make = PageCache._make
    monkeypatch.setattr(PageCache, "_make", lambda *asked: made.append(1) or make(*asked))
    for moment, full in ((EVENING.replace(hour=20, minute=59), True), (EVENING.replace(hour=21, minute=0), False)):
        at(moment)
        assert ("Full today" in phone.get(path).text) is full
    assert made == [1]


def test_a_page_on_which_another_place_is_best_comes_back_when_the_full_one_has_room(
    border_post: Path, at, monkeypatch
) -> None:
    door = create_public(border_post)
    at(EVENING)
    phone = Client(door)
    best = phone.get("/en/rights/asylum").text.split("/en/service/")[1].split('"')[0]
    today.set_capacity(border_post, best, "full", EVENING, hour=21)
    assert f"/en/service/{best}" not in phone.get("/en/rights/asylum").text
    at(EVENING.replace(hour=21, minute=0))
    assert f"/en/service/{best}" in phone.get("/en/rights/asylum").text


def test_the_volunteer_is_warned_of_a_full_one_before_anything_is_recorded(told, volunteer, recorded) -> None:
    told("full")
    answer = volunteer.refer(sure="")
    assert "Better not send this person there" in answer.text
    assert "Full today" in answer.text
    assert recorded("referral") == []


def test_on_the_form_a_full_one_stands_under_better_not_and_a_limited_one_with_its_badge(told, volunteer, at) -> None:
    at(EVENING)
    told("full")
    told("limited", service="womens-safe-house")
    volunteer.get("/en/")
    for chosen in ({"person": "ar"}, {"need": "shelter"}):
        volunteer.post("/en/begin", token=volunteer.hidden("token"), **chosen)
    page = volunteer.get("/en/refer").text
    above, _, under = page.partition("Better not:")
    assert "Few places today" in above.split('value="womens-safe-house"')[1][:300]
    assert "Full today" in under.split(f'value="{HOSTEL}"')[1][:300]


@pytest.mark.parametrize(
    "wrong",
    [{"service": "nowhere"}, {"service": ""}, {"state": "party"}, {"hour": "25"}, {"hour": "٩"}, {"hour": "-1"}],
    ids=str,
)
def test_what_cannot_be_is_refused_in_words(told, border_post: Path, wrong: dict[str, str]) -> None:
    answer = told(**({"state": "full"} | wrong))
    assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)
    assert today.today(border_post, datetime.now()) == today.NOTHING


def test_it_is_told_until_midnight_unless_sooner(told, border_post: Path) -> None:
    told("full")
    [only] = today.today(border_post, datetime.now()).capacity.values()
    assert only.until == datetime.combine(datetime.now().date() + timedelta(days=1), datetime.min.time())


def test_a_service_that_is_no_longer_in_the_guide_harms_nobody(border_post: Path, volunteer, visitor: Client) -> None:
    today.set_capacity(border_post, "gone-for-good", "full", datetime.now())
    assert visitor.get("/en/needs/shelter").status_code == volunteer.get("/en/capacity").status_code == 200


def test_the_file_holds_services_and_states_and_nothing_else(told, volunteer, border_post: Path) -> None:
    told("full")
    volunteer.refer()
    content = (border_post / today.FILE_NAME).read_text()
    tomorrow = datetime.now().date() + timedelta(days=1)
    facts = {"capacity": {HOSTEL: ["full", f"{tomorrow}T00:00"]}, "languages": [], "boot": clock.MACHINE.boot()}
    assert json.loads(content) == facts
