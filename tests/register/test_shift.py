from datetime import date

import pytest

from fieldref.register import shift
from fieldref.register.passphrase import PassphraseRefused
from fieldref.register.records import Referral, append
from fieldref.register.schema import NotASafePoint, open_register


def test_a_shift_opens_with_the_passphrase_and_gives_a_pin(safe_point, words):
    pin = shift.open_shift(safe_point, words, day=date(2026, 11, 22), clock_trusted=True)
    db = open_register(safe_point)
    found = shift.require(db)
    assert len(pin) == 6
    assert (found.day, found.clock) == ("2026-11-22", "trusted")
    db.close()


def test_the_wrong_passphrase_opens_nothing(safe_point):
    with pytest.raises(PassphraseRefused):
        shift.open_shift(safe_point, "not the passphrase at all")
    db = open_register(safe_point)
    assert shift.current(db) is None
    db.close()


def test_only_one_shift_is_open_at_a_time(open_shift, safe_point, words):
    with pytest.raises(shift.ShiftOpen):
        shift.open_shift(safe_point, words)
    assert open_shift.conn.execute("SELECT count(*) FROM shift").fetchone() == (1,)


def test_nothing_is_recorded_without_a_shift(safe_point):
    db = open_register(safe_point)
    with pytest.raises(shift.NoShift, match="no shift is open"):
        append(db, Referral(need="food"))
    db.close()


def test_the_pin_itself_is_in_no_file(open_shift, safe_point, pin):
    files = [path for path in safe_point.rglob("*") if path.is_file()]
    assert not any(pin.encode() in path.read_bytes() for path in files)


def test_tidying_removes_only_the_file_that_was_noted(open_shift, safe_point):
    """Any other file in the outbox may be the only copy of a closed shift."""
    noted, kept = f"{'a' * 32}.bin", f"{'b' * 32}.bin"
    for name in (noted, f".{noted}.new", kept):
        (safe_point / "outbox" / name).write_bytes(b"sealed")
    open_shift.conn.execute("UPDATE shift SET sealing = ?", [noted])
    open_shift.conn.commit()
    shift.tidy(open_shift, safe_point)
    assert [path.name for path in (safe_point / "outbox").iterdir()] == [kept]


def test_a_branch_has_no_shift(branch, words):
    with pytest.raises(NotASafePoint):
        open_register(branch)
