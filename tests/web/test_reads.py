"""How often pages are read is counted in coarse steps, written together, and never per reader."""

from datetime import date
from pathlib import Path

import pytest
from werkzeug.test import Client

from fieldref import voices
from fieldref.web.later import Later
from fieldref.web.reads import STEPS, Reads

MONDAY = date(2026, 11, 23)


class Counted(Reads):
    """The reads of a door with one page and a calendar to turn."""

    def __init__(self, folder: Path) -> None:
        self.today = MONDAY
        super().__init__(folder, lambda language, page: page == "rights/asylum", lambda: self.today)
        self._writing.asked = True  # the tests write by hand

    def read(self, times: int, path: str = "/ar/rights/asylum") -> None:
        for _ in range(times):
            self.count(path)
        self.write()


@pytest.fixture
def reads(tmp_path: Path) -> Counted:
    return Counted(tmp_path)


def kept(folder: Path) -> list[tuple[str, str, str, int]]:
    db = voices.open_voices(folder)
    try:
        return db.conn.execute("SELECT day, page, language, count FROM page_view ORDER BY day, count").fetchall()
    finally:
        db.close()


def test_a_page_read_four_times_is_not_on_the_disk(reads: Counted, tmp_path: Path) -> None:
    reads.read(4)
    assert not (tmp_path / "voices.db").exists()


def test_the_rows_of_a_day_add_up_to_the_step_that_was_reached(reads: Counted, tmp_path: Path) -> None:
    for times in (4, 1, 30, 18, 1):
        reads.read(times)
    assert sum(count for *_, count in kept(tmp_path)) == 50
    assert {row[:3] for row in kept(tmp_path)} == {("2026-11-23", "rights/asylum", "ar")}


def test_however_often_a_page_is_read_a_day_has_few_rows(reads: Counted, tmp_path: Path) -> None:
    for _ in range(50):
        reads.read(1_000)
    assert len(kept(tmp_path)) == len(STEPS) - 1
    assert sum(count for *_, count in kept(tmp_path)) == STEPS[-1]


def test_a_new_day_begins_at_nought(reads: Counted, tmp_path: Path) -> None:
    reads.read(7)
    reads.today = date(2026, 11, 24)
    reads.read(3)
    reads.read(2)
    assert [(row[0], row[3]) for row in kept(tmp_path)] == [("2026-11-23", 5), ("2026-11-24", 5)]


@pytest.mark.parametrize("path", ["/", "/ar/", "/ar/rights/", "/ar/needs/food", "/static/ab/public.css", "/a/b/c/d"])
def test_only_pages_of_the_guide_are_counted(reads: Counted, tmp_path: Path, path: str) -> None:
    reads.read(100, path)
    assert not (tmp_path / "voices.db").exists()


def test_where_nothing_can_be_written_pages_are_read_all_the_same(reads: Counted, tmp_path: Path) -> None:
    (tmp_path / "voices.db").mkdir()
    reads.read(100)


def test_many_askings_are_one_chore() -> None:
    done: list[int] = []
    later = Later(lambda: done.append(1), 0.05)
    for _ in range(100):
        later.ask()
    while not done:
        pass
    assert (len(done), later.asked) == (1, False)


def test_the_cache_tells_what_is_read_and_only_that(phone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(phone.application, "_read", told.append)
    phone.get("/en/rights/asylum")
    phone.get("/en/rights/asylum", headers={"If-None-Match": phone.get("/en/rights/asylum").headers["ETag"]})
    phone.head("/en/rights/asylum")
    phone.get("/en/no/such")
    assert told == ["/en/rights/asylum"] * 3
