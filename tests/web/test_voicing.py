"""Visitors are heard by a tap, and nobody can drown them out."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from fieldref import settings, voices
from fieldref.vocabulary import DOUBTS, NEEDS
from fieldref.web import throttle
from fieldref.web.public import create_public
from fieldref.web.throttle import DOOR, PHONE, Throttle

Heard = Callable[[str], list[tuple[Any, ...]]]
PAGE = "/ar/heard/rights/asylum"


@pytest.fixture
def box(tmp_path: Path, port_miralo: Path) -> Path:
    """A safe-point without a register: only what its public door needs."""
    settings.write(tmp_path, settings.Settings(name="Harbour"))
    (tmp_path / "guide.db").write_bytes((port_miralo / "guide.db").read_bytes())
    return tmp_path


@pytest.fixture
def visitor(box: Path) -> Iterator[Client]:
    """A phone at its public door."""
    yield Client(create_public(box))


@pytest.fixture
def heard(box: Path) -> Heard:
    """The rows of a table of voices.db, without their ids and days."""

    def rows(table: str) -> list[tuple[Any, ...]]:
        db = voices.open_voices(box)
        try:
            return [row[2:] for row in db.conn.execute(f"SELECT * FROM {table}")]
        finally:
            db.close()

    return rows


def test_yes_is_one_tap(visitor: Client, heard: Heard) -> None:
    answer = visitor.post(PAGE, data={"answer": "yes"})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert heard("rating") == [("rights/asylum", "ar", "yes", "unsaid")]


@pytest.mark.parametrize("doubt", [term.code for term in DOUBTS])
def test_no_says_why(visitor: Client, heard: Heard, doubt: str) -> None:
    assert visitor.post(PAGE, data={"answer": doubt}).status_code == 303
    assert heard("rating") == [("rights/asylum", "ar", "no", doubt)]


@pytest.mark.parametrize("need", [need.code for need in NEEDS])
def test_what_is_missing_is_one_tap(visitor: Client, heard: Heard, need: str) -> None:
    answer = visitor.post("/fa/missing", data={"need": need})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/fa/missing/{need}")
    assert heard("missing_service") == [("fa", need)]


@pytest.mark.parametrize("code", ["en", "ar", "bn"])
@pytest.mark.parametrize("path", ["missing", "missing/food", "heard/rights/asylum"])
def test_its_pages_are_whole_and_keep_to_themselves(visitor: Client, code: str, path: str) -> None:
    answer = visitor.get(f"/{code}/{path}")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert not [outside for outside in ("<script", "http://", "https://", "//") if outside in answer.text]
    assert f'href="/{code}/languages/{path}"' in answer.text


def test_every_page_of_the_guide_asks_and_the_home_offers(visitor: Client) -> None:
    assert 'action="/en/heard/risks/heat-and-cold"' in visitor.get("/en/risks/heat-and-cold").text
    assert 'href="/en/missing"' in visitor.get("/en/").text


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        (PAGE, {}, 411),
        (PAGE, {"need": "food"}, 400),
        (PAGE, {"answer": "Amina was here"}, 400),
        (PAGE, {"answer": "unsaid"}, 400),
        ("/ar/heard/rights/no-such", {"answer": "yes"}, 404),
        ("/ur/heard/rights/asylum", {"answer": "yes"}, 404),
        ("/ar/missing", {"need": "unsaid"}, 400),
        ("/ar/missing", {"need": "passport"}, 400),
        ("/ar/missing", {"answer": "yes"}, 400),
        ("/ar/missing/food", {"need": "food"}, 405),
        (PAGE, {"answer": "yes", "more": "x" * 600}, 413),
    ],
)
def test_nothing_else_is_taken(visitor: Client, box: Path, path: str, fields: dict[str, str], status: int) -> None:
    assert visitor.post(path, data=fields).status_code == status
    assert not (box / "voices.db").exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Origin": "null"}, 303),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
    ],
    ids=str,
)
def test_a_form_of_another_site_is_refused(visitor: Client, headers: dict[str, str], status: int) -> None:
    assert visitor.post(PAGE, data={"answer": "yes"}, headers=headers).status_code == status


def test_a_phone_that_answers_without_end_is_asked_to_wait(visitor: Client, heard: Heard) -> None:
    answers = [visitor.post(PAGE, data={"answer": "hard"}) for _ in range(PHONE.burst + 5)]
    assert [answer.status_code for answer in answers] == [303] * PHONE.burst + [429] * 5
    assert "try again later" in visitor.post("/en/missing", data={"need": "food"}).text
    assert len(heard("rating")) == PHONE.burst


def test_another_phone_is_heard_all_the_same(visitor: Client, heard: Heard) -> None:
    for _ in range(PHONE.burst + 50):
        visitor.post(PAGE, data={"answer": "hard"}, environ_base={"REMOTE_ADDR": "10.0.0.66"})
    assert visitor.post(PAGE, data={"answer": "yes"}, environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 303


def test_when_the_day_is_full_it_is_said(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(voices.LIMITS, "rating", voices.Limit(1, 1, "page", 1))
    assert visitor.post(PAGE, data={"answer": "yes"}).status_code == 303
    answer = visitor.post(PAGE, data={"answer": "yes"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")


def test_a_full_disk_is_said_and_the_pages_stay(visitor: Client, box: Path) -> None:
    (box / "voices.db").mkdir()
    assert visitor.post(PAGE, data={"answer": "yes"}).status_code == 503
    assert visitor.get("/ar/rights/asylum").status_code == 200


def test_thanks_come_only_after_the_disk_has_it(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr("fieldref.web.voicing.hear", lambda *_: order.append("kept"))
    monkeypatch.setattr("fieldref.web.voicing.redirect", lambda *_: order.append("answered") or ("", 303))
    visitor.post(PAGE, data={"answer": "yes"})
    assert order == ["kept", "answered"]


def test_no_address_of_a_phone_is_in_any_file_or_in_memory_as_it_is(visitor: Client, box: Path) -> None:
    visitor.post(PAGE, data={"answer": "yes"}, environ_base={"REMOTE_ADDR": "198.51.100.77"})
    assert b"198.51.100.77" not in b"".join(path.read_bytes() for path in box.iterdir())
    limits = Throttle()
    limits.allows("198.51.100.77")
    assert "198.51.100.77" not in repr(vars(limits))


def test_a_phone_is_forgotten_when_its_bucket_is_full_again() -> None:
    now = [0.0]
    limits = Throttle(lambda: now[0])
    limits.allows("10.0.0.7")
    now[0] = PHONE.seconds - 1
    limits.forget()
    assert len(limits._phones) == 1
    now[0] = PHONE.seconds + 1
    limits.forget()
    assert limits._phones == {}


def test_many_phones_at_once_are_limited_together_and_remembered_in_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Throttle(lambda: 0.0)
    assert sum(limits.allows(f"10.0.{number // 250}.{number % 250}") for number in range(1_000)) == DOOR.burst
    monkeypatch.setattr(throttle, "MOST_PHONES", 5)
    few = Throttle(lambda: 0.0)
    assert sum(few.allows(f"10.0.0.{number}") for number in range(50)) == 5


def test_the_door_opens_no_other_book(box: Path) -> None:
    """Every file that is opened while visitors read and are heard, as the interpreter itself reports it."""
    for name in ("register.db", "keys", "outbox"):
        (box / name).mkdir()
    program = f"""
import json, sys
opened = []
def look(event, arguments):
    if event in ("open", "sqlite3.connect") and {str(box)!r} in str(arguments[0]):
        opened.append(str(arguments[0]))
sys.addaudithook(look)
from pathlib import Path
from werkzeug.test import Client
from fieldref.web.public import create_public
phone = Client(create_public(Path({str(box)!r})))
phone.get("/ar/rights/asylum")
assert phone.post({PAGE!r}, data={{"answer": "yes"}}).status_code == 303
assert not any(name.startswith(("fieldref.register", "fieldref.exchange")) for name in sys.modules)
print(json.dumps(opened))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    names = {Path(name.split("?")[0]).name for name in json.loads(done.stdout)}
    assert names - {box.name} == {"clock.json", "fieldref.toml", "guide.db", "voices.db"}
