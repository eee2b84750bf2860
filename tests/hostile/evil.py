"""Files that were made to do harm to the branch that merges them, by name: see test_bundles.py.

Outside the seal: whatever may lie on a stick under the name of a bundle. Inside a valid seal and signature, as a
seized safe-point can make them: headers that are not what they say, and databases that are.
"""

import hashlib
import json
import os
import random
import socket
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fieldref.exchange import envelope, payload, seal
from fieldref.exchange.cards import Card

Made = dict[str, Path]
CHANCE = random.Random(66)  # noqa: S311 (the same bytes each time)
REFERRAL = (
    "INSERT INTO referral VALUES ('{code}', '{day}', 'camp', '{need}', 'unsaid', 'normal', 'slip',"
    " 'female', '18-59', 'alone', 'no', 'ar', 'yes')"
)
TALLY = f"INSERT INTO tally VALUES ('{'a' * 32}', {{day}}, 'camp', 'food', {{people}})"
GOOD = REFERRAL.format(code="K7QM3XWF9T2RA", day="2026-11-22", need="food")
SMALLEST = seal.SIZES[0]

SCHEMA_TRICKS = {
    "a view that loads a library": ["CREATE VIEW v AS SELECT load_extension('/tmp/evil')"],
    "a view in a table's place": ["DROP TABLE tally", "CREATE VIEW tally AS SELECT 1 AS id"],
    "a view that writes a file": ["CREATE VIEW v AS SELECT writefile('/tmp/evil', 'x')"],
    "a view that never ends in a table's place": [
        "DROP TABLE tally",
        "CREATE VIEW tally AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)"
        " SELECT id, '2026-11-22' AS day, 'camp' AS step, 'food' AS need, 1 AS people FROM n",
    ],
    "a trigger": ["CREATE TRIGGER t AFTER INSERT ON tally BEGIN DELETE FROM referral; END"],
    "a trigger that attaches": ["CREATE TRIGGER t AFTER INSERT ON tally BEGIN SELECT load_extension('evil'); END"],
    "an extra table": ["CREATE TABLE notes (words TEXT)"],
    "a hundred thousand tables": None,
    "a virtual table": ["CREATE VIRTUAL TABLE words USING fts5(word)"],
    "a virtual table of a module nobody has": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = 'CREATE VIRTUAL TABLE tally USING evil(x)', rootpage = 0 WHERE name = 'tally'",
    ],
    "an index": ["CREATE INDEX i ON referral (day)"],
    "an index on an expression": ["CREATE INDEX i ON referral (length(zeroblob(900000000)))"],
    "a partial index": ["CREATE INDEX i ON referral (day) WHERE length(hex(zeroblob(99999999))) > 0"],
    "a generated column": ["ALTER TABLE tally ADD COLUMN more TEXT GENERATED ALWAYS AS (hex(zeroblob(9))) VIRTUAL"],
    "a default that costs": ["ALTER TABLE tally ADD COLUMN more TEXT DEFAULT (hex(randomblob(99999999)))"],
    "a check that costs": [
        "DROP TABLE tally",
        "CREATE TABLE tally (id TEXT PRIMARY KEY CHECK (length(hex(zeroblob(99999999))) > 0)) STRICT, WITHOUT ROWID",
    ],
    "a foreign key": ["DROP TABLE tally", "CREATE TABLE tally (id TEXT PRIMARY KEY REFERENCES referral) WITHOUT ROWID"],
    "a collation nobody has": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'id TEXT', 'id TEXT COLLATE evil') WHERE name = 'tally'",
    ],
    "a schema in capitals": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = upper(sql) WHERE name = 'tally'",
    ],
    "a schema of a million letters": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = sql || ' --' || hex(zeroblob(500000)) WHERE name = 'tally'",
    ],
    "a table whose root is another's": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'meta')"
        " WHERE name = 'referral'",
    ],
    "a table whose root is the schema": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET rootpage = 1 WHERE name = 'tally'",
    ],
    "a table whose root is beyond the end": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET rootpage = 99999999 WHERE name = 'tally'",
    ],
    "a table twice": [
        "PRAGMA writable_schema = ON",
        "INSERT INTO sqlite_master SELECT * FROM sqlite_master WHERE name = 'tally'",
    ],
    "a name with a nul": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET name = 'tally' || char(0) || 'x', tbl_name = 'tally' WHERE name = 'tally'",
    ],
    "a missing table": ["DROP TABLE tally"],
    "a missing meta": ["DROP TABLE meta"],
    "statistics": ["ANALYZE"],
}
VALUE_TRICKS = {
    "a need nobody knows": [REFERRAL.format(code="K7QM3XWF9T2RA", day="2026-11-22", need="gold")],
    "a name": [REFERRAL.format(code="K7QM3XWF9T2RA", day="2026-11-22", need="Amina, 34, room 5")],
    "a code with a wrong check": [REFERRAL.format(code="K7QM3XWF9T2RB", day="2026-11-22", need="food")],
    "an empty code": [REFERRAL.format(code="", day="2026-11-22", need="food")],
    "a code in other figures": [REFERRAL.format(code="٣" * 13, day="2026-11-22", need="food")],
    "a day with a time": [REFERRAL.format(code="K7QM3XWF9T2RA", day="2026-11-22T10:15", need="food")],
    "the 30th of February": [REFERRAL.format(code="K7QM3XWF9T2RA", day="2026-02-30", need="food")],
    "a day that is a number": [
        "DROP TABLE tally",
        payload.table("tally").replace(" STRICT,", ""),
        TALLY.format(day=20261122, people=1),
    ],
    "too many people": [TALLY.format(day="'2026-11-22'", people=99999999)],
    "people below nought": [TALLY.format(day="'2026-11-22'", people=-1)],
    "the greatest number there is": [TALLY.format(day="'2026-11-22'", people=2**63 - 1)],
    "a very long word": [REFERRAL.format(code="K7QM3XWF9T2RA", day="2026-11-22", need="x" * 5_000_000)],
    "a word of nine hundred thousand letters": [
        REFERRAL.format(code="K7QM3XWF9T2RA", day="2026-11-22", need="x" * 900_000)
    ],
    "a nul in a word": ["INSERT INTO withdrawal VALUES ('a', 'b', 'mist' || char(0) || 'ake')"],
    "half a letter": [GOOD, "UPDATE referral SET need = CAST(x'C3' AS TEXT)"],
    "an image where words are due": [GOOD, "UPDATE referral SET need = CAST(x'FFD8FF' AS TEXT)"],
    "no day": ["DELETE FROM meta WHERE name = 'day'"],
    "nothing about itself": ["DELETE FROM meta"],
    "another clock": ["UPDATE meta SET value = 'atomic' WHERE name = 'clock'"],
    "no edition": ["DELETE FROM meta WHERE name = 'edition'"],
    "an edition before the first": ["UPDATE meta SET value = '-1' WHERE name = 'edition'"],
    "an edition in other figures": ["UPDATE meta SET value = '٣' WHERE name = 'edition'"],
    "an edition of a thousand figures": [f"UPDATE meta SET value = '{'9' * 1000}' WHERE name = 'edition'"],
    "an edition that an older format has not": ["UPDATE meta SET value = '3' WHERE name = 'format'"],
    "more about itself": ["INSERT INTO meta VALUES ('author', 'me')"],
    "ten thousand things about itself": [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10000)"
        " INSERT INTO meta SELECT 'author ' || i, 'me' FROM n"
    ],
    "format nought": ["UPDATE meta SET value = '0' WHERE name = 'format'"],
    "format minus one": ["UPDATE meta SET value = '-1' WHERE name = 'format'"],
    "format in other figures": ["UPDATE meta SET value = '٣' WHERE name = 'format'"],
    "an older format with newer rows": [
        "UPDATE meta SET value = '1' WHERE name = 'format'",
        "DELETE FROM meta WHERE name = 'edition'",
        f"INSERT INTO turned_away VALUES ('{'a' * 32}', '2026-11-22', 'camp', 'food', 1, 'capacity')",
    ],
    "a newer format": [f"UPDATE meta SET value = '{payload.FORMAT + 1}' WHERE name = 'format'"],
    "a format of a thousand figures": [
        f"UPDATE meta SET value = '{'9' * 1000}' WHERE name = 'format'",
        "CREATE TABLE t(x)",
    ],
}
BYTE_TRICKS: dict[str, tuple[int, bytes]] = {
    "a write-ahead log": (18, b"\x02\x02"),
    "a log to read only": (18, b"\x01\x02"),
    "pages of two bytes": (16, b"\x00\x02"),
    "pages of one byte that mean 65536": (16, b"\x00\x01"),
    "pages of 500 bytes": (16, b"\x01\xf4"),
    "no page size": (16, b"\x00\x00"),
    "UTF-16, little end first": (56, b"\x00\x00\x00\x02"),
    "UTF-16, big end first": (56, b"\x00\x00\x00\x03"),
    "an encoding nobody has": (56, b"\x00\x00\x00\x63"),
    "another magic": (0, b"sqlite"),
    "four thousand million pages": (28, b"\xff\xff\xff\xff"),
    "a schema format of the future": (44, b"\x00\x00\x00\x63"),
    "all of a page kept in reserve": (20, b"\xff"),
    "payload fractions that cannot be": (21, b"\x00\x00\x00"),
    "a list of free pages that is the schema": (32, b"\x00\x00\x00\x01\x00\x00\x00\x05"),
    "vacuuming by itself": (52, b"\x00\x00\x00\x03"),
    "a first page that is a leaf of an index": (100, b"\x0a"),
    "a first page that points to itself": (108, b"\x00\x00\x00\x01"),
    "sixty thousand cells on one page": (103, b"\xea\x60"),
}
HEADER_TRICKS: dict[str, Any] = {
    "format 2": {"format": 2},
    "format True": {"format": True},
    "format 1.0": {"format": 1.0},
    "format '1'": {"format": "1"},
    "a pack": {"kind": "pack"},
    "a list for a kind": {"kind": ["bundle"]},
    "no sequence": {"sequence": 0},
    "sequence True": {"sequence": True},
    "sequence 1.5": {"sequence": 1.5},
    "sequence -1": {"sequence": -1},
    "sequence 2**31": {"sequence": 2**31},
    "sequence of four thousand figures": {"sequence": 10**3900},
    "not a number": {"sequence": float("nan")},
    "without end": {"sequence": float("inf")},
    "a previous in capitals": {"previous": "A" * 64},
    "a previous with a line's end": {"previous": "0" * 64 + "\n"},
    "no previous": {"previous": None},
    "another branch": {"recipient": "a" * 20},
    "an unknown device": {"device": "a" * 20},
    "a device with a nul": {"device": "a\0" * 10},
    "a device that asks SQL": {"device": "' OR 1 = 1 --"},
    "a device with half a letter": {"device": "\ud800"},
    "a list for a device": {"device": ["a"]},
    "nobody's device": {"device": None},
    "a length below nought": {"length": -1},
    "a length of nought": {"length": 0},
    "a length beyond the end": {"length": 10**9},
    "a length True": {"length": True},
    "another digest": {"sha256": "0" * 64},
    "something more": {"author": "me"},
}
RAW_HEADERS: dict[str, bytes] = {
    "an empty header": b"",
    "a list for a header": b"[]",
    "a word for a header": b'"bundle"',
    "nothing for a header": b"null",
    "a header without end": b'{"format": 1',
    "brackets all the way down": b"[" * 4000,
    "braces all the way down": b'{"a":' * 800,
    "a key a thousand times": b"{" + b",".join([b'"format": 1'] * 300) + b"}",
    "UTF-16": '{"format": 1}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"format": 1}',
    "half a letter": b'{"format": "\xc3"}',
    "a number of four thousand figures": b'{"format": ' + b"9" * 4000 + b"}",
}


def good() -> bytes:
    """The payload that the others are made of, and that is taken."""
    return _database(GOOD)


def outside(folder: Path, bundle: bytes, card: bytes) -> Made:
    """What is no sealed envelope, and yet lies there."""
    contents = {
        "nothing": b"",
        "one byte": b"?",
        "zeros": bytes(SMALLEST),
        "noise": CHANCE.randbytes(SMALLEST),
        "noise of the next size": CHANCE.randbytes(seal.SIZES[1]),
        "one byte less": bundle[:-1],
        "one byte more": bundle + b"\0",
        "the first half": bundle[: len(bundle) // 2],
        "a bundle twice in one file": bundle * 2,
        "a bundle and zeros": bundle + bytes(len(bundle)),
        "slots changed over": bundle[seal.SLOT : 2 * seal.SLOT] + bundle[: seal.SLOT] + bundle[2 * seal.SLOT :],
        "slots of nought": bytes(2 * seal.SLOT) + bundle[2 * seal.SLOT :],
        "a bundle from behind": bundle[::-1],
        "a card": card,
        "a card as long as a bundle": card.ljust(SMALLEST, b"\n"),
        "a database": _database(GOOD).ljust(SMALLEST, b"\0"),
        "a program": b"\x7fELF".ljust(SMALLEST, b"\x90"),
        "a picture": b"\x89PNG\r\n\x1a\n".ljust(SMALLEST, b"\xff"),
    }
    made = {}
    for number, (name, content) in enumerate(contents.items()):
        made[name] = folder / f"outside-{number}.bin"
        made[name].write_bytes(content)
    with zipfile.ZipFile(folder / "zip.bin", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(10**7))
    for name, size in (("a sparse terabyte", 2**40), ("fifty sparse megabytes", seal.LARGEST)):
        made[name] = folder / f"{name.replace(' ', '-')}.bin"
        with made[name].open("wb") as file:
            file.truncate(size)
    return made | {"an archive that swells": folder / "zip.bin"} | _no_files(folder)


def _no_files(folder: Path) -> Made:
    """What has the name of a file and is none."""
    made = {name: folder / f"no-file-{number}.bin" for number, name in enumerate(NO_FILES)}
    for name, path in made.items():
        NO_FILES[name](path)
    odd = {
        "a name that moves the cursor": "\x1b[2J\r.bin",
        "a name of two lines": "a\nnew.bin",
        "a name turned": "\u202egpj.bin",
    }
    for name, its_name in odd.items():
        made[name] = folder / its_name
        made[name].write_bytes(b"?")
    made["a name that is no text"] = folder / os.fsdecode(b"\xff\xfe.bin")
    made["a name that is no text"].write_bytes(b"?")
    return made


def _listen(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        back = os.open(".", os.O_RDONLY)
        os.chdir(path.parent)  # the whole path may be too long for a socket's name
        try:
            listener.bind(path.name)
        finally:
            os.fchdir(back)
            os.close(back)


NO_FILES: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a socket": _listen,
    "a folder in a folder": lambda path: (path / "folder.bin").mkdir(parents=True),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to zeros without end": lambda path: path.symlink_to("/dev/zero"),
    "a link to noise without end": lambda path: path.symlink_to("/dev/urandom"),
    "a link to a terminal": lambda path: path.symlink_to("/dev/tty"),
    "a link to the memory of this process": lambda path: path.symlink_to("/proc/self/mem"),
}


def inside(folder: Path, sign: Callable[[bytes], bytes], branch: Card, header: dict[str, Any]) -> Made:
    """What a seized safe-point can make: sealed to the *branch*, signed by *sign*."""
    made: Made = {}

    def keep(name: str, text: bytes, content: bytes, length: int | None = None) -> None:
        inner = envelope.MAGIC + (len(text) if length is None else length).to_bytes(4, "big") + text + content
        padded = inner.ljust(seal.room(len(inner) + envelope.SIGNATURE) - envelope.SIGNATURE, b"\0")
        made[name] = folder / f"inside-{len(made)}.bin"
        made[name].write_bytes(seal.seal(padded + sign(padded), branch.sealing_key()))

    def text_for(content: bytes, **instead: Any) -> bytes:
        about = {"length": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        return json.dumps({**header, **about, **instead}).encode("utf-8", "surrogatepass")

    content = good()
    for name, instead in HEADER_TRICKS.items():
        keep(f"header: {name}", text_for(content, **instead), content)
    for name, text in RAW_HEADERS.items():
        keep(f"header: {name}", text, content)
    keep("header: its length is four thousand million", text_for(content), content, 2**32 - 1)
    keep("header: its length is nought", text_for(content), content, 0)
    keep("header: it is missing a field", text_for(content).replace(b'"previous"', b'"before"'), content)
    for name, content in _databases(good()).items():
        keep(name, text_for(content), content)
    return made


def _databases(good: bytes) -> dict[str, bytes]:
    found = {"nothing at all": b"", "only a beginning": good[:100], "noise": CHANCE.randbytes(20_000)}
    found["a database cut short"] = good[: len(good) // 2 // 1024 * 1024]
    found["a database with a page too many"] = good + CHANCE.randbytes(1024)
    found["zeros after the first page"] = good[:1024].ljust(len(good), b"\0")
    found["every page the first"] = good[:1024] * (len(good) // 1024)
    for name, statements in {**SCHEMA_TRICKS, **VALUE_TRICKS}.items():
        found[name] = _database(*statements) if statements is not None else _many_tables()
    for name, (place, new) in BYTE_TRICKS.items():
        found[f"bytes: {name}"] = good[:place] + new + good[place + len(new) :]
    found["a blob of more than a gigabyte"] = _long_cell(good)
    return found


def _database(*statements: str) -> bytes:
    """A payload as fieldref makes it, after these statements."""
    db = sqlite3.connect(":memory:", isolation_level=None)  # noqa: TID251 (a hostile file)
    db.execute(f"PRAGMA page_size = {payload.PAGE_SIZE}")
    for name in payload.TABLES:
        db.execute(payload.table(name))
    meta = {"format": str(payload.FORMAT), "day": "2026-11-22", "clock": "trusted", "edition": "3"}
    db.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    for statement in statements:
        db.execute(statement)
    content = bytes(db.serialize())
    db.close()
    return content


def _many_tables() -> bytes:
    db = sqlite3.connect(":memory:", isolation_level=None)  # noqa: TID251
    db.execute("PRAGMA page_size = 512")
    db.execute("PRAGMA writable_schema = ON")
    db.execute(
        """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000)
           INSERT INTO sqlite_master SELECT 'table', 't' || i, 't' || i, 2, 'CREATE TABLE t' || i || '(x)' FROM n"""
    )
    content = bytes(db.serialize())
    db.close()
    return content


def _long_cell(good: bytes) -> bytes:
    """A row that says it is longer than a gigabyte."""
    place = good.index(b"K7QM3XWF9T2RA")
    start = good.rindex(b"\x0e", 0, place)  # the length of the row's header; the row's own length stands before it
    return good[: start - 2] + b"\xff\xff" + good[start:]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """*content* with some bytes other than they were, a few bits turned, cut short, overwritten or pages swapped."""
    damaged, luck = bytearray(content), chance.random()
    if luck < 0.5:
        for _ in range(chance.randint(1, 16)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    elif luck < 0.7:
        for _ in range(chance.randint(1, 3)):
            damaged[chance.randrange(200 if chance.random() < 0.5 else len(damaged))] ^= 1 << chance.randrange(8)
    elif luck < 0.8:
        del damaged[chance.randrange(len(damaged)) :]
    elif luck < 0.9:
        run = chance.randbytes(chance.randint(1, 4096))
        place = chance.randrange(len(damaged))
        damaged[place : place + len(run)] = run
    else:
        one, other = (chance.randrange(len(damaged) // 1024) * 1024 for _ in range(2))
        damaged[one : one + 1024], damaged[other : other + 1024] = (
            damaged[other : other + 1024],
            damaged[one : one + 1024],
        )
    return bytes(damaged)
