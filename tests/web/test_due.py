"""What it is time to ask about."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from fieldref.register.codes import new_code, printed
from fieldref.register.expected import expect
from fieldref.register.records import Outcome, Referral, append
from fieldref.register.schema import open_register


def earlier(days: int, **values: str) -> Referral:
    day = (date.today() - timedelta(days=days)).isoformat()
    return Referral(day=day, need="shelter", service="lighthouse-hostel-beds", sex="female", **values)


@pytest.fixture
def waiting(border_post: Path) -> Referral:
    """An urgent referral of three days ago that nobody asked about."""
    referral = earlier(3, priority="urgent")
    db = open_register(border_post)
    append(db, referral)
    db.close()
    return referral


def test_a_slip_whose_day_has_come_is_listed_by_code_need_and_service(volunteer, waiting: Referral) -> None:
    page = volunteer.get("/en/due").text
    assert printed(waiting.code) in page
    assert "Shelter: Lighthouse Hostel" in page
    assert "Female" not in page
    assert 'To ask about: <bdi dir="ltr">1</bdi>' in volunteer.get("/en/").text


def test_its_tap_leads_to_the_outcome(volunteer, waiting: Referral) -> None:
    volunteer.get("/en/due")
    assert waiting.code not in "".join(part.split('"')[0] for part in volunteer.page.split('href="'))
    page = volunteer.post("/en/outcome", token=volunteer.hidden("token"), code=volunteer.hidden("code")).text
    assert printed(waiting.code) in page


def test_a_slip_with_an_outcome_waits_no_more(volunteer, waiting: Referral, border_post: Path) -> None:
    db = open_register(border_post)
    append(db, Outcome(code=waiting.code, status="accepted"))
    db.close()
    assert "Nothing is due today." in volunteer.get("/en/due").text
    assert "To ask about" not in volunteer.get("/en/").text


def test_slips_of_closed_shifts_are_listed_by_their_code_alone_until_one_answers(volunteer, border_post: Path) -> None:
    code = new_code()
    db = open_register(border_post)
    expect(db, [code], b"key")
    db.close()
    page = volunteer.get("/en/due").text
    assert "From closed shifts" in page
    assert printed(code) in page
    assert "Nothing is due today." not in page
    assert 'To ask about: <bdi dir="ltr">1</bdi>' in volunteer.get("/en/").text
    volunteer.get("/en/due")
    volunteer.post("/en/outcome", token=volunteer.hidden("token"), code=volunteer.hidden("code"))
    fields = {"code": code, "status": "completed", "reason": "unsaid", "once": volunteer.hidden("once")}
    volunteer.post("/en/outcome/record", token=volunteer.hidden("token"), **fields)
    assert printed(code) not in volunteer.get("/en/due").text
