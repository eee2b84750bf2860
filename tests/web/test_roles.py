"""Every role at every address by every method, and every forged form, from the door's own list of addresses.

A new view is tried here by itself. What it does is not asked: each view is put aside, and it counts whether it was
reached. `tests/web/test_access.py` says, line by line, who may use what.
"""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import pytest
from werkzeug.test import Client

from fieldref.languages import SOURCE
from fieldref.web.access import AT_THE_MACHINE, COOKIE, COORDINATORS, OPEN, TOKEN_FREE

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
READS = {"GET", "HEAD"}
ROLES = ["nobody", "volunteer", "coordinator"]


@dataclass(frozen=True)
class Address:
    """One address of the door: whose it is and what it takes."""

    path: str
    endpoint: str
    methods: frozenset[str]


class Visit:
    """A browser of one role at a door whose views are put aside; `reached` are those it got to."""

    def __init__(self, browser) -> None:
        self.browser, self.app = browser, browser.client.application
        self.token, self.other, self.led_to = "", "", ""
        self.reached: list[str] = []

    def put_views_aside(self) -> None:
        for endpoint in self.app.view_functions:
            self.app.view_functions[endpoint] = self._aside(endpoint)

    def _aside(self, endpoint: str) -> Callable[..., str]:
        def view(**values: object) -> str:
            self.reached.append(endpoint)
            return "reached"

        return view

    def gets_to(self, address: Address, method: str, headers: dict[str, str] | None = None, **fields: str) -> bool:
        """Whether the view of *address* was reached; one of another method at the same path does not count."""
        self.reached.clear()
        query = {name[1:]: fields.pop(name) for name in list(fields) if name.startswith("_")}
        answer = self.browser.client.open(
            address.path, method=method, base_url=self.browser.here, data=fields, query_string=query,
            headers={"Origin": self.browser.here} | (headers or {}),
        )  # fmt: skip
        assert answer.status_code < 500
        self.led_to = answer.headers.get("Location", "")
        if not self.reached:
            assert answer.status_code in (200, 303, 308, 400, 403, 404, 405), answer.status
            assert answer.status_code != 200 or method == "OPTIONS", "nothing but a view answers with a page"
        return address.endpoint in self.reached

    def addresses(self) -> list[Address]:
        """The door's addresses, with something in each place of them."""
        values = {"language": SOURCE, "mark": "x", "name": "x", "word": "x"}
        urls = self.app.url_map.bind("x")
        found = []
        for rule in self.app.url_map.iter_rules():
            path = urls.build(rule.endpoint, {each: values.get(each, "1") for each in rule.arguments},
                              method=next(iter(rule.methods - {"OPTIONS", "HEAD"})))  # fmt: skip
            found.append(Address(path, rule.endpoint, frozenset(rule.methods)))
        return found


def arrive(role: str, someone, pin: str, words: str) -> Visit:
    """Sign *someone* in as *role*, and a colleague at the same door; then put the views aside."""
    visit, colleague = Visit(someone), copy(someone)
    colleague.client = Client(visit.app)
    colleague.get("/card/" + (visit.app.config["LAN"].certificate.word if visit.app.config["LAN"] else "x"))
    visit.other, visit.token = (sign_in(role, each, pin, words) for each in (colleague, someone))
    visit.put_views_aside()
    return visit


def sign_in(role: str, someone, pin: str, words: str) -> str:
    """The token of the session; none for nobody."""
    if role == "nobody":
        return ""
    answer = someone.post("/en/shift/sign-in", passphrase=words) if role == "coordinator" else someone.sign_in(pin)
    assert answer.status_code == 303
    someone.get("/en/")
    return someone.hidden("token")


@pytest.fixture(params=["here", "phone"])
def someone(request: pytest.FixtureRequest) -> Iterator[object]:
    """At the machine itself, and a phone that has read the card."""
    return request.getfixturevalue("newcomer" if request.param == "here" else "phone_with_card")


def may(role: str, endpoint: str, over_the_air: bool) -> bool:
    """Who may do what. Default: nobody."""
    if over_the_air and endpoint in AT_THE_MACHINE:
        return False
    if endpoint in OPEN:
        return True
    return role == "coordinator" if endpoint in COORDINATORS else role in ("volunteer", "coordinator")


@pytest.mark.parametrize("role", ROLES)
def test_every_role_gets_to_its_views_and_to_no_others(role: str, someone, pin: str, words: str) -> None:
    over_the_air = someone.here.startswith("https")
    if over_the_air and role == "coordinator":
        assert someone.post("/en/shift/sign-in", passphrase=words).status_code == 403
        role = "volunteer"  # nobody is one there
    visit = arrive(role, someone, pin, words)
    tried = 0
    for address in visit.addresses():
        for method in METHODS:
            allowed = method in address.methods - {"OPTIONS"} and may(role, address.endpoint, over_the_air)
            got = visit.gets_to(address, method, token=visit.token)
            assert got == allowed, (
                f"{role} {method} {address.path} ({address.endpoint}): {'' if got else 'not '}reached"
            )
            if role == "nobody" and method in READS & address.methods and not got and not over_the_air:
                assert visit.led_to == "/en/sign-in", address.path
            tried += 1
    print(f"\n{role} {'over TLS' if over_the_air else 'here'}: {tried} of route x method")


FORGED = {
    "no token": ({}, {}),
    "an empty token": ({"token": ""}, {}),
    "a wrong token": ({"token": "A" * 43}, {}),
    "a token in another script": ({"token": "\u0660"}, {}),
    "another session's token": ({"token": "other"}, {}),
    "the token in the address": ({"_token": "mine"}, {}),
    "another site": ({"token": "mine"}, {"Origin": "http://evil.example"}),
    "the public door": ({"token": "mine"}, {"Origin": "http://127.0.0.1:8080"}),
    "the other scheme": ({"token": "mine"}, {"Origin": "swapped"}),
    "a site that hides": ({"token": "mine"}, {"Origin": "null"}),
    "a site that the browser names": ({"token": "mine"}, {"Sec-Fetch-Site": "cross-site"}),
    "the public door, as the browser says": ({"token": "mine"}, {"Sec-Fetch-Site": "same-site"}),
}


@pytest.mark.parametrize("way", FORGED)
@pytest.mark.parametrize("role", ["volunteer", "coordinator"])
def test_no_forged_form_gets_to_a_view(role: str, way: str, newcomer, pin: str, words: str) -> None:
    visit = arrive(role, newcomer, pin, words)
    tokens = {"mine": visit.token, "other": visit.other, "swapped": newcomer.here.replace("http:", "https:")}
    fields, headers = ({name: tokens.get(value, value) for name, value in each.items()} for each in FORGED[way])
    for address in visit.addresses():
        for method in sorted(address.methods - READS - {"OPTIONS"}):
            if address.endpoint in TOKEN_FREE and not headers:
                continue  # there the PIN or the passphrase is what cannot be forged
            assert not visit.gets_to(address, method, headers, **fields), f"{way}: {method} {address.path}"
            assert visit.gets_to(address, method, token=visit.token) == may(role, address.endpoint, False)


@pytest.mark.parametrize("role", ROLES)
def test_no_form_can_be_a_link(role: str, newcomer, pin: str, words: str) -> None:
    visit = arrive(role, newcomer, pin, words)
    for address in visit.addresses():
        if not address.methods & READS:
            for method in READS:
                assert not visit.gets_to(address, method, token=visit.token, _token=visit.token), address.path


def test_every_address_that_changes_something_is_tried(newcomer) -> None:
    """The control: there are forms, and they are more than those that sign in."""
    unsafe = {each.endpoint for each in Visit(newcomer).addresses() if each.methods - READS - {"OPTIONS"}}
    assert len(unsafe - TOKEN_FREE) >= 17


def secret_of(browser) -> str:
    found = browser.client.get_cookie(COOKIE, domain="127.0.0.1")
    return found.value if found else ""


def test_a_secret_that_somebody_planted_is_never_taken_for_a_session(newcomer, pin: str, border_post: Path) -> None:
    planted = "A" * 43
    newcomer.client.set_cookie(COOKIE, planted, domain="127.0.0.1")
    newcomer.sign_in(pin)
    assert secret_of(newcomer) != planted
    newcomer.client.set_cookie(COOKIE, planted, domain="127.0.0.1")
    assert newcomer.get("/en/").status_code == 303


def test_signing_in_again_ends_the_session_of_before(volunteer, pin: str) -> None:
    old = secret_of(volunteer)
    volunteer.sign_in(pin)
    volunteer.client.set_cookie(COOKIE, old, domain="127.0.0.1")
    assert volunteer.get("/en/").status_code == 303


def test_a_page_that_was_locked_cannot_be_sent_again(volunteer, recorded) -> None:
    """The back button shows the form once more; its token died with the session."""
    volunteer.get("/en/tally")
    token, once, secret = volunteer.hidden("token"), volunteer.hidden("once"), secret_of(volunteer)
    volunteer.post("/en/sign-out", token=token)
    volunteer.client.set_cookie(COOKIE, secret, domain="127.0.0.1")
    assert volunteer.post("/en/tally", token=token, once=once, need="food").status_code == 303
    assert recorded("tally") == []


def test_closing_the_shift_ends_every_session_and_the_next_shift_knows_none(volunteer, border_post, words, pin) -> None:
    from fieldref.register import shift

    db = shift.open_register(border_post)
    db.conn.execute("DELETE FROM shift")
    db.conn.execute("DELETE FROM volunteer")
    db.conn.commit()
    db.close()
    assert volunteer.get("/en/").status_code == 303
    shift.open_shift(border_post, words, pin)
    assert volunteer.get("/en/").status_code == 303


def test_a_camera_that_was_left_on_keeps_no_session_open(volunteer) -> None:
    sessions = volunteer.client.application.extensions["fieldref_sessions"]
    volunteer.get("/en/outcome")
    token, before = volunteer.hidden("token"), next(iter(sessions._by_hash.values())).seen
    volunteer.post("/en/outcome/scan", token=token)
    assert next(iter(sessions._by_hash.values())).seen == before
    volunteer.get("/en/outcome")
    assert next(iter(sessions._by_hash.values())).seen > before
