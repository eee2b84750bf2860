"""The branch door opens with the branch's passphrase, and to nothing else."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldref.refusal import Refusal
from fieldref.web import branch_access as access
from fieldref.web.branch import create_branch
from fieldref.web.branch_access import OPEN, TOKEN_FREE
from fieldref.web.listen import listen
from fieldref.web.sessions import IDLE

# Every route of the door, and who may use it. A new route without a line here fails the build.
TABLE = {
    "static_file": "anybody",
    "first": "anybody",
    "signing.sign_in": "anybody",
    "signing.sign_in_now": "anybody",
    "signing.sign_out": "manager",
    "collecting.page": "manager",
    "collecting.take": "manager",
    "collecting.clear": "manager",
    "places.one": "manager",
    "places.its_receipt": "manager",
    "places.revoke": "manager",
    "pairing.page": "manager",
    "pairing.look": "manager",
    "pairing.yes": "manager",
    "settling.page": "manager",
    "settling.settle": "manager",
    "counting.page": "manager",
    "counting.file": "manager",
    "publishing.page": "manager",
    "publishing.sheet": "manager",
    "publishing.take_workbook": "manager",
    "publishing.publish": "manager",
    "publishing.pack": "manager",
    "keyring.page": "manager",
    "printing.ask": "manager",
    "printing.sheet": "manager",
    "printing.logo": "manager",
    "keyring.card": "manager",
    "keyring.paper": "manager",
}
FILLED = {"language": "en", "id": "x", "code": "needs-by-step", "ending": "csv", "edition": 1}


@pytest.fixture
def routes(branch: Path) -> list[tuple[str, str, str]]:
    """Every route for managers: endpoint, method, an address."""
    app = create_branch(branch)
    found = []
    with app.test_request_context(base_url="http://127.0.0.1:8082"):
        for rule in app.url_map.iter_rules():
            if rule.endpoint not in OPEN:
                values = {name: FILLED[name] for name in rule.arguments}
                values["language"] = app.jinja_env.globals["tongues"]["en"]  # type: ignore[index]
                address = app.url_for(rule.endpoint, **values)
                found.append((rule.endpoint, "POST" if "POST" in (rule.methods or ()) else "GET", address))
    return found


def test_every_route_says_who_may_use_it(branch: Path) -> None:
    assert {rule.endpoint for rule in create_branch(branch).url_map.iter_rules()} == set(TABLE)
    assert {endpoint for endpoint, who in TABLE.items() if who == "anybody"} == set(OPEN)
    assert {"signing.sign_in_now"} == TOKEN_FREE


def test_without_the_passphrase_every_route_leads_to_the_sign_in(outsider: Any, routes: Any) -> None:
    for endpoint, method, address in routes:
        answer = outsider.get(address) if method == "GET" else outsider.post(address)
        assert (answer.status_code, answer.headers.get("Location")) == (303, "/en/sign-in"), endpoint


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({}, {}),
        ({"token": ""}, {}),
        ({"token": "wrong"}, {}),
        ({"token": "٠"}, {}),
        ({"token": "mine"}, {"Origin": "http://evil.example"}),
        ({"token": "mine"}, {"Origin": "null"}),
        ({"token": "mine"}, {"Origin": "http://127.0.0.1:8081"}),
        ({"token": "mine"}, {"Sec-Fetch-Site": "cross-site"}),
        ({"token": "mine"}, {"Sec-Fetch-Site": "same-site"}),
    ],
)
def test_a_form_that_is_not_ours_changes_nothing(
    manager: Any, routes: Any, fields: dict[str, str], headers: dict[str, str]
) -> None:
    manager.get("/en/")
    mine = manager.hidden("token")
    sent = {name: mine if value == "mine" else value for name, value in fields.items()}
    for endpoint, method, address in routes:
        if method == "POST":
            assert manager.post(address, headers=headers, **sent).status_code == 403, endpoint
    assert manager.get("/en/").status_code == 200


def test_the_token_of_another_session_is_none(manager: Any, second_manager: Any) -> None:
    manager.get("/en/")
    second_manager.get("/en/")
    assert manager.post("/en/clear", token=second_manager.hidden("token")).status_code == 403
    assert second_manager.post("/en/clear", token=second_manager.hidden("token")).status_code == 303


def test_a_wrong_passphrase_opens_nothing_and_waits(outsider: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("fieldref.web.patience.LONGEST", 60)
    assert outsider.post("/en/sign-in", passphrase="wrong").status_code == 403
    assert outsider.post("/en/sign-in", passphrase="wrong").status_code == 429
    assert outsider.get("/en/").status_code == 303


@pytest.mark.parametrize("number", ["0", "100", "-1", "x", "", "1" * 5000, "²"])
def test_a_manager_is_a_number(outsider: Any, words: str, number: str) -> None:
    assert outsider.post("/en/sign-in", passphrase=words, number=number).status_code == 400


def test_lock_ends_the_session_and_forgets_the_keys(manager: Any) -> None:
    manager.get("/en/")
    manager.post("/en/sign-out", token=manager.hidden("token"))
    assert manager.get("/en/").headers["Location"] == "/en/sign-in"
    assert manager.sessions._by_hash == {}


def test_after_ten_idle_minutes_the_keys_are_gone_though_nobody_asks(manager: Any, monkeypatch: Any) -> None:
    assert manager.sessions.end_idle("") == 1
    now = manager.sessions._clock()
    monkeypatch.setattr(manager.sessions, "_clock", lambda: now + IDLE + 1)
    assert manager.sessions.end_idle("") == 0
    assert manager.get("/en/").headers["Location"] == "/en/sign-in"


def test_somebody_looks_for_idle_sessions(manager: Any, monkeypatch: Any) -> None:
    looked = threading.Event()
    monkeypatch.setattr(access, "LOOK", 0.01)
    monkeypatch.setattr(manager.sessions, "end_idle", lambda shift: looked.set() or 0)
    access._watch(manager.sessions)
    assert looked.wait(10)


def test_keys_are_in_no_page_cookie_or_address(manager: Any, its_keys: Any) -> None:
    for path in ("", "quarantine", "reports", "guide", "keys", "pair"):
        answer = manager.get(f"/en/{path}")
        assert its_keys.secret.hex() not in answer.text
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Refresh"].endswith("url=/en/sign-in")
    assert "HttpOnly" in manager.signed_in.headers["Set-Cookie"]
    assert "SameSite=Strict" in manager.signed_in.headers["Set-Cookie"]


def test_another_host_is_turned_away(manager: Any) -> None:
    answer = manager.client.get("/en/", base_url="http://branch.example:8082")
    assert answer.status_code == 400


@pytest.mark.parametrize("host", ["0.0.0.0", "10.42.0.1", "::", "localhost.evil.example"])
def test_it_listens_on_this_machine_only(branch: Path, host: str) -> None:
    with pytest.raises(Refusal, match="this machine only"):
        listen("branch", branch, host, 8082)


def test_a_safe_points_folder_has_no_branch_door(safe_point: Path) -> None:
    with pytest.raises(Refusal, match="safe-point's folder"):
        create_branch(safe_point)


def test_a_page_that_is_not_there_says_so_in_the_managers_language(manager: Any) -> None:
    answer = manager.get("/fr/nowhere")
    assert (answer.status_code, 'lang="fr"' in answer.text) == (404, True)


def test_a_full_disk_is_said_in_words(manager: Any, full_disk: Callable[[], None]) -> None:
    full_disk()
    manager.get("/en/")
    answer = manager.send("bundle.bin", b"x" * 100)
    assert answer.status_code == 507
    assert "disk of this machine is full" in answer.text
