"""The staff door: a referral in four taps, and what came of it."""

from collections.abc import Callable
from datetime import date

import pytest

from fieldref.register.codes import is_code, printed

Rows = Callable[[str], list[tuple[object, ...]]]


def test_a_referral_is_recorded_as_it_was_tapped(volunteer, recorded: Rows) -> None:
    assert volunteer.refer().headers["Location"] == "/en/slip"
    [(code, *rest)] = recorded("referral")
    assert is_code(code)
    assert rest == [date.today().isoformat(), "border", "shelter", "lighthouse-hostel-beds", "normal", "slip",
                    "female", "18-59", "unsaid", "unsaid", "ar", "yes"]  # fmt: skip


def test_a_form_that_is_sent_twice_records_once(volunteer, recorded: Rows) -> None:
    volunteer.refer(once="the same form")
    answer = volunteer.refer(once="the same form")
    assert answer.status_code == 303
    assert len(recorded("referral")) == 1


def test_without_a_yes_only_a_person_is_counted(volunteer, recorded: Rows) -> None:
    volunteer.refer(consent="no")
    assert recorded("referral") == []
    [(*_, step, need, people)] = recorded("tally")
    assert (step, need, people) == ("border", "shelter", 1)


def test_the_slip_is_in_the_persons_language(volunteer, recorded: Rows) -> None:
    volunteer.refer(person="bn")
    slip = volunteer.get("/en/slip").text
    code = printed(str(recorded("referral")[0][0]))
    assert 'class="slip a6" lang="bn" dir="ltr"' in slip
    assert code.replace("-", "-</span><wbr><span>", 2) in slip
    assert "Lantern Street 12, Port Miralo" in slip


@pytest.mark.parametrize(
    "wrong",
    [{"service": ""}, {"service": "no-such-place"}, {"who": ""}, {"who": "person/18-59"}, {"need": "gold"},
     {"priority": "soon"}, {"way": "<b>"}, {"travelling": "Ahmad"}],
    ids=str,
)  # fmt: skip
def test_what_is_not_in_the_vocabulary_is_refused_in_words(volunteer, recorded: Rows, wrong: dict[str, str]) -> None:
    answer = volunteer.refer(**wrong)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert recorded("referral") == []


def test_no_address_holds_what_was_recorded(volunteer) -> None:
    """A browser's history keeps addresses with the minute, and a seized laptop its history."""
    for answer in (volunteer.refer(), volunteer.refer(consent="no")):
        assert answer.headers["Location"].split("?")[0] in ("/en/slip", "/en/")
        assert "shelter" not in answer.headers["Location"]


def test_what_came_of_a_slip_needs_only_its_code(volunteer, recorded: Rows) -> None:
    volunteer.refer()
    code = str(recorded("referral")[0][0])
    volunteer.get("/en/outcome")
    volunteer.post("/en/outcome", token=volunteer.hidden("token"), code=f" {code[:6].lower()}.{code[6:]} ")
    fields = {name: volunteer.hidden(name) for name in ("token", "once", "code")}
    answer = volunteer.post("/en/outcome/record", **fields, status="declined_by_service", reason="capacity")
    assert answer.headers["Location"] == "/en/?done=outcome"
    assert [row[1:] for row in recorded("outcome")] == [
        (code, date.today().isoformat(), "declined_by_service", "capacity")
    ]


@pytest.mark.parametrize("typed", ["", "K7QM", "<script>", "K7QM-3XWF-9T2R-X!", "0" * 13])
def test_a_wrong_code_is_refused_in_words(volunteer, typed: str) -> None:
    volunteer.get("/en/outcome")
    answer = volunteer.post("/en/outcome", token=volunteer.hidden("token"), code=typed)
    assert (answer.status_code, "not a slip code" in answer.text) == (400, True) or typed == "0" * 13


def test_the_home_counts_today(volunteer) -> None:
    volunteer.refer()
    volunteer.refer(consent="no")
    home = volunteer.get("/en/").text
    assert home.count('<b><bdi dir="ltr">1</bdi></b>') == 2


def test_the_door_speaks_the_volunteers_language(volunteer) -> None:
    assert '<html lang="ar" dir="rtl">' in volunteer.get("/ar/").text
