"""Who may use what of the staff door, line by line, and how a session begins and ends.

Every role and every forged form is tried at each of these by `tests/web/test_roles.py`.
"""

from collections.abc import Callable

import pytest

from fieldref.register import shift
from fieldref.web import access
from fieldref.web.access import COOKIE, OPEN, TOKEN_FREE
from fieldref.web.staff import create_staff

Rows = Callable[[str], list[tuple[object, ...]]]
# Every route of the door, and who may use it. A new route without a line here fails the build.
TABLE = {
    "static_file": "anybody",
    "first": "anybody",
    "staff.sign_in": "anybody",
    "staff.sign_in_now": "anybody",
    "staff.home": "volunteer",
    "staff.sign_out": "volunteer",
    "referring.begin": "volunteer",
    "referring.form": "volunteer",
    "referring.refer": "volunteer",
    "referring.slip": "volunteer",
    "referring.again": "volunteer",
    "withdrawing.undo": "volunteer",
    "withdrawing.found": "volunteer",
    "withdrawing.record": "volunteer",
    "tallying.tallies": "volunteer",
    "tallying.count": "volunteer",
    "tallying.undo": "volunteer",
    "due.waiting": "volunteer",
    "shifting.open_now": "anybody",
    "shifting.sign_in": "anybody",
    "shifting.page": "coordinator",
    "shifting.add": "coordinator",
    "shifting.shut_out": "coordinator",
    "shifting.close": "coordinator",
    "carrying.copy": "coordinator",
    "shifting.card": "coordinator",
    "scanning.scan": "volunteer",
    "guiding.page": "coordinator",
    "guiding.take": "coordinator",
    "guiding.back": "coordinator",
    "lan.card": "anybody",
    "outcomes.ask": "volunteer",
    "outcomes.found": "volunteer",
    "outcomes.record": "volunteer",
    "helping.listed": "volunteer",
    "helping.choose": "volunteer",
    "helping.read": "volunteer",
    "helping.paper": "volunteer",
    "announcing.board": "volunteer",
    "announcing.announce": "volunteer",
    "announcing.remove": "volunteer",
    "tallying.turn_away": "volunteer",
    "capacity.page": "volunteer",
    "capacity.tell": "volunteer",
    "speaking.page": "volunteer",
    "speaking.tell": "volunteer",
    "consent.question": "volunteer",
    "clocking.look": "volunteer",
    "doctoring.look": "volunteer",
    "clocking.say": "volunteer",
    "pads.ask": "volunteer",
    "printing.ask": "volunteer",
    "printing.sheet": "volunteer",
    "printing.logo": "volunteer",
    "pads.printing": "volunteer",
    "pads.grid": "volunteer",
    "pads.enter": "volunteer",
    "answering.ask": "volunteer",
    "answering.sheet": "volunteer",
    "answering.grid": "volunteer",
    "answering.enter": "volunteer",
}


def test_every_route_says_who_may_use_it(border_post) -> None:
    routes = {rule.endpoint for rule in create_staff(border_post).url_map.iter_rules()}
    assert routes == set(TABLE)
    assert {endpoint for endpoint, who in TABLE.items() if who == "anybody"} == set(OPEN)
    assert {endpoint for endpoint, who in TABLE.items() if who == "coordinator"} == set(access.COORDINATORS)


@pytest.mark.parametrize("path", ["/en/shift/volunteers", "/en/shift/volunteers/disable", "/en/shift/close"])
def test_a_volunteer_does_nothing_that_is_the_coordinators(volunteer, words: str, recorded: Rows, path: str) -> None:
    volunteer.get("/en/")
    answer = volunteer.post(path, token=volunteer.hidden("token"), number="1", passphrase=words)
    assert (answer.status_code, "for the coordinator" in answer.text) == (403, True)
    assert len(recorded("shift")) == len(recorded("volunteer")) == 1
    assert volunteer.get("/en/").status_code == 200
    assert volunteer.get("/en/shift").status_code == 403


def test_signing_in_changes_the_secret_and_signing_out_kills_it(volunteer, pin: str) -> None:
    before = volunteer.client.get_cookie(COOKIE, domain="127.0.0.1").value
    volunteer.sign_in(pin)
    after = volunteer.client.get_cookie(COOKIE, domain="127.0.0.1").value
    assert before != after
    volunteer.get("/en/")
    volunteer.post("/en/sign-out", token=volunteer.hidden("token"))
    volunteer.client.set_cookie(COOKIE, after, domain="127.0.0.1")
    assert volunteer.get("/en/").status_code == 303


def test_the_cookie_is_out_of_reach(newcomer, pin: str) -> None:
    said = [value for name, value in newcomer.sign_in(pin).headers if name == "Set-Cookie"][-1]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in said.split(";")}


def test_ten_wrong_pins_disable_the_right_one(newcomer, pin: str) -> None:
    for _ in range(10):
        assert newcomer.sign_in("999998").status_code == 403
    answer = newcomer.sign_in(pin)
    assert answer.status_code == 403
    assert "ten times" in answer.text


def test_a_screen_that_nobody_touches_goes_blank_and_says_why(volunteer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert volunteer.get("/en/").headers["Refresh"] == "605; url=/en/sign-in"
    monkeypatch.setattr("fieldref.web.sessions.IDLE", -1)
    assert volunteer.get("/en/").headers["Location"] == "/en/sign-in"
    assert "nobody tapped for 10 minutes" in volunteer.get("/en/sign-in").text


def test_who_locks_is_not_told_why(volunteer) -> None:
    volunteer.get("/en/")
    volunteer.post("/en/sign-out", token=volunteer.hidden("token"))
    answer = volunteer.get("/en/sign-in")
    assert "nobody tapped" not in answer.text
    assert "Refresh" not in answer.headers


def test_when_the_shift_closes_nobody_is_signed_in(volunteer, border_post, recorded: Rows) -> None:
    db = shift.open_register(border_post)
    db.conn.execute("DELETE FROM shift")
    db.conn.commit()
    db.close()
    assert volunteer.get("/en/").status_code == 303
    assert "No shift is open" in volunteer.get("/en/sign-in").text


@pytest.mark.parametrize("host", ["evil.example", "192.168.1.5:8081", "127.0.0.1.evil.example"])
def test_another_host_is_refused_and_not_repeated(newcomer, host: str) -> None:
    answer = newcomer.client.get("/en/sign-in", base_url=f"http://{host}")
    assert answer.status_code == 400
    assert host not in answer.text


def test_nothing_of_it_is_kept_by_a_browser(volunteer) -> None:
    for path in ("/en/", "/en/slip", "/en/outcome", "/nowhere"):
        assert volunteer.get(path).headers["Cache-Control"] == "no-store"


def test_only_signing_in_needs_no_token() -> None:
    """There, the PIN or the passphrase is the secret."""
    assert {"staff.sign_in_now", "shifting.open_now", "shifting.sign_in"} == TOKEN_FREE
