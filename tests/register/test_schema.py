from sqlite_utils import Migrations

from fieldref import vocabulary
from fieldref.columns import coded
from fieldref.database import open_database
from fieldref.register import columns, schema
from fieldref.register.records import Referral, append
from fieldref.register.schema import open_register


def test_opening_again_changes_nothing(open_shift, safe_point):
    append(open_shift, Referral())
    before = list(open_shift.conn.iterdump())
    open_register(safe_point).close()
    assert list(open_shift.conn.iterdump()) == before


def test_a_new_word_in_the_vocabulary_brings_an_older_register_up_to_date(tmp_path, monkeypatch):
    """Adding a need is adding a row of the vocabulary, with no migration to write."""
    path = tmp_path / "register.db"
    older = Migrations("records")
    older(name=schema.name_of_today())(schema.make_records)
    db = open_database(path, older)
    db["referral"].insert(vars(Referral(need="food")))
    db.close()

    new = coded("need", {*vocabulary.CODES["need"], "sleep"})
    newer_columns = tuple(new if column.name == "need" else column for column in columns.RECORDS["referral"])
    monkeypatch.setitem(columns.RECORDS, "referral", newer_columns)
    newer = Migrations("records")
    newer(name=schema.name_of_today())(schema.make_records)
    db = open_database(path, newer)
    db["referral"].insert(vars(Referral(need="sleep")))
    assert [row["need"] for row in db["referral_now"].rows_where(order_by="need")] == ["food", "sleep"]
    db.close()


def test_the_one_pin_of_before_is_volunteer_one(tmp_path):
    """A shift may be open while a newer fieldref is put in."""
    path = tmp_path / "register.db"
    older = Migrations("safe-point")
    older(name="shift")(schema._shift)
    db = open_database(path, older)
    db.conn.execute("INSERT INTO volunteer VALUES ('volunteer', ?, ?, 4)", [bytes(16), bytes(32)])
    db.conn.commit()
    db.close()
    db = open_database(path, schema.SAFE_POINT)
    assert db.conn.execute("SELECT * FROM volunteer").fetchall() == [(1, bytes(16), bytes(32), 4, 0)]
    db.close()
