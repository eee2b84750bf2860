"""What visitors tell us: only codes, within limits, and taken once."""

import sqlite3
from dataclasses import fields

import pytest

from fieldref import voices
from fieldref.exchange.payload import TABLES
from fieldref.voices import LIMITS, VOICES, MissingService, NotHeard, PageView, Rating, TooMuch, hear, hear_all


def count(folder, table):
    db = voices.open_voices(folder)
    try:
        return db[table].count
    finally:
        db.close()


def rating(**changed):
    return Rating(**({"page": "rights/asylum", "language": "ar", "useful": "yes"} | changed))


@pytest.mark.parametrize(("kind", "name"), voices.NAMES.items())
def test_a_voice_has_the_columns_of_its_table_and_of_the_bundle_in_their_order(kind, name):
    columns = tuple(column.name for column in VOICES[name])
    assert columns == tuple(field.name for field in fields(kind)) == TABLES[name]


def test_what_was_heard_is_there_for_another_connection(tmp_path):
    hear(tmp_path, rating())
    hear(tmp_path, MissingService(language="fa", need="wash"))
    assert (count(tmp_path, "rating"), count(tmp_path, "missing_service")) == (1, 1)


@pytest.mark.parametrize(
    "voice",
    [
        rating(page="My name is Amina"),
        rating(page="rights/asylum/amina"),
        rating(page="../register"),
        rating(page=f"rights/{'a' * 60}"),
        rating(language="tlh"),
        rating(useful="unsaid"),
        rating(reason="capacity"),
        rating(day="2026-11-22T10:15"),
        MissingService(language="ar", need="gold"),
        PageView(page="rights/asylum", language="ar", count=0),
        PageView(page="rights/asylum", language="ar", count=10**9),
        PageView(page="rights/asylum", language="ar", device="Nokia 2720", count=5),
    ],
    ids=lambda voice: type(voice).__name__,
)
def test_what_no_voice_may_hold_is_not_kept(tmp_path, voice):
    with pytest.raises(NotHeard):
        hear(tmp_path, voice)
    assert not (tmp_path / "voices.db").exists()


@pytest.mark.parametrize("name", VOICES)
def test_the_database_itself_refuses_words_in_any_column(tmp_path, name):
    db = voices.open_voices(tmp_path)
    for column in VOICES[name]:
        row = {other.name: None for other in VOICES[name]} | {column.name: "Amina, 34, seen at 10:15"}
        with pytest.raises(sqlite3.IntegrityError):
            db[name].insert(row)
        db.conn.rollback()
    db.close()


def test_one_page_cannot_use_up_the_day_of_all(tmp_path):
    limit = LIMITS["rating"]
    assert hear_all(tmp_path, [rating() for _ in range(limit.each + 50)]) == limit.each
    with pytest.raises(TooMuch):
        hear(tmp_path, rating())
    hear(tmp_path, rating(page="rights/police"))


def test_a_day_has_its_limit_and_the_next_day_its_own(tmp_path):
    limit = LIMITS["rating"]
    flood = [rating(page=f"rights/page-{number % 100}") for number in range(limit.day + 50)]
    assert hear_all(tmp_path, flood) == limit.day
    hear(tmp_path, rating(day="2031-01-01"))


def test_months_without_a_closing_do_not_fill_the_disk(tmp_path, monkeypatch):
    monkeypatch.setitem(LIMITS, "missing_service", voices.Limit(30, 10, "need", 10))
    days = [f"2026-11-{day:02}" for day in range(1, 29)]
    said = [MissingService(day=day, language="ar", need="food") for day in days for _ in range(10)]
    assert hear_all(tmp_path, said) == 30


def test_the_largest_voices_there_can_be_fit_in_a_bundle():
    """300 bytes a row is more than the longest needs; a bundle takes 50 MiB."""
    assert sum(limit.all for limit in LIMITS.values()) * 300 < 25 * 2**20


def test_what_was_held_is_gone_when_the_block_has_ended(tmp_path):
    hear(tmp_path, rating())
    with voices.held(tmp_path) as db:
        assert db["rating"].count == 1
    assert count(tmp_path, "rating") == 0


def test_what_was_held_stays_when_the_block_failed(tmp_path):
    hear(tmp_path, rating())
    with pytest.raises(ZeroDivisionError), voices.held(tmp_path):
        raise ZeroDivisionError
    assert count(tmp_path, "rating") == 1


@pytest.fixture
def impatient(monkeypatch):
    """Nobody waits for a lock."""
    open_voices = voices.open_voices

    def open_at_once(folder):
        db = open_voices(folder)
        db.conn.execute("PRAGMA busy_timeout = 0")
        return db

    monkeypatch.setattr(voices, "open_voices", open_at_once)


def test_nobody_is_heard_between_the_taking_and_the_deleting(tmp_path, impatient):
    """Otherwise a voice could be deleted that was never taken."""
    hear(tmp_path, rating())
    with voices.held(tmp_path), pytest.raises(NotHeard, match="locked"):
        hear(tmp_path, rating())


def test_a_taking_that_has_to_wait_too_long_is_refused_in_words(tmp_path, impatient):
    with voices.held(tmp_path), pytest.raises(NotHeard, match="try again"), voices.held(tmp_path):
        pass


def test_a_disk_that_takes_nothing_is_said(tmp_path):
    (tmp_path / "voices.db").mkdir()
    with pytest.raises(NotHeard, match="cannot be written"):
        hear(tmp_path, rating())
