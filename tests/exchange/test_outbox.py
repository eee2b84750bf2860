"""Bundles stay until the branch has said that it has them."""

from datetime import date, timedelta

import pytest
from sqlite_utils import Migrations

from fieldref.database import open_database
from fieldref.exchange import outbox
from fieldref.exchange.outbox import OutboxRefused
from fieldref.register import schema, shift
from fieldref.register.records import Referral
from fieldref.register.schema import open_register

TODAY = date(2026, 12, 31)


@pytest.fixture
def made(safe_point, branch, close_with):
    """The register of a safe-point that closed three shifts, 40 days, 30 days and a day ago; two were received."""
    for _ in range(3):
        close_with(safe_point, Referral())
    db = open_register(safe_point)
    for number, ago in enumerate((40, 30, 1), start=1):
        day = (TODAY - timedelta(ago)).isoformat()
        received = day if number < 3 else None
        db.conn.execute("UPDATE bundle SET day = ?, received = ? WHERE sequence = ?", [day, received, number])
    db.conn.commit()
    yield db
    db.close()


def numbers(kept):
    return [each.sequence for each in kept]


def test_a_bundle_that_was_copied_is_marked_with_the_day(made, safe_point, tmp_path):
    outbox.export(made, outbox.waiting(outbox.bundles(made, safe_point)), tmp_path, TODAY)
    assert [each.exported for each in outbox.bundles(made, safe_point)] == [None, None, TODAY.isoformat()]
    assert len(list(tmp_path.glob("*.bin"))) == 1


def test_it_is_copied_again_as_often_as_asked(made, safe_point, tmp_path):
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        outbox.export(made, outbox.bundles(made, safe_point), tmp_path / name, TODAY)
        assert len(list((tmp_path / name).glob("*.bin"))) == 3


def test_what_is_damaged_here_is_not_copied_and_all_others_are(made, safe_point, tmp_path):
    first, second, third = outbox.bundles(made, safe_point)
    first.file.write_bytes(b"?" * 65_536)
    second.file.unlink()
    with pytest.raises(OutboxRefused, match="bundle 1, 2 is gone or damaged"):
        outbox.export(made, outbox.bundles(made, safe_point), tmp_path, TODAY)
    assert [path.name for path in tmp_path.glob("*.bin")] == [third.file.name]
    assert [each.exported is not None for each in outbox.bundles(made, safe_point)] == [False, False, True]


def test_after_thirty_days_without_a_receipt_it_is_overdue(made, safe_point):
    kept = outbox.bundles(made, safe_point)
    assert numbers(outbox.overdue(kept, TODAY)) == []
    assert numbers(outbox.overdue(kept, TODAY + timedelta(29))) == []
    assert numbers(outbox.overdue(kept, TODAY + timedelta(30))) == [3]


def test_what_was_received_a_month_ago_may_go(made, safe_point):
    kept = outbox.bundles(made, safe_point)
    old = outbox.tidied(kept, TODAY, clock_trusted=True)
    assert numbers(old) == [1, 2]
    outbox.delete(made, safe_point, old)
    assert [each.there for each in outbox.bundles(made, safe_point)] == [False, False, True]
    assert not any(each.lost for each in outbox.bundles(made, safe_point))


@pytest.mark.parametrize("wrong", [date(1970, 1, 1), date(2026, 12, 1), date(2076, 1, 1)])
def test_nothing_goes_by_a_clock_that_nobody_looked_at(made, safe_point, wrong):
    with pytest.raises(OutboxRefused, match="clock is not confirmed"):
        outbox.tidied(outbox.bundles(made, safe_point), wrong, clock_trusted=False)


def test_nothing_goes_that_was_received_lately(made, safe_point):
    assert numbers(outbox.tidied(outbox.bundles(made, safe_point), TODAY - timedelta(5), clock_trusted=True)) == [1]


def test_without_a_receipt_nothing_is_deleted_whoever_asks(made, safe_point):
    with pytest.raises(OutboxRefused, match="no receipt for bundle 3"):
        outbox.delete(made, safe_point, outbox.bundles(made, safe_point)[2:])
    assert outbox.bundles(made, safe_point)[2].there


def test_a_file_that_is_gone_before_its_receipt_is_lost(made, safe_point):
    third = outbox.bundles(made, safe_point)[2]
    third.file.unlink()
    assert [each.lost for each in outbox.bundles(made, safe_point)] == [False, False, True]


def test_the_list_of_an_older_fieldref_is_kept(tmp_path):
    """Bundles that were made before there were receipts."""
    older = Migrations("safe-point")
    older(name="shift")(schema._shift)
    db = open_database(tmp_path / schema.FILE_NAME, older)
    row = (1, "0" * 64, "a" * 64, f"{'b' * 32}.bin", "2026-11-22")
    db.conn.execute("INSERT INTO bundle (sequence, previous, sha256, file, day) VALUES (?, ?, ?, ?, ?)", row)
    db.conn.commit()
    db.close()
    db = open_database(tmp_path / schema.FILE_NAME, schema.SAFE_POINT)
    assert [tuple(found.values()) for found in db["bundle"].rows] == [(*row, None, None)]
    assert shift.current(db) is None
    db.close()
