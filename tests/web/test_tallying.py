"""Help that is given here is counted with one tap, and taken back with one."""

from collections.abc import Callable
from datetime import date

import pytest
from werkzeug.test import TestResponse

Rows = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
def give(volunteer) -> Callable[[str], TestResponse]:
    """Tap one kind of help."""

    def tap(kind: str) -> TestResponse:
        volunteer.get("/en/tally")
        return volunteer.post("/en/tally", token=volunteer.hidden("token"), once=volunteer.hidden("once"), kind=kind)

    return tap


def test_one_tap_counts_one_person(give, recorded: Rows) -> None:
    assert give("food").headers["Location"] == "/en/tally"
    assert [row[1:] for row in recorded("tally")] == [(date.today().isoformat(), "border", "food", 1)]


def test_a_double_tap_counts_once(volunteer, recorded: Rows) -> None:
    volunteer.get("/en/tally")
    fields = {name: volunteer.hidden(name) for name in ("token", "once")}
    for _ in range(2):
        volunteer.post("/en/tally", **fields, kind="wash")
    assert len(recorded("tally")) == 1


@pytest.mark.parametrize("kind", ["", "gold", "income", "<b>"])
def test_only_what_a_safe_point_gives_is_counted(give, recorded: Rows, kind: str) -> None:
    assert give(kind).status_code == 400
    assert recorded("tally") == []


def test_the_tiles_show_todays_totals(give, volunteer) -> None:
    for kind in ("food", "food", "family"):
        give(kind)
    page = volunteer.get("/en/tally").text
    assert '<span>Meals</span><b><bdi dir="ltr">2</bdi></b>' in page
    assert '<span>Phone calls</span><b><bdi dir="ltr">1</bdi></b>' in page
    assert '<span>Water</span><b><bdi dir="ltr">0</bdi></b>' in page


def test_undoing_goes_back_one_count_at_a_time(give, volunteer, recorded: Rows) -> None:
    give("food")
    give("shelter")
    counted = {row[3]: row[0] for row in recorded("tally")}
    volunteer.get("/en/tally")
    for withdrawn in ({counted["shelter"]}, set(counted.values())):
        volunteer.post("/en/tally/undo", token=volunteer.hidden("token"))
        assert {row[1] for row in recorded("withdrawal")} == withdrawn
    assert "Undo" not in volunteer.get("/en/tally").text
    volunteer.post("/en/tally/undo", token=volunteer.hidden("token"))
    assert len(recorded("withdrawal")) == 2
