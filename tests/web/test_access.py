"""Nobody uses the staff door unless a session says so, and no form counts unless this door made it."""

from collections.abc import Callable

import pytest

from fieldref.register import shift
from fieldref.web import access
from fieldref.web.access import COOKIE, OPEN, TOKEN_FREE
from fieldref.web.staff import create_staff

Rows = Callable[[str], list[tuple[object, ...]]]
HERE = "http://127.0.0.1:8081"
UNSAFE = ["/en/shift/stick",
          "/en/begin", "/en/refer", "/en/again", "/en/undo", "/en/outcome", "/en/outcome/record", "/en/withdraw",
          "/en/withdraw/record", "/en/tally", "/en/tally/undo", "/en/shift/volunteers", "/en/shift/volunteers/disable",
          "/en/shift/close", "/en/sign-out", "/en/announce", "/en/announce/remove", "/en/clock", "/en/pad",
          "/en/pad/enter", "/en/answers", "/en/answers/enter",
          "/en/guide/take", "/en/guide/back",
          "/en/help/",
          "/en/outcome/scan", "/en/turned-away", "/en/capacity", "/en/speaking"]  # fmt: skip
SAFE = [
    "/en/",
    "/en/refer",
    "/en/slip",
    "/en/outcome",
    "/en/tally",
    "/en/due",
    "/en/shift",
    "/en/shift/card",
    "/en/announce",
    "/en/clock",
    "/en/help/",
    "/en/help/read",
    "/en/help/print",
    "/en/pad",
    "/en/pad/enter",
    "/en/answers",
    "/en/answers/enter",
    "/en/guide",
    "/en/capacity",
    "/en/speaking",
    "/en/consent",
]
COORDINATORS = ["/en/shift/volunteers", "/en/shift/volunteers/disable", "/en/shift/close", "/en/guide/take",
                "/en/guide/back"]  # fmt: skip

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


@pytest.mark.parametrize("path", COORDINATORS)
def test_a_volunteer_does_nothing_that_is_the_coordinators(volunteer, words: str, recorded: Rows, path: str) -> None:
    volunteer.get("/en/")
    answer = volunteer.post(path, token=volunteer.hidden("token"), number="1", passphrase=words)
    assert (answer.status_code, "for the coordinator" in answer.text) == (403, True)
    assert len(recorded("shift")) == len(recorded("volunteer")) == 1
    assert volunteer.get("/en/").status_code == 200
    assert volunteer.get("/en/shift").status_code == 403


@pytest.mark.parametrize("path", SAFE)
def test_without_signing_in_every_page_leads_to_the_pin(newcomer, path: str) -> None:
    answer = newcomer.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/sign-in")


@pytest.mark.parametrize("path", UNSAFE)
def test_without_signing_in_nothing_is_taken(newcomer, recorded: Rows, path: str) -> None:
    assert newcomer.post(path, consent="yes").status_code in (303, 403)
    assert recorded("referral") == recorded("tally") == recorded("outcome") == []


@pytest.mark.parametrize("path", UNSAFE)
@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({}, {}),
        ({"token": ""}, {}),
        ({"token": "wrong"}, {}),
        ({"token": "\u0660"}, {}),
        ({"token": "mine"}, {"Origin": "http://evil.example"}),
        ({"token": "mine"}, {"Origin": "null"}),
        ({"token": "mine"}, {"Origin": "http://127.0.0.1:8080"}),
        ({"token": "mine"}, {"Sec-Fetch-Site": "cross-site"}),
    ],
    ids=["none", "empty", "wrong", "other script", "other site", "hidden site", "public door", "cross-site"],
)
def test_a_forged_form_is_refused(volunteer, path: str, fields: dict[str, str], headers: dict[str, str]) -> None:
    volunteer.get("/en/")
    if fields.get("token") == "mine":
        fields = {"token": volunteer.hidden("token")}
    assert volunteer.post(path, headers, **fields).status_code == 403


@pytest.mark.parametrize("path", UNSAFE)
def test_a_token_in_the_address_counts_for_nothing(volunteer, path: str) -> None:
    volunteer.get("/en/")
    assert volunteer.post(f"{path}?token={volunteer.hidden('token')}").status_code == 403


@pytest.mark.parametrize("path", UNSAFE)
def test_the_token_of_another_session_is_refused(volunteer, pin: str, path: str) -> None:
    volunteer.get("/en/")
    old = volunteer.hidden("token")
    volunteer.sign_in(pin)
    assert volunteer.post(path, token=old).status_code == 403


@pytest.mark.parametrize("path", ["/en/begin", "/en/outcome/record", "/en/sign-out"])
def test_a_form_cannot_be_a_link(volunteer, path: str) -> None:
    assert volunteer.get(path).status_code == 405


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
