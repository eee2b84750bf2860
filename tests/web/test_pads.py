"""A pad is printed at the staff door, and entered later in one grid: every row of it, or none."""

import errno
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from fieldref.register.codes import new_code, printed

Rows = Callable[[str], list[tuple[object, ...]]]
TODAY = date.today().isoformat()


def slip(row: int, **changed: str) -> dict[str, str]:
    """A row of the grid as a volunteer fills it in."""
    ticked = {"code": printed(new_code()), "need": "food", "service": "harbour-kitchen-meals", "consent": "yes"}
    return {f"{name}-{row}": value for name, value in (ticked | changed).items() if value}


def enter(volunteer, fresh: bool = True, **fields: str):
    """Send the grid that is on the screen."""
    if fresh:
        volunteer.get("/en/pad/enter")
    common = {"token": volunteer.hidden("token"), "once": volunteer.hidden("once"), "day": TODAY, "person": "fa"}
    return volunteer.post("/en/pad/enter", **(common | fields))


def test_a_pad_is_printed_with_codes_that_are_kept_nowhere(volunteer, recorded: Rows) -> None:
    volunteer.get("/en/pad")
    pages = []
    for _ in range(2):
        answer = volunteer.post("/en/pad", token=volunteer.hidden("token"), person="ar", sheets="3")
        assert answer.status_code == 200
        pages.append(re.findall(r'class="code" dir="ltr">([0-9A-Z-]{16})<', answer.text))
        volunteer.get("/en/pad")
    assert [len(codes) for codes in pages] == [9, 9]
    assert not set(pages[0]) & set(pages[1])
    assert recorded("referral") == recorded("tally") == recorded("once") == []


@pytest.mark.parametrize("wrong", [{"person": "xx"}, {"sheets": "2000"}, {"person": "prs"}], ids=str)
def test_only_what_the_page_offers_is_printed(volunteer, wrong: dict[str, str]) -> None:
    volunteer.get("/en/pad")
    fields = {"token": volunteer.hidden("token"), "person": "ar", "sheets": "1"} | wrong
    assert volunteer.post("/en/pad", **fields).status_code == 400


def test_a_grid_is_recorded_and_it_says_what_became_of_it(volunteer, recorded: Rows) -> None:
    answer = enter(volunteer, **slip(0), **slip(1), **slip(4, consent=""))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/pad/enter")
    said = volunteer.get("/en/pad/enter").text
    assert "Recorded: 2." in said
    assert "only counted: 1." in said
    assert "Recorded:" not in volunteer.get("/en/pad/enter").text
    assert [(row[3], row[4], row[11], row[12]) for row in recorded("referral")] == [
        ("food", "harbour-kitchen-meals", "fa", "yes")
    ] * 2
    assert [row[1:] for row in recorded("tally")] == [(TODAY, "border", "food", 1)]


def test_one_bad_row_keeps_all_back_and_everything_that_was_typed(volunteer, recorded: Rows) -> None:
    good, bad = slip(0, age_band="5-11"), slip(1, code="K7QM-3XWF-9T2R-X", travelling="group")
    answer = enter(volunteer, **good, **bad)
    assert answer.status_code == 400
    assert "Nothing was recorded yet." in answer.text
    assert recorded("referral") == recorded("tally") == recorded("once") == []
    for value in (good["code-0"], "K7QM-3XWF-9T2R-X"):
        assert f'value="{value}"' in answer.text
    assert (
        answer.text.count('<option value="5-11" selected>') == answer.text.count('<option value="group" selected>') == 1
    )
    fixed = enter(volunteer, fresh=False, **(good | bad | {"code-1": printed(new_code())}))
    assert fixed.status_code == 303
    assert len(recorded("referral")) == 2


def test_sent_twice_it_counts_once_and_says_the_same(volunteer, recorded: Rows) -> None:
    rows = slip(0) | slip(1, consent="")
    volunteer.get("/en/pad/enter")
    answers = [enter(volunteer, fresh=False, **rows) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert (len(recorded("referral")), len(recorded("tally"))) == (1, 1)
    assert "Recorded: 1." in volunteer.get("/en/pad/enter").text


def test_a_slip_that_was_entered_before_is_named_and_its_grid_waits(volunteer, recorded: Rows) -> None:
    first = slip(0)
    enter(volunteer, **first)
    answer = enter(volunteer, **first, **slip(1))
    assert answer.status_code == 400
    assert "A slip with this code is in the register already." in answer.text
    assert len(recorded("referral")) == 1


def test_the_same_code_in_two_rows_is_refused(volunteer, recorded: Rows) -> None:
    answer = enter(volunteer, **slip(0), **slip(1, code=slip(0)["code-0"]), **slip(2, code=printed(code := new_code())),
                   **slip(3, code=code.lower()))  # fmt: skip
    assert (answer.status_code, answer.text.count("on this page already")) == (400, 1)
    assert recorded("referral") == []


def test_a_place_that_does_not_help_with_it_is_asked_about_once(volunteer, recorded: Rows) -> None:
    row = slip(0, service="port-clinic-doctor")
    assert "does not help with this" in enter(volunteer, **row).text
    assert 'name="sure-0" value="food/port-clinic-doctor"' in volunteer.page
    enter(volunteer, fresh=False, **row, **{"sure-0": "food/port-clinic-doctor"})
    assert [row[4] for row in recorded("referral")] == ["port-clinic-doctor"]


@pytest.mark.parametrize("days", [1, -8, -4000])
def test_a_day_that_the_page_does_not_offer_is_refused(volunteer, recorded: Rows, days: int) -> None:
    asked = (date.today() + timedelta(days=days)).isoformat()
    assert enter(volunteer, day=asked, **slip(0)).status_code == 400
    assert recorded("referral") == []


def test_the_day_and_the_language_stay_for_the_next_sheet(volunteer, recorded: Rows) -> None:
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    enter(volunteer, day=yesterday, **slip(0))
    said = volunteer.get("/en/pad/enter").text
    assert f'<option value="{yesterday}" selected>' in said
    assert re.search(r'<option value="fa" lang="fa" selected>', said)
    assert [row[1] for row in recorded("referral")] == [yesterday]


def test_an_empty_grid_and_one_without_a_key_record_nothing(volunteer, recorded: Rows) -> None:
    assert "No row is filled in." in enter(volunteer).text
    assert enter(volunteer, **slip(0), once="").status_code == 400
    assert recorded("referral") == []


def test_nothing_that_was_typed_can_become_part_of_the_page(volunteer, recorded: Rows) -> None:
    answer = enter(volunteer, **slip(0, code='"><script>alert(1)</script>', need="<b>"), **slip(1, sex="Amina Karimi"))
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text
    assert "Amina" not in answer.text
    assert recorded("referral") == []


def test_a_row_beyond_the_grid_is_not_read(volunteer, recorded: Rows) -> None:
    assert enter(volunteer, **slip(0), **slip(500)).status_code == 303
    assert len(recorded("referral")) == 1


def test_where_the_disk_is_full_every_cell_is_offered_again_and_counts_once(
    volunteer, recorded: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = slip(0) | slip(8, consent="")
    with monkeypatch.context() as full:
        full.setattr("fieldref.web.pads.append_all", disk_full)
        answer = enter(volunteer, **rows)
    assert (answer.status_code, recorded("referral")) == (507, [])
    again = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    assert rows.items() <= again.items()
    for _ in range(2):
        assert volunteer.post("/en/pad/enter", **again).status_code == 303
    assert (len(recorded("referral")), len(recorded("tally"))) == (1, 1)


def disk_full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_two_volunteers_who_enter_the_same_sheet_at_once_record_it_once(
    newcomer, border_post: Path, pin: str, recorded: Rows
) -> None:
    rows = slip(0) | slip(1)
    hands = [newcomer, *(type(newcomer)(border_post) for _ in range(3))]
    for hand in hands:
        hand.sign_in(pin)
        hand.get("/en/pad/enter")
    with ThreadPoolExecutor(len(hands)) as together:
        answers = list(together.map(lambda hand: enter(hand, fresh=False, **rows).status_code, hands))
    assert sorted(answers) == [303, 400, 400, 400]
    assert len(recorded("referral")) == 2
