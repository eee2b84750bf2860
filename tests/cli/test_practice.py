"""Practice looks like the real shift, and never touches it."""

from datetime import date
from pathlib import Path

import pytest

from fieldref.cli.practice import PASSPHRASE, make_practice
from fieldref.exchange.bundle import close_shift
from fieldref.exchange.pairing import NotPaired
from fieldref.guide.build import build
from fieldref.refusal import Refusal
from fieldref.register.access import check_pin
from fieldref.register.counts import todays_counts
from fieldref.register.due import due
from fieldref.register.schema import open_register
from fieldref.web.staff import PRACTICE


def test_practice_is_a_shift_of_its_own_that_cannot_be_sealed(safe_point: Path, tmp_path: Path) -> None:
    build(safe_point)
    before = {path: path.read_bytes() for path in safe_point.rglob("*") if path.is_file()}
    made = tmp_path / "practice"
    made.mkdir()
    pin = make_practice(safe_point, made)
    db = open_register(made)
    assert check_pin(db, pin) == "volunteer"
    today = todays_counts(db)
    assert (today.referrals, today.people) == (1, 4)
    assert due(db, date.today())
    db.close()
    assert (made / PRACTICE).exists()
    with pytest.raises(NotPaired):
        close_shift(made, PASSPHRASE)
    assert {path: path.read_bytes() for path in safe_point.rglob("*") if path.is_file()} == before


def test_practice_needs_a_guide(safe_point: Path, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no guide"):
        make_practice(safe_point, tmp_path)


def test_practice_shows_the_help_of_its_own_society(safe_point: Path, tmp_path: Path) -> None:
    build(safe_point)
    own = Path("help", "now", "child-alone", "en.md")
    (safe_point / own).parent.mkdir(parents=True)
    (safe_point / own).write_text("Call Amal first.", "utf-8")
    made = tmp_path / "practice"
    made.mkdir()
    make_practice(safe_point, made)
    assert (made / own).read_text("utf-8") == "Call Amal first."
