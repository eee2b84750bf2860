"""Announcements of the day: coded sentences from the staff door to every phone, until they end."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.test import Client

from fieldref.guide import announcements
from fieldref.guide.announcements import (
    KINDS,
    MOST,
    Announcement,
    AnnouncementRefused,
    Board,
    announce,
    current,
    remove,
)
from fieldref.web.public import create_public

NOW = datetime(2026, 11, 22, 12, 0)


def announcement(number: int = 0, **changed: object) -> Announcement:
    usual = {"id": f"{number:016x}", "code": "doctor", "time": "17:00", "until": NOW + timedelta(hours=6)}
    return Announcement(**(usual | changed))  # type: ignore[arg-type]


@pytest.fixture
def visitor(border_post: Path) -> Iterator[Client]:
    """A phone at the public door of the same safe-point."""
    yield Client(create_public(border_post))


def tell(volunteer, **changed: str):
    volunteer.get("/en/announce")
    later = f"{datetime.now() + timedelta(hours=2):%H:%M}"
    usual = {"kind": "doctor", "time": "17:00", "until": later}
    fields = {"token": volunteer.hidden("token"), "once": volunteer.hidden("once")}
    return volunteer.post("/en/announce", **(fields | usual | changed))


def test_what_a_volunteer_announces_is_on_every_phone_at_once(volunteer, visitor: Client) -> None:
    assert "17:00" not in visitor.get("/en/").text
    assert tell(volunteer).headers["Location"] == "/en/announce"
    for code in ("en", "ar", "bn"):
        assert '<bdi dir="ltr">17:00</bdi>' in visitor.get(f"/{code}/").text
    assert "Doctor here at" in visitor.get("/en/").text


def test_one_tap_takes_it_down_at_once(volunteer, visitor: Client) -> None:
    tell(volunteer)
    assert "17:00" in visitor.get("/en/").text
    volunteer.get("/en/announce")
    volunteer.post("/en/announce/remove", token=volunteer.hidden("token"), id=volunteer.hidden("id"))
    assert "17:00" not in visitor.get("/en/").text


def test_the_same_form_sent_twice_announces_once_even_after_it_was_removed(volunteer, border_post: Path) -> None:
    tell(volunteer, once="the same form")
    tell(volunteer, once="the same form")
    [only] = current(border_post, datetime.now())
    volunteer.post("/en/announce/remove", token=volunteer.hidden("token"), id=only.id)
    tell(volunteer, once="the same form")
    assert current(border_post, datetime.now()) == ()


@pytest.mark.parametrize(
    "wrong",
    [{"kind": ""}, {"kind": "free beer"}, {"time": ""}, {"time": "25:00"}, {"time": "<b>"}, {"until": ""},
     {"until": "soon"}, {"once": ""}],
    ids=str,
)  # fmt: skip
def test_what_is_no_sentence_of_ours_is_refused_in_words(volunteer, border_post: Path, wrong: dict[str, str]) -> None:
    answer = tell(volunteer, **wrong)
    assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)
    assert current(border_post, datetime.now()) == ()


def test_three_are_enough(volunteer, border_post: Path) -> None:
    for number in range(MOST):
        assert tell(volunteer, once=f"form {number}", time=f"1{number}:00").status_code == 303
    assert "Remove one first" in volunteer.get("/en/announce").text
    token = volunteer.hidden("token")
    answer = volunteer.post("/en/announce", token=token, once="x", kind="weather", until="23:59")
    assert (answer.status_code, len(current(border_post, datetime.now()))) == (400, MOST)


def test_a_time_that_has_passed_today_is_tomorrows(volunteer, border_post: Path) -> None:
    earlier = datetime.now() - timedelta(minutes=2)
    tell(volunteer, until=f"{earlier:%H:%M}")
    [only] = current(border_post, datetime.now())
    assert timedelta(hours=23) < only.until - datetime.now() <= timedelta(hours=24)


def test_the_home_is_kept_no_longer_than_to_the_first_end(border_post: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now()
    for number, hours in ((1, 5), (2, 1)):
        announce(border_post, announcement(number, until=now + timedelta(hours=hours)), now)
    door = create_public(border_post)
    Client(door).get("/en/")
    [kept] = [kept for (path, _), kept in door._kept.items() if path == "/en/"]
    assert kept.until == pytest.approx((now + timedelta(hours=1)).timestamp(), abs=60)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_sentence_can_be_announced(tmp_path: Path, kind) -> None:
    announce(tmp_path, announcement(code=kind.code, time="09:30" if kind.timed else ""), NOW)
    [only] = current(tmp_path, NOW)
    assert only.kind is kind
    assert ("%(time)s" in kind.name) is kind.timed


def test_it_ends_by_itself(tmp_path: Path) -> None:
    announce(tmp_path, announcement(), NOW)
    assert current(tmp_path, NOW + timedelta(hours=5, minutes=59))
    assert current(tmp_path, NOW + timedelta(hours=6)) == ()
    with pytest.raises(AnnouncementRefused):
        announce(tmp_path, announcement(until=NOW), NOW)


def test_what_has_ended_makes_room(tmp_path: Path) -> None:
    for number in range(MOST):
        announce(tmp_path, announcement(number), NOW)
    with pytest.raises(AnnouncementRefused, match="remove one"):
        announce(tmp_path, announcement(9), NOW)
    announce(tmp_path, announcement(9, until=NOW + timedelta(days=1)), NOW + timedelta(hours=7))


DAMAGED = ["", "{", "[1]", '[{"id": "x"}]', "null", "[" * 9_999]
NOT_OURS = [{"time": "<b>"}, {"code": "party"}, {"until": "2099-01-01T10:00+01:00"}, {"id": 7}]
WHOLE = {"id": "a" * 16, "code": "doctor", "time": "17:00", "until": "2099-01-01T10:00"}


@pytest.mark.parametrize(
    "content", [*DAMAGED, *(json.dumps([WHOLE | wrong]) for wrong in NOT_OURS)], ids=lambda c: c[-40:]
)
def test_a_damaged_file_announces_nothing_and_the_home_opens(border_post: Path, content: str) -> None:
    (border_post / announcements.FILE_NAME).write_text(content)
    assert current(border_post, NOW) == ()
    assert Client(create_public(border_post)).get("/en/").status_code == 200


def test_the_board_reads_again_only_what_was_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board(tmp_path)
    assert (board.identity(), board.now(NOW)) == (None, ())
    announce(tmp_path, announcement(), NOW)
    assert len(board.now(NOW)) == 1
    with monkeypatch.context() as blind:
        blind.setattr(announcements, "_read", lambda _: 1 / 0)
        assert len(board.now(NOW)) == 1
    remove(tmp_path, f"{0:016x}", NOW)
    assert board.now(NOW) == ()


def test_the_staff_home_leads_there(volunteer) -> None:
    assert re.search(r'href="/en/announce"', volunteer.get("/en/").text)
