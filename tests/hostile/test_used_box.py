"""A box on which everything was used is seized after the shift was closed: with every file, all PINs, the passphrase.

What may be left, table by table, is listed here; a table that a migration adds, and that no shift of this test fills
or lists, fails it. FIELDREF_USED_BOX says how many referrals each volunteer makes; `make soak` says 100.
"""

import base64
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import qrcode

from fieldref import today, voices
from fieldref.database import Database, open_read_only
from fieldref.exchange import beside, keys, taking
from fieldref.exchange.bundle import close_shift
from fieldref.exchange.merge import merge_files
from fieldref.register.codes import ALPHABET, is_code, printed
from fieldref.register.records import Referral, append_all
from fieldref.register.schema import FILE_NAME, open_register
from fieldref.web.certificate import certificate

MORE = int(os.environ.get("FIELDREF_USED_BOX", "5"))
# What a closed shift leaves in the register, and why nobody is found by it.
LEFT = {
    "bundle": "which sealed file is the how-manieth, with days",
    "settled": "marks of codes that were answered, under a key behind the passphrase",
    "_sqlite_migrations": "the library's own: our names of migrations, each with a day",
}
# Every file of the folder: what is in it that anybody who has the box may know.
FILES = {
    "fieldref.toml": "the settings",
    "guide.db": "what phones are shown",
    "packs": "the branch's guide as it came, and codes that only the passphrase opens",
    "register.db": "asked table by table",
    "voices.db": "asked table by table",
    "outbox": "sealed bundles",
    "keys": "keys under the passphrase, cards, and the certificate of the staff door, whose key is readable",
    "consent": "recordings of a question",
    "today.json": "nothing, once the shift is closed",
    "announcements.json": "sentences of ours, until they end",
    "clock.json": "when the machine was started, by what was said of the time",
}
WIDTH, HEIGHT = 480, 360
CHOSEN = {"need": "food", "service": "kitchen", "sure": "kitchen"}
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")


class Day:
    """A browser at a door in the middle of a shift: every form is sent as the page would, and must be taken."""

    def __init__(self, door: Any, cookie: str, token: str) -> None:
        self.door, self.cookie, self.token = door, cookie, token

    def get(self, path: str) -> str:
        answer = self.door.ask("GET", f"/en/{path}", {"Cookie": self.cookie})
        assert answer.status in (200, 303), f"{path}: {answer.status}"
        return str(answer.page)

    def post(self, path: str, **fields: str) -> str:
        form = {"token": self.token, "once": secrets.token_hex(8)} | fields
        answer = self.door.ask("POST", f"/en/{path}", {"Cookie": self.cookie}, **form)
        assert answer.status in (200, 303), f"{path}: {answer.status} {answer.page[-900:]}"
        return str(answer.page)

    def send(self, path: str, name: str, content: bytes, **fields: str) -> str:
        said = {"token": self.token} | fields
        parts = [f'name="{each}"\r\n\r\n{value}'.encode() for each, value in said.items()]
        parts.append(f'name="{name}"; filename="x"\r\n\r\n'.encode() + content)
        body = b"".join(b"--x\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--x--\r\n"
        headers = {"Cookie": self.cookie, "Content-Type": "multipart/form-data; boundary=x"}
        answer = self.door.ask("POST", f"/en/{path}", headers, body)
        assert answer.status in (200, 303), f"{path}: {answer.status} {answer.page[-900:]}"
        return str(answer.page)


def picture_of(code: str) -> bytes:
    """What a camera sends of the code on a slip: grey points, row by row."""
    drawn = qrcode.QRCode(border=4)
    drawn.add_data(code)
    rows, grey = drawn.get_matrix(), bytearray(b"\xc8" * (WIDTH * HEIGHT))
    for y in range(len(rows) * 8):
        for x in range(len(rows) * 8):
            grey[(y + 20) * WIDTH + x + 50] = 30 if rows[y // 8][x // 8] else 220
    return bytes(grey)


def rows_of(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every table of the register and of the voices, as the schema itself lists them, with its rows."""
    found = {}
    for name in (FILE_NAME, voices.FILE_NAME):
        db: Database = open_read_only(folder / name)
        for (table,) in db.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            found[table] = db.conn.execute(f"SELECT * FROM {table}").fetchall()
        db.close()
    return found


def pieces(rows: dict[str, list[tuple[Any, ...]]]) -> set[str | bytes]:
    """What of *rows* occurs nowhere else: codes, ids, keys, salts, hashes, and the markers of services."""
    values = {value for table, each in rows.items() if table not in LEFT for row in each for value in row}
    texts = {value for value in values if isinstance(value, str)}
    return {each for each in texts if is_code(each) or re.fullmatch("[0-9a-f]{32,64}|marker-.*", each)} | {
        value for value in values if isinstance(value, bytes)
    }


def ways(piece: str | bytes) -> Iterator[bytes]:
    """As text, wide text, in hexadecimal and base 64; a code as it is printed too, and packed into 60 bits."""
    texts = [piece] if isinstance(piece, bytes) else []
    for text in (piece, printed(piece), piece.lower()) if isinstance(piece, str) and is_code(piece) else (piece,):
        if isinstance(text, str):
            texts += [text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")]
    if isinstance(piece, str) and is_code(piece):
        number = sum(ALPHABET.index(letter) << 5 * place for place, letter in enumerate(piece[11::-1]))
        yield from (number.to_bytes(8, "big"), number.to_bytes(8, "little"), (number << 4).to_bytes(8, "big"))
    elif isinstance(piece, str) and re.fullmatch("[0-9a-f]+", piece):
        texts.append(bytes.fromhex(piece))
    for text in texts:
        yield from (text, text.hex().encode())
        yield from (base64.b64encode(bytes(n) + text)[4 if n else 0 : -4] for n in range(3))


@pytest.fixture
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is made here is cheap to check; the doors hash as they do in the field."""
    monkeypatch.setattr("fieldref.register.passphrase.N", 2**4)


class Before(NamedTuple):
    """The box once a pack has brought what is due of an earlier shift: those codes, and one more pack to take."""

    folder: Path
    due_codes: list[str]
    next_pack: Path


@pytest.fixture
def before(border_post: Path, words: str, little_pack: Callable[..., Path], open_books: Any) -> Before:
    north, db = border_post.with_name("north"), open_register(border_post)
    day = (date.today() - timedelta(days=3)).isoformat()
    asked = [Referral(day=day, need="food", service=f"marker-{n}", priority="urgent") for n in range(3)]
    append_all(db, asked)
    db.close()
    close_shift(border_post, words)
    merge_files(north, [border_post / "outbox"], words)
    along = beside.of_branch(open_books(north), keys.open_branch(north, words), date.today())
    more = {f"beside/{name}": content for name, content in along.items()}
    taking.take(border_post, little_pack(north, 1, "first", **more))
    return Before(border_post, [each.code for each in asked], little_pack(north, 2, "second", **more))


class Used(NamedTuple):
    """A shift in which everything was used: who has the passphrase, the doors, what is wanted, the tables filled."""

    coordinator: Day
    doors: list[Any]
    wanted: set[str | bytes]
    tables: set[str]


@pytest.fixture
def used(before: Before, open_door: Callable[..., Any], referral: Callable[..., dict[str, str]], words: str) -> Used:
    folder = before.folder
    tone = Path(__file__).parents[1] / "data" / "tone.mp3"
    (folder / "consent").mkdir()
    (folder / "consent" / "ar.mp3").write_bytes(tone.read_bytes())
    staff, public, lan = doors = [open_door(name) for name in ("staff", "public", "staff-lan")]
    coordinator = Day(staff, *staff.let_in("/en/shift/open", passphrase=words))
    # The page shows the first volunteer's PIN once, and signing in has read it already: so one more is let in.
    coordinator.post("shift/volunteers")
    pin = re.search(r">(\d{6})<", coordinator.get("shift"))
    assert pin
    who = {"number": "2", "pin": pin[1]}
    card = lan.ask("GET", f"/card/{certificate(folder, ()).word}").cookie.split(";")[0]
    someone, outside = (
        Day(staff, *staff.let_in("/en/sign-in", **who)),
        Day(lan, *lan.let_in("/en/sign-in", card, **who)),
    )
    for volunteer in (someone, outside):
        refer_and_count(volunteer, referral)
    codes = [str(row[0]) for row in rows_of(folder)["referral"]]
    enter_paper(someone, codes)
    say_what_came(someone, codes, before.due_codes)
    say_what_holds(someone)
    coordinator.send("guide/take", "pack", before.next_pack.read_bytes())
    coordinator.post("guide/back")
    be_heard(Day(public, "", ""))
    # The door writes down once a minute what was read.
    voices.hear(folder, voices.PageView(page="rights/asylum", language="en", count=5))
    filled = rows_of(folder)
    return Used(coordinator, doors, pieces(filled) | set(before.due_codes), {name for name in filled if filled[name]})


def refer_and_count(volunteer: Day, referral: Callable[..., dict[str, str]]) -> None:
    volunteer.post("begin", person="ar")
    volunteer.get("consent")
    for _ in range(MORE):
        volunteer.post("refer", **referral(**CHOSEN))
    volunteer.get("slip")
    volunteer.post("again")
    volunteer.post("undo")
    volunteer.post("tally", kind="food")
    volunteer.post("tally/undo")
    volunteer.post("tally", kind="food")
    volunteer.post("turned-away", need="food", reason="capacity", at="tally")


def enter_paper(volunteer: Day, codes: list[str]) -> None:
    """A pad is printed and entered, one person having said no; an answer sheet is printed and entered."""
    slips = list(dict.fromkeys(CODE.findall(volunteer.post("pad", person="en", sheets="1"))))
    rows = [CHOSEN | {"code": code, "consent": "yes", "sure": ""} for code in slips[:2]]
    rows.append(CHOSEN | {"code": slips[2]})
    grid = {f"{name}-{number}": value for number, row in enumerate(rows) for name, value in row.items()}
    assert "Recorded: 2." in volunteer.post("pad/enter", day=date.today().isoformat(), person="ar", **grid) + (
        volunteer.get("pad/enter")
    )
    volunteer.post("answers", service="kitchen", which="all", do="print")
    volunteer.post("answers/enter", **{"code-0": codes[0], "status-0": "completed"})


def say_what_came(volunteer: Day, codes: list[str], due_codes: list[str]) -> None:
    assert all(printed(code) in volunteer.get("due") for code in due_codes)
    for code in (codes[1], due_codes[0]):
        volunteer.post("outcome", code=code)
        volunteer.post("outcome/record", code=code, status="declined_by_service", reason="capacity")
    volunteer.post("withdraw/record", code=due_codes[1], reason="mistake")
    sides = {"width": str(WIDTH), "height": str(HEIGHT)}
    assert volunteer.send("outcome/scan", "picture", picture_of(codes[2]), **sides) == codes[2]


def say_what_holds(volunteer: Day) -> None:
    volunteer.post("capacity", service="kitchen", state="full")
    volunteer.post("speaking", spoken="ar")
    volunteer.post("announce", kind="boat", until="23:59")
    volunteer.post("clock", right="yes")
    volunteer.post("help/", text=re.findall(r'name="text" value="([^"]+)"', volunteer.get("help/"))[0])
    for page in ("help/read", "doctor", "clock", "tally"):
        volunteer.get(page)


def be_heard(visitor: Day) -> None:
    for _ in range(6):
        visitor.get("rights/asylum")
    visitor.post("missing", need="food")
    visitor.post("heard/rights/asylum", answer="yes")


def found(wanted: set[str | bytes], *places: Path) -> set[str | bytes]:
    """Which of what is *wanted* stands in any file of these *places*, in any way of writing it."""
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    every = b"\0\0\0".join(path.read_bytes() for path in files)
    asked = {piece: list(ways(piece)) for piece in wanted}
    there = {piece for piece, its_ways in asked.items() if any(way in every for way in its_ways)}
    number = sum(map(len, asked.values()))
    print(f"\n{len(wanted)} pieces, {number} ways to write them, {len(files)} files, {len(there)} found")
    return there


def assert_nothing_is_left(used: Used, folder: Path, room: Path) -> None:
    tables = rows_of(folder)
    assert tables.keys() <= used.tables | LEFT.keys(), "a table that this shift does not fill"
    assert {name for name, rows in tables.items() if rows} <= LEFT.keys()
    assert {path.name.removesuffix("-journal") for path in folder.iterdir()} == FILES.keys(), (
        "a file that is not listed"
    )
    assert found(used.wanted, folder, room) == set()
    assert today.today(folder, datetime.now()) == today.NOTHING


def test_a_box_on_which_everything_was_used_gives_nobody_away(used: Used, border_post, tmp_path, words) -> None:
    assert found(used.wanted, border_post) == used.wanted, "the control"
    assert "closed" in used.coordinator.post("shift/close", passphrase=words).lower()
    assert_nothing_is_left(used, border_post, tmp_path / "room")


def test_nor_after_its_doors_were_killed_and_the_shift_was_closed_by_command(
    used: Used, border_post, tmp_path, words
) -> None:
    for door in used.doors:
        door.stop()  # kill -9
    command = [sys.executable, "-c", "from fieldref.cli import main; main()", "--folder", str(border_post)]
    around = os.environ | {"FIELDREF_PASSPHRASE": words, "TMPDIR": str(tmp_path / "room")}
    subprocess.run([*command, "shift", "close"], env=around, check=True, timeout=60, stdout=subprocess.DEVNULL)
    assert_nothing_is_left(used, border_post, tmp_path / "room")
