"""Payloads inside a valid signature that are not what fieldref makes: a seized safe-point signs too."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from fieldref.exchange import confined, payload, reader
from fieldref.exchange.confined import Confined, PayloadRefused
from fieldref.exchange.kinds import KINDS
from fieldref.exchange.merge import merge_files
from fieldref.exchange.reading import Shift, read_payload
from fieldref.register.codes import new_code

DATA = Path(__file__).parent.parent / "data"
REFERRAL = (
    "INSERT INTO referral VALUES ('{code}', '{day}', 'camp', '{need}', 'unsaid', 'normal', 'slip',"
    " 'female', '18-59', 'alone', 'no', 'ar', 'yes')"
)

RATING = f"INSERT INTO rating VALUES ('{'a' * 32}', '2026-11-22', '{{page}}', 'ar', 'no', '{{reason}}')"
TURNED_AWAY = f"INSERT INTO turned_away VALUES ('{'a' * 32}', '2026-11-22', 'camp', 'food', 2, '{{reason}}')"
VIEWS = f"INSERT INTO page_view VALUES ('{'a' * 32}', '2026-11-22', 'rights/asylum', 'ar', 'unsaid', {{count}})"


def referral(code="K7QM3XWF9T2RA", day="2026-11-22", need="food"):
    return REFERRAL.format(code=code, day=day, need=need)


SCHEMAS = {
    "a view": ["CREATE VIEW v AS SELECT load_extension('evil')"],
    "a view in a table's place": ["DROP TABLE tally", "CREATE VIEW tally AS SELECT 1 AS id"],
    "a trigger": ["CREATE TRIGGER t AFTER INSERT ON tally BEGIN DELETE FROM referral; END"],
    "an extra table": ["CREATE TABLE notes (words TEXT)"],
    "a virtual table": ["CREATE VIRTUAL TABLE words USING fts5(word)"],
    "an index": ["CREATE INDEX i ON referral (day)"],
    "an index on an expression": ["CREATE INDEX i ON referral (length(zeroblob(900000000)))"],
    "a generated column": ["ALTER TABLE tally ADD COLUMN more TEXT GENERATED ALWAYS AS (hex(zeroblob(9))) VIRTUAL"],
    "a missing table": ["DROP TABLE tally"],
    "a check that costs much": [
        "DROP TABLE tally",
        "CREATE TABLE tally (id TEXT PRIMARY KEY CHECK (length(hex(zeroblob(99999999))) > 0)) STRICT, WITHOUT ROWID",
    ],
    "a schema in capitals": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = upper(sql) WHERE name = 'tally'",
    ],
    "many tables": [f"CREATE TABLE t{number} (x)" for number in range(2000)],
}
CODES = {
    "a need nobody knows": [referral(need="gold")],
    "a name": [referral(need="Amina, 34, room 5")],
    "a code with a wrong check": [referral(code="K7QM3XWF9T2RB")],
    "a day with a time": [referral(day="2026-11-22T10:15")],
    "too many people": [f"INSERT INTO tally VALUES ('{'a' * 32}', '2026-11-22', 'camp', 'food', 99999999)"],
    "a very long word": [referral(need="x" * 5_000_000)],
    "a nul in a word": ["INSERT INTO withdrawal VALUES ('a', 'b', 'mist' || char(0) || 'ake')"],
    "a page with words": [RATING.format(page="rights/asylum is wrong", reason="hard")],
    "a reason of a referral": [RATING.format(page="rights/asylum", reason="capacity")],
    "views without end": [VIEWS.format(count=10**12)],
    "no day": ["DELETE FROM meta WHERE name = 'day'"],
    "another clock": ["UPDATE meta SET value = 'atomic' WHERE name = 'clock'"],
    "no edition": ["DELETE FROM meta WHERE name = 'edition'"],
    "an edition that is no number": ["UPDATE meta SET value = 'latest' WHERE name = 'edition'"],
    "an edition below nought": ["UPDATE meta SET value = '-1' WHERE name = 'edition'"],
    "an edition written in another way": ["UPDATE meta SET value = '03' WHERE name = 'edition'"],
    "an edition too large to keep": ["UPDATE meta SET value = '99999999999' WHERE name = 'edition'"],
    "an edition in an older format": ["UPDATE meta SET value = '3' WHERE name = 'format'"],
    "more about itself": ["INSERT INTO meta VALUES ('author', 'me')"],
    "a reason in words": [TURNED_AWAY.format(reason="no bed")],
    "a newer format": [f"UPDATE meta SET value = '{payload.FORMAT + 1}' WHERE name = 'format'"],
}


@pytest.fixture
def read():
    """Read a payload as merging does; return its shift, and its rows with their table."""

    def rows_and_shift(content):
        found = []

        def take(table, columns):
            found.extend((table, *values) for values in zip(*columns, strict=True))

        with Confined() as processes:
            return read_payload(content, processes, take), found

    return rows_and_shift


@pytest.mark.parametrize("statements", [*SCHEMAS.values(), *CODES.values()], ids=[*SCHEMAS, *CODES])
def test_a_hostile_database_is_refused(read, crafted, statements):
    with pytest.raises(PayloadRefused):
        read(crafted(*statements))


def test_only_what_is_hostile_is_refused(read, crafted):
    its_shift, rows = read(crafted(referral()))
    assert its_shift == Shift("2026-11-22", "trusted", payload.FORMAT, 3)
    assert [row[:2] for row in rows] == [("referral", "K7QM3XWF9T2RA")]


def of_format(number):
    """A payload that a fieldref made when *number* was its newest format, byte by byte."""
    return (DATA / "payloads" / f"format-{number}.db").read_bytes()


def test_an_older_bundle_is_still_read(read):
    """The next format keeps a payload of the one before it here."""
    kinds = {number: {row[0] for row in read(of_format(number))[1]} for number in range(1, payload.FORMAT)}
    assert kinds[1] == {"referral", "outcome", "tally", "withdrawal"}
    assert kinds[2] - kinds[1] == {"rating", "missing_service", "page_view"}
    assert kinds[3] - kinds[2] == {"turned_away"}


def test_an_older_bundle_does_not_say_which_edition_was_served(read):
    assert {read(of_format(number))[0].edition for number in (1, 2, 3)} == {None}
    assert read(of_format(4))[0].edition == 3


def test_bundles_of_all_formats_merge_into_one(branch, signed, crafted, words, open_books):
    for content in map(of_format, (4, 1, 3, 2)):
        [result] = merge_files(branch, [signed(content)], words)
        assert (result.state, result.quarantined) == ("new", 0)
    db = open_books(branch)
    found = {kind: db[kind].count for kind in KINDS}
    assert found == dict.fromkeys(KINDS, 1)


NO_EDITION = "DELETE FROM meta WHERE name = 'edition'"


def test_a_kind_newer_than_what_a_bundle_says_it_is_of_is_refused(read, crafted):
    rating = RATING.format(page="rights/asylum", reason="hard")
    for number, row in ((1, rating), (2, TURNED_AWAY.format(reason="capacity"))):
        with pytest.raises(PayloadRefused):
            read(crafted(row, f"UPDATE meta SET value = '{number}' WHERE name = 'format'", NO_EDITION))


def changed(content, place, new):
    return content[:place] + new + content[place + len(new) :]


@pytest.mark.parametrize(
    ("place", "new"),
    [(18, b"\x02\x02"), (16, b"\0\x02"), (59, b"\x02"), (0, b"sqlite"), (28, b"\xff\xff\xff\xff"), (100, b"\x0a")],
    ids=["write-ahead log", "2-byte pages", "UTF-16", "another magic", "page count", "root page"],
)
def test_a_hostile_header_is_refused(read, crafted, place, new):
    with pytest.raises(PayloadRefused):
        read(changed(crafted(referral()), place, new))


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"\0" * 100, b"x" * 5000])
def test_what_is_no_database_is_refused(read, content):
    with pytest.raises(PayloadRefused):
        read(content)


def test_a_truncated_database_is_refused(read, crafted):
    content = crafted(*(referral(code=code) for code in ("K7QM3XWF9T2RA",)))
    for end in range(0, len(content), 1024):
        with pytest.raises(PayloadRefused):
            read(content[:end])


def test_thousands_of_damaged_databases_end_in_rows_or_an_error_never_otherwise(crafted):
    """In this process, for speed; a crash of SQLite would end the test run, and in earnest only the child."""
    content, chance = crafted(referral()), random.Random(59)  # noqa: S311 (the same damage each time)
    for _ in range(1500):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 16)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            list(reader.lines(bytes(damaged)))
        except (reader.NotOurs, reader.sqlite3.Error, UnicodeError, MemoryError):
            continue


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has only the time limit")
def test_the_child_cannot_take_much_memory():
    code = "from fieldref.exchange import reader; reader.confine(); bytearray(400 * 2**20)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert b"MemoryError" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows leaves no core")
def test_the_child_leaves_no_core_and_has_two_seconds():
    code = "import resource as r; from fieldref.exchange import reader; reader.confine()"
    code += "; print(r.getrlimit(r.RLIMIT_CORE), r.getrlimit(r.RLIMIT_CPU))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "(0, 0) (2, 2)"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has only the time limit")
@pytest.mark.parametrize("attempt", ["open('/etc/hostname')", "__import__('socket').socket()", "os.pipe()"])
def test_the_child_opens_no_file_and_no_connection(attempt):
    code = f"import os, socket; from fieldref.exchange import reader; reader.shut_off(); {attempt}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert b"Too many open files" in done.stderr


@pytest.fixture(params=[True, False], ids=["forked", "started anew"])
def either_way(request, monkeypatch):
    """Children are forked where the system can, and started one by one where it cannot."""
    monkeypatch.setattr(confined, "CAN_FORK", request.param)


def test_the_child_is_given_no_secret_and_no_module_of_the_folder(either_way, read, crafted, monkeypatch, tmp_path):
    (tmp_path / "sqlite3.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FIELDREF_PASSPHRASE", "secret")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    seen, start = {}, subprocess.Popen

    def look(*arguments, **options):
        seen.update(options["env"])
        return start(*arguments, **options)

    monkeypatch.setattr(confined.subprocess, "Popen", look)
    assert read(crafted(referral()))[1]
    assert seen
    assert not {"FIELDREF_PASSPHRASE", "PYTHONPATH"} & set(seen)


def test_a_child_that_takes_too_long_is_ended_and_the_next_one_answers(either_way, crafted, monkeypatch):
    start = confined._python
    with Confined() as processes:
        with monkeypatch.context() as asleep:
            asleep.setattr(confined, "_python", lambda _, **options: start("import time; time.sleep(600)", **options))
            asleep.setattr(confined.reader, "seconds", lambda _: 0.01)
            with pytest.raises(PayloadRefused, match="too long"):
                read_payload(crafted(referral()), processes, lambda *_: None)
        assert read_payload(crafted(referral()), processes, lambda *_: None).day == "2026-11-22"


def says(monkeypatch, words):
    """Have the child say *words* (or PRINT an expression), as one that a hostile database had taken over might."""
    what = words.removeprefix("PRINT ") if words.startswith("PRINT ") else repr(words)
    monkeypatch.setattr(confined, "CAN_FORK", False)
    start = confined._python
    monkeypatch.setattr(confined, "_python", lambda _, **options: start(f"print({what})", **options))


META = '["meta", ["format", "day", "clock", "edition"], ["4", "2026-11-22", "trusted", "3"]]'
TALLY = f'["tally", ["{"a" * 32}"], ["2026-11-22"], ["camp"], ["food"], [2]]'


@pytest.mark.parametrize(
    "words",
    [
        "",
        "what?",
        META,
        f'{META}\n{TALLY}\n["end"',
        '["end"]',
        f'{TALLY}\n["end"]',
        f'{META}\n["device", ["a"]]\n["end"]',
        f'{META}\n{META}\n["end"]',
        f'{META}\n{TALLY.replace("[2]", "[]")}\n["end"]',
        f'{META}\n{TALLY.replace("[2]", "[2, 3]")}\n["end"]',
        f'{META}\n{TALLY.replace("[2]", "[true]")}\n["end"]',
        f'{META}\n{TALLY.replace("[2]", "[2.0]")}\n["end"]',
        f'{META}\n{TALLY.replace("[2]", "[[2]]")}\n["end"]',
        f'{META}\n{TALLY.replace("[2]", "[NaN]")}\n["end"]',
        f'{META}\n{TALLY.replace("[2]", "[" + "9" * 5000 + "]")}\n["end"]',
        f'{META}\n{TALLY.replace("[2]", "null")}\n["end"]',
        f'{META}\n{TALLY[:-1]}, ["more"]]\n["end"]',
        "[" * 100_000,
        "PRINT 'x' * 20_000_000",
        f"PRINT {META!r} + '\\n' + {TALLY!r} + '\\n' + ({TALLY!r} + '\\n') * 2000 + '[\"end\"]'",
    ],
    ids=range(20),
)
def test_a_child_that_was_taken_over_is_not_believed(read, crafted, monkeypatch, words):
    says(monkeypatch, words)
    with pytest.raises(PayloadRefused):
        read(crafted())


def test_the_same_words_are_believed_if_they_make_sense(read, crafted, monkeypatch):
    """The control."""
    says(monkeypatch, f'{META}\n{TALLY}\n["end"]')
    assert read(crafted())[1] == [("tally", "a" * 32, "2026-11-22", "camp", "food", 2)]


def test_nothing_of_a_refused_bundle_is_merged(branch, signed, crafted, words, open_books):
    path = signed(crafted(referral(), f"INSERT INTO tally VALUES ('{'a' * 32}', '2026-11-22', 'camp', 'gold', 1)"))
    [result] = merge_files(branch, [path], words)
    db = open_books(branch)
    assert result.state == "refused"
    assert "vocabulary" in result.reason
    assert [db[table].count for table in ("referral", "bundle", "origin")] == [0, 0, 0]


def test_a_bundle_of_very_many_records_is_read(read, crafted):
    """20,000 records: some 130 bytes each."""
    content = crafted(*(referral(code=new_code()) for _ in range(20_000)))
    assert len(read(content)[1]) == 20_000
