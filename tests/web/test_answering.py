"""A service's answer sheet: printed with the codes of this shift, and entered when it comes back."""

import re
from collections.abc import Callable

import pytest

from fieldref.register.codes import new_code, printed

Rows = Callable[[str], list[tuple[object, ...]]]
HOSTEL = "lighthouse-hostel-beds"


@pytest.fixture
def sent(volunteer, recorded: Rows) -> list[str]:
    """The printed codes of three people who were sent to the hostel."""
    for _ in range(3):
        volunteer.refer()
    return sorted(printed(str(row[0])) for row in recorded("referral"))


def answer(row: int, code: str, status: str = "completed", reason: str = "") -> dict[str, str]:
    """A row of the grid as a volunteer fills it in."""
    filled = {"code": code, "status": status, "reason": reason}
    return {f"{name}-{row}": value for name, value in filled.items() if value}


def enter(volunteer, fresh: bool = True, **rows: str):
    """Send the grid that is on the screen."""
    if fresh:
        volunteer.get("/en/answers/enter")
    common = {"token": volunteer.hidden("token"), "once": volunteer.hidden("once")}
    return volunteer.post("/en/answers/enter", **(common | rows))


def ask(volunteer, **fields: str):
    """Choose a service on the page."""
    volunteer.get("/en/answers")
    return volunteer.post("/en/answers", token=volunteer.hidden("token"), **fields)


def test_the_sheet_has_the_codes_of_that_service_and_of_no_other(volunteer, sent: list[str]) -> None:
    volunteer.refer(service="old-school-beds", sure="old-school-beds")
    said = ask(volunteer, service=HOSTEL, which="all", do="print").text
    assert re.findall(r'<th scope="row" dir="ltr">([^<]+)</th>', said) == sent
    assert "Lighthouse Hostel" in said
    assert "shelter" not in said.lower().split('class="answers"')[1]


def test_only_what_is_due_can_be_asked_for(volunteer, sent: list[str]) -> None:
    """They are to be asked about in two weeks."""
    assert ask(volunteer, service=HOSTEL, which="due", do="print").headers["Location"] == "/en/answers"


def test_a_sheet_that_came_back_is_entered_with_its_codes_there_already(volunteer, sent: list[str], recorded) -> None:
    ask(volunteer, service=HOSTEL, which="all", do="enter")
    assert [code for code in sent if f'value="{code}"' in volunteer.page] == sent
    rows = answer(0, sent[0]) | answer(1, sent[1], "declined_by_service", "capacity") | answer(2, sent[2], "")
    assert enter(volunteer, fresh=False, **rows).status_code == 303
    said = volunteer.get("/en/answers/enter").text
    assert "Recorded: 2." in said
    assert "left out: 1." in said
    assert sorted(row[3:] for row in recorded("outcome")) == [
        ("completed", "unsaid"),
        ("declined_by_service", "capacity"),
    ]
    assert "Slips of this shift: 1" in volunteer.get("/en/answers").text


def test_one_bad_row_keeps_all_back_and_what_was_typed(volunteer, recorded: Rows) -> None:
    good = printed(new_code())
    said = enter(
        volunteer, **answer(0, good), **answer(1, "K7QM"), **answer(2, printed(new_code()), "accepted", "cost")
    )
    assert said.status_code == 400
    assert "not a slip code" in said.text
    assert "goes only with" in said.text
    assert f'value="{good}"' in said.text
    assert recorded("outcome") == recorded("once") == []


def test_sent_twice_it_counts_once(volunteer, recorded: Rows) -> None:
    rows = answer(0, printed(new_code())) | answer(1, printed(new_code()))
    volunteer.get("/en/answers/enter")
    assert {enter(volunteer, fresh=False, **rows).status_code for _ in range(3)} == {303}
    assert len(recorded("outcome")) == 2
    assert recorded("withdrawal") == []


def test_a_later_sheet_of_the_same_day_corrects_an_earlier_one(volunteer, recorded: Rows) -> None:
    code = printed(new_code())
    enter(volunteer, **answer(0, code, "not_reached"))
    enter(volunteer, **answer(0, code, "completed"))
    assert [row[3] for row in recorded("outcome_now")] == ["completed"]


@pytest.mark.parametrize("service", ["", "palace"])
def test_a_service_that_is_not_there_is_refused(volunteer, service: str) -> None:
    assert ask(volunteer, service=service, which="all", do="print").status_code == 400


def test_without_slips_it_says_so(volunteer) -> None:
    assert "No slip of this shift is waiting" in volunteer.get("/en/answers").text
    assert "No row is filled in." in enter(volunteer).text
