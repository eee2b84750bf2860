import json

import pytest

from fieldref import clock
from fieldref.refusal import Refusal
from fieldref.register.records import Referral
from fieldref.register.schema import open_register


@pytest.fixture
def stick(tmp_path):
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def test_a_bundle_goes_up_and_its_receipt_comes_down(run, branch, safe_point, close_with, stick):
    close_with(safe_point, Referral())
    assert "safe to remove" in run(safe_point, "outbox", "export", stick).stdout
    assert "no receipt yet" in run(safe_point, "outbox", "list").stdout
    run(branch, "branch", "merge", stick)
    run(branch, "branch", "receipt", "Bridge", "-o", stick)
    (receipt,) = stick.glob("*.receipt")
    assert "has 1 bundles" in run(safe_point, "outbox", "take-receipt", receipt).stdout
    assert "nothing to copy" in run(safe_point, "outbox", "export", stick).stdout
    assert "nothing to delete" in run(safe_point, "outbox", "tidy", "--clock-trusted").stdout
    with pytest.raises(Refusal, match="Delete bundle 1 here"):
        run(safe_point, "outbox", "tidy", "--received")
    run(safe_point, "outbox", "tidy", "--received", "--yes")
    assert "deleted here" in run(safe_point, "outbox", "list").stdout
    assert list((safe_point / "outbox").iterdir()) == []


def test_one_bundle_or_all_of_them_are_copied_again(run, branch, safe_point, close_with, stick):
    close_with(safe_point, Referral())
    close_with(safe_point, Referral())
    run(safe_point, "outbox", "export", stick, "--number", 2)
    assert len(list(stick.iterdir())) == 1
    run(safe_point, "outbox", "export", stick, "--all")
    assert len(list(stick.iterdir())) == 2
    with pytest.raises(Refusal, match="no bundle 9"):
        run(safe_point, "outbox", "export", stick, "--number", 9)


def test_what_has_waited_too_long_is_said(run, branch, safe_point, close_with):
    close_with(safe_point, Referral()).unlink()
    db = open_register(safe_point)
    db.conn.execute("UPDATE bundle SET day = '2026-01-01'")
    db.conn.commit()
    db.close()
    said = run(safe_point, "outbox", "list").stdout
    assert "ITS FILE IS GONE" in said
    assert "For more than 30 days" in said
    assert json.loads(run(safe_point, "outbox", "list", "--json").stdout)[0]["overdue"] is True


def test_by_a_clock_that_nobody_looked_at_nothing_is_deleted(run, branch, safe_point, close_with, monkeypatch):
    close_with(safe_point, Referral())
    monkeypatch.setattr(clock, "state", clock.Clock)
    with pytest.raises(Refusal, match="clock is not confirmed"):
        run(safe_point, "outbox", "tidy")
