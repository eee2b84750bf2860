"""Every form of the staff door and of the branch door, filled in by somebody who is signed in and means it harm.

FIELDREF_FORGED says how many forms at each door; `make soak` says 20,000.
"""

import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from fieldref.register import columns
from fieldref.register.schema import open_register
from fieldref.web import patience
from fieldref.web.branch import create_branch
from fieldref.web.staff import create_staff

FORGED = int(os.environ.get("FIELDREF_FORGED", "300"))
HERE = "http://127.0.0.1"
CANARY = "<script>canary()</script>"
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
ACTION = re.compile(r'action="([^"#]+)')
FIELD = re.compile(r'<(?:input|select|button|textarea)\b[^>]*\bname="([^"]+)"(?:[^>]*\bvalue="([^"]*)")?')
CODES = "0 -1 99999999999999999999 ٣ true yes no unsaid other food wash drinking-water female/18-59 slip ar full 12 1e9"
CODES += " K7QM-3XWF-9T2R-A completed declined_by_service capacity 2026-02-30 0001-01-01 9999-12-31 23:59 24:00 NaN"
WORDS = [*CODES.split(), "", " ", "a" * 900, CANARY, "' OR 1=1 --", "\0", "\ud7ff\ufffe", "\u202e", "{{7*7}}"]
WORDS += ["../../etc/passwd", "=HYPERLINK(1)", "\r\nSet-Cookie: x=1"]
# What ends the session itself has tests of its own; publishing builds a guide, which takes seconds each time.
LEFT_ALONE = {"sign-out", "sign-in", "open", "close", "disable", "publish"}


class Forger:
    """A browser that is signed in at *door* and fills in what it is shown, and more, with whatever it likes."""

    def __init__(self, door: Any, seed: int) -> None:
        self.door, self.client = door, Client(door)
        self.chance = random.Random(seed)  # noqa: S311
        self.token, self.statuses = "", Counter[int]()
        self.names: dict[str, list[str]] = {"once": [], "token": []}
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []

    def enter(self, path: str, **fields: str) -> None:
        assert self.client.post(path, data=fields, base_url=HERE, headers={"Origin": HERE}).status_code == 303
        self.token = re.search(r'name="token" value="([^"]+)"', self.client.get("/en/", base_url=HERE).text)[1]

    def rules(self, method: str) -> list[str]:
        return [
            rule.rule
            for rule in self.door.url_map.iter_rules()
            if method in rule.methods and not set(rule.rule.split("/")[2:]) & LEFT_ALONE
        ]

    def path(self, rule: str) -> str:
        rule = rule.replace("<language:language>", self.chance.choice(["en", "ar", "fr"]))
        return re.sub(r"<[^>]+>", lambda _: self.chance.choice(["x", "1", "needs-by-step", "..%2f", "%00"]), rule)

    def look_around(self) -> None:
        """Learn every form that a page shows, and its fields with the values they are offered with."""
        for rule in self.rules("GET"):
            answer = self.client.get(path := self.path(rule), base_url=HERE)
            assert answer.status_code < 500, path
            for head, inside in FORM.findall(answer.get_data().decode("utf-8", "replace")):
                action, fields = ACTION.search(head), FIELD.findall(inside)
                where = action[1] if action else path
                if 'method="post"' in head and not set(where.split("/")) & LEFT_ALONE:
                    self.forms.append((where, fields))
                for name, value in fields:
                    self.names.setdefault(name, []).append(value)

    def form(self) -> tuple[str, dict[str, str]]:
        """A form of a page with a few fields changed; or any fields of all pages, for any route."""
        if self.chance.random() < 0.6:
            path, fields = self.chance.choice(self.forms)
            its = dict(self.chance.sample(fields, len(fields)))
            for name in self.chance.sample(sorted(its), min(len(its), self.chance.randint(0, 3))):
                its[name] = self.chance.choice([*self.names[name], *WORDS])
        else:
            path = self.path(self.chance.choice(self.rules("POST")))
            its = {name: self.chance.choice(WORDS) for name in self.names if self.chance.random() < 0.3}
        return path, its | {"token": self.token}

    def forge(self) -> None:
        data: dict[str, Any]
        path, data = self.form()
        if self.chance.random() < 0.2:
            sent = self.chance.choice([b"", b"PK\3\4" + bytes(50), b"FRP1" + bytes(90), b"{" * 4000, os.urandom(300)])
            field = self.chance.choice(["files", "pack", "picture", "workbook", "card", "file", "logo"])
            data[field] = (BytesIO(sent), self.chance.choice(["a.bin", "../../x", CANARY, "\x1b[2J", "a\0b", ""]))
        answer = self.client.post(path, data=data, base_url=HERE, headers={"Origin": HERE})
        self.statuses[answer.status_code] += 1
        said = {name: value for name, value in data.items() if name != "token"}
        assert answer.status_code < 500, f"{path}: {said}"
        page = answer.get_data().decode("utf-8", "replace")
        assert CANARY not in page + str(answer.headers), f"{path} repeats what it was told: {said}"
        assert "Traceback" not in page


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LONGEST", 0)


@pytest.fixture
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the doors are in this process."""
    monkeypatch.setattr("fieldref.register.passphrase.N", 2**4)
    monkeypatch.setattr("fieldref.register.access.N", 2**4)


@pytest.fixture
def forger(border_post: Path, words: str) -> Iterator[Forger]:
    """Somebody who knows the coordinator's passphrase: no door is closed to that session."""
    someone = Forger(create_staff(border_post), 2026)
    someone.enter("/en/shift/sign-in", passphrase=words)
    yield someone


def test_no_forged_form_makes_the_staff_door_stumble_or_keeps_what_no_record_may_hold(forger, border_post) -> None:
    forger.look_around()
    for _ in range(FORGED):
        forger.forge()
    db = open_register(border_post)
    for table, its_columns in columns.RECORDS.items():
        for row in db.conn.execute(f"SELECT * FROM {table}").fetchall():
            assert all(column.allows(value) for column, value in zip(its_columns, row, strict=True)), row
    db.close()
    assert CANARY.encode() not in b"".join(path.read_bytes() for path in border_post.rglob("*") if path.is_file())
    print(f"\n{FORGED} forged forms: {dict(sorted(forger.statuses.items()))}")


def test_no_forged_form_makes_the_branch_door_stumble(border_post, words) -> None:
    someone = Forger(create_branch(border_post.with_name("north")), 2027)
    someone.enter("/en/sign-in", passphrase=words, number="1")
    someone.look_around()
    for _ in range(FORGED // 3):
        someone.forge()
    print(f"\n{FORGED // 3} forged forms: {dict(sorted(someone.statuses.items()))}")
