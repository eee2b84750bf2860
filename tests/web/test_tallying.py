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
    for withdrawn in ({counted["shelter"]}, set(counted.values())):
        undo(volunteer)
        assert {row[1] for row in recorded("withdrawal")} == withdrawn
    assert "Undo" not in volunteer.get("/en/tally").text
    volunteer.post("/en/tally/undo", token=volunteer.hidden("token"), once="another tap")
    assert len(recorded("withdrawal")) == 2


def undo(volunteer, taps: int = 1) -> None:
    """Tap on Undo, on the page as it is shown now."""
    form = volunteer.get("/en/tally").text.split("/tally/undo")[1]
    once = form.split('name="once" value="')[1].split('"')[0]
    for _ in range(taps):
        assert volunteer.post("/en/tally/undo", token=volunteer.hidden("token"), once=once).status_code == 303


def test_a_double_tap_on_undo_takes_back_one_count(give, volunteer, recorded: Rows) -> None:
    give("food")
    give("shelter")
    undo(volunteer, taps=2)
    assert [row[3] for row in recorded("tally_now")] == ["food"]
    undo(volunteer)
    assert recorded("tally_now") == []


def turned(volunteer, **changed: str):
    """The tap on the form: nothing for this person today."""
    volunteer.get("/en/")
    for chosen in ({"person": "ar"}, {"need": "shelter"}):
        volunteer.post("/en/begin", token=volunteer.hidden("token"), **chosen)
    page = volunteer.get("/en/refer").text
    form = page[page.index('<form id="nothing"') :]
    once = form.split('name="once" value="')[1].split('"')[0]
    usual = {"token": volunteer.hidden("token"), "once": once, "need": "shelter", "reason": "capacity"}
    return volunteer.post("/en/turned-away", **(usual | changed))


def test_one_tap_on_the_form_counts_for_whom_there_was_nothing(volunteer, recorded) -> None:
    assert turned(volunteer).headers["Location"] == "/en/"
    [row] = recorded("turned_away")
    assert row[1:] == (date.today().isoformat(), "border", "shelter", 1, "capacity")
    assert recorded("tally") == recorded("referral") == []
    assert "Counted: nothing for this person today." in volunteer.get("/en/").text


def test_the_same_form_counts_once_and_is_undone_like_a_tally(volunteer, recorded) -> None:
    for _ in range(2):
        turned(volunteer, once="the same form")
    assert len(recorded("turned_away")) == 1
    undo(volunteer)
    assert len(recorded("turned_away_now")) == 0
    assert len(recorded("turned_away")) == 1


def test_on_the_tally_page_the_need_is_the_tap_and_today_is_counted(volunteer, recorded) -> None:
    for _ in range(3):
        page = volunteer.get("/en/tally").text
        once = page.split('name="once" value="')[2].split('"')[0]
        fields = {"token": volunteer.hidden("token"), "once": once, "at": "tally", "need": "wash", "reason": "unsaid"}
        assert volunteer.post("/en/turned-away", **fields).headers["Location"] == "/en/tally#nothing"
    nothing = volunteer.get("/en/tally").text.split('id="nothing"')[1]
    assert '<b><bdi dir="ltr">3</bdi></b>' in nothing.split('value="wash"')[1][:2500]
    assert "Counted." in volunteer.page or "Counted." in nothing


@pytest.mark.parametrize("wrong", [{"need": "gold"}, {"need": ""}, {"reason": "no bed for Amina"}], ids=str)
def test_only_codes_are_taken_of_why(volunteer, recorded, wrong: dict[str, str]) -> None:
    assert turned(volunteer, **wrong).status_code == 400
    assert recorded("turned_away") == []


def test_a_form_without_its_key_counts_nothing(volunteer, recorded) -> None:
    assert turned(volunteer, once="").status_code >= 400
    assert recorded("turned_away") == []


def test_where_nothing_fits_the_tap_stands_open(volunteer, border_post) -> None:
    """With a place that fits it is one tap further away, so that nobody is turned away by mistake."""
    volunteer.get("/en/")
    for chosen in ({"person": "ar"}, {"need": "natural"}):
        volunteer.post("/en/begin", token=volunteer.hidden("token"), **chosen)
    assert '<details class="set" open><summary>Nothing for this person today' in volunteer.get("/en/refer").text
