import sqlite3
from dataclasses import fields

import pytest

from fieldref.register.columns import RECORDS
from fieldref.register.records import (
    KINDS,
    Outcome,
    RecordRefused,
    Referral,
    Tally,
    TurnedAway,
    Withdrawal,
    append,
    append_all,
)
from fieldref.register.schema import open_register


def count(db, table):
    return db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_has_the_columns_of_its_table_in_their_order(kind):
    assert [field.name for field in fields(KINDS[kind])] == [column.name for column in RECORDS[kind]]


def test_an_appended_record_is_there_for_another_connection(open_shift, safe_point):
    append(open_shift, Referral(need="food"))
    other = open_register(safe_point)
    assert count(other, "referral") == 1
    other.close()


def test_the_same_form_sent_twice_records_once(open_shift):
    assert append(open_shift, Referral(need="food"), once="form 1")
    assert not append(open_shift, Referral(need="food"), once="form 1")
    assert append(open_shift, Referral(need="food"), once="form 2")
    assert count(open_shift, "referral") == 2


def test_a_refused_form_may_be_sent_again(open_shift):
    there = Referral(need="food")
    append(open_shift, there)
    with pytest.raises(RecordRefused, match="already"):
        append(open_shift, there, once="form 1")
    assert append(open_shift, Referral(need="food"), once="form 1")


def test_all_of_a_form_is_recorded_or_nothing(open_shift):
    with pytest.raises(RecordRefused):
        append_all(open_shift, [Tally(need="food", people=3), Tally(need="food", people=0)])
    assert count(open_shift, "tally") == 0


@pytest.mark.parametrize(
    ("record", "named"),
    [
        (Referral(need="chocolate"), "need"),
        (Referral(day="2026-02-30"), "day"),
        (Referral(day="20261122"), "day"),
        (Referral(day="2026-11-22T10:00"), "day"),
        (Referral(code="K7QM3XWF9T2R1"), "code"),
        (Referral(service="Her name is Amina"), "service"),
        (Referral(language="tlh"), "language"),
        (Tally(people=0), "people"),
        (Tally(people=True), "people"),
        (TurnedAway(reason="the shelter was full"), "reason"),
        (TurnedAway(people=0), "people"),
        (Outcome(code="K7QM3XWF9T2RA", status="unsaid"), "status"),
        (Withdrawal(record="Amina"), "record"),
    ],
)
def test_what_no_record_may_hold_is_refused_by_name(open_shift, record, named):
    with pytest.raises(RecordRefused, match=f"^{named} is"):
        append(open_shift, record)


def test_without_consent_only_a_tally_is_recorded(open_shift):
    with pytest.raises(RecordRefused, match="nothing is recorded but a tally"):
        append(open_shift, Referral(consent="no"))


@pytest.mark.parametrize("kind", RECORDS)
def test_the_database_itself_refuses_words_in_any_column(open_shift, kind):
    """Were a check in Python ever forgotten, the schema still holds no free text and no time of day."""
    for bad in ("Amina, 34, seen at 10:15", "2026-11-22T10:15", "", None):
        for column in RECORDS[kind]:
            marks = {other.name: None for other in RECORDS[kind]} | {column.name: bad}
            with pytest.raises(sqlite3.IntegrityError):
                open_shift[kind].insert(marks)
            open_shift.conn.rollback()


def test_no_key_tells_the_order_of_recording(open_shift):
    ddl = " ".join(
        row[0] or ""
        for row in open_shift.conn.execute(
            "SELECT sql FROM sqlite_master WHERE name IN "
            "('referral', 'outcome', 'tally', 'turned_away', 'withdrawal', 'once', 'shift', 'volunteer', 'bundle')"
        )
    )
    assert "AUTOINCREMENT" not in ddl.upper()
    assert ddl.count("STRICT, WITHOUT ROWID") == 9
