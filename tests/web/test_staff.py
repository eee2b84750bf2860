"""The staff door: a referral in four taps, and what came of it."""

import re
from collections.abc import Callable
from datetime import date, datetime

import pytest

from fieldref import clock
from fieldref.register.codes import is_code, printed
from fieldref.web import withdrawing

Rows = Callable[[str], list[tuple[object, ...]]]
BOY_ALONE = {"who": "male/5-11", "travelling": "child_without_carer"}


@pytest.fixture
def monday_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten o'clock on a working day on which the sample directory is fresh."""

    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 10))


def words_of(page: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", page))


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
    assert answer.headers["Location"] == "/en/"
    assert [row[1:] for row in recorded("outcome")] == [
        (code, date.today().isoformat(), "declined_by_service", "capacity")
    ]


def test_of_two_outcomes_of_one_day_the_later_counts(volunteer, recorded: Rows) -> None:
    """Records carry no time of day, so the earlier one is taken back."""
    volunteer.refer()
    code = str(recorded("referral")[0][0])
    for status in ("not_reached", "completed"):
        volunteer.get("/en/outcome")
        volunteer.post("/en/outcome", token=volunteer.hidden("token"), code=code)
        fields = {name: volunteer.hidden(name) for name in ("token", "once", "code")}
        volunteer.post("/en/outcome/record", **fields, status=status)
    assert [row[3] for row in recorded("outcome_now")] == ["completed"]


@pytest.mark.parametrize("typed", ["", "K7QM", "<script>", "K7QM-3XWF-9T2R-X!"])
def test_a_wrong_code_is_refused_in_words(volunteer, typed: str) -> None:
    volunteer.get("/en/outcome")
    answer = volunteer.post("/en/outcome", token=volunteer.hidden("token"), code=typed)
    assert (answer.status_code, "not a slip code" in answer.text) == (400, True)


def test_the_home_counts_today(volunteer) -> None:
    volunteer.refer()
    volunteer.refer(consent="no")
    home = volunteer.get("/en/").text
    assert home.count('<b><bdi dir="ltr">1</bdi></b>') == 2


def test_the_door_speaks_the_volunteers_language(volunteer) -> None:
    assert '<html lang="ar" dir="rtl">' in volunteer.get("/ar/").text


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"who": "male/18-59"}, "Only for: Women · Families · Children"),
        ({"service": "port-clinic-dentist", "need": "health_physical"}, "Closed for now"),
        ({"service": "hill-guest-house-rooms"}, "Not checked since 15 January 2026"),
        ({"service": "winter-warm-room", "need": "wash"}, "It does not help with this"),
        ({"service": "neighbours-tea", "need": "society"}, "Closed now. Opens Thursday 16:00"),
    ],
    ids=["not for him", "closed", "stale", "other need", "opens in days"],
)
def test_where_something_speaks_against_it_the_volunteer_is_told_first(
    volunteer, recorded: Rows, monday_morning: None, changed: dict[str, str], reason: str
) -> None:
    page = words_of(volunteer.refer(sure="", **changed).text)
    assert "Better not send this person there" in page
    assert reason in page
    assert recorded("referral") == recorded("once") == []


def test_the_next_best_service_is_one_tap_away(volunteer, recorded: Rows, monday_morning: None) -> None:
    volunteer.refer(sure="", who="male/18-59")
    first = volunteer.page.split("</form>")[1]
    assert "Old School Night Shelter" in volunteer.page
    fields = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', first))
    answer = volunteer.post("/en/refer", **fields, service="old-school-beds")
    # Its hours are of the evening, and for men: nothing speaks against it.
    assert answer.headers["Location"] == "/en/slip"
    assert [row[4] for row in recorded("referral")] == ["old-school-beds"]


def test_all_the_same_is_a_second_tap(volunteer, recorded: Rows, monday_morning: None) -> None:
    volunteer.refer(sure="", who="male/18-59")
    last = volunteer.page.split("<form")[-1]
    fields = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', last))
    assert fields["sure"] == "lighthouse-hostel-beds"
    assert volunteer.post("/en/refer", **fields, service=fields["sure"]).status_code == 303
    assert [row[4] for row in recorded("referral")] == ["lighthouse-hostel-beds"]


def test_being_sure_of_one_service_is_not_being_sure_of_another(volunteer, recorded: Rows) -> None:
    answer = volunteer.refer(sure="lighthouse-hostel-beds", service="hill-guest-house-rooms")
    assert "Better not" in answer.text
    assert recorded("referral") == []


def test_the_form_folds_what_had_better_not_be_chosen_below_the_rest(volunteer, monday_morning: None) -> None:
    volunteer.get("/en/")
    volunteer.post("/en/begin", token=volunteer.hidden("token"), person="ar")
    volunteer.post("/en/begin", token=volunteer.hidden("token"), need="shelter")
    above, below = volunteer.get("/en/refer").text.split("Better not:")
    assert "Lighthouse Hostel" in above and "Safe house" in above
    assert "Hill Guest House" in below and "Not checked since" in below
    assert above.count("Border Post") == 1  # the page says where it is; the band says the way home


def test_a_disability_is_recorded_when_it_was_said(volunteer, recorded: Rows) -> None:
    volunteer.refer(disability="yes")
    assert recorded("referral")[0][10] == "yes"


def test_the_same_again_keeps_all_but_who(volunteer, recorded: Rows) -> None:
    volunteer.refer(travelling="family")
    volunteer.get("/en/slip")
    answer = volunteer.post("/en/again", token=volunteer.hidden("token"))
    assert answer.headers["Location"] == "/en/refer#who"
    form = volunteer.get("/en/refer").text
    chosen = re.findall(r'name="(\w+)" value="([^"]*)"(?: required)? checked', form)
    assert dict(chosen) == {"service": "lighthouse-hostel-beds", "travelling": "family", "disability": "unsaid",
                            "way": "slip", "priority": "normal"}  # fmt: skip
    assert (volunteer.hidden("need"), volunteer.hidden("person")) == ("shelter", "ar")
    assert len(recorded("referral")) == 1


def test_the_last_referral_is_undone_with_one_tap(volunteer, recorded: Rows) -> None:
    volunteer.refer()
    home = volunteer.get("/en/").text
    assert "Undo the last referral" in home
    assert volunteer.post("/en/undo", token=volunteer.hidden("token")).headers["Location"] == "/en/"
    code = recorded("referral")[0][0]
    assert [row[1:] for row in recorded("withdrawal")] == [(code, "mistake")]
    assert "Undo the last referral" not in volunteer.get("/en/").text
    assert volunteer.get("/en/slip").status_code == 303


def test_a_double_tap_on_undo_says_undone_both_times(volunteer, recorded: Rows) -> None:
    volunteer.refer()
    volunteer.get("/en/slip")
    for _ in range(2):
        assert volunteer.post("/en/undo", token=volunteer.hidden("token")).headers["Location"] == "/en/"
    assert len(recorded("withdrawal")) == 1


def test_after_a_minute_undoing_takes_the_code(volunteer, recorded: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    volunteer.refer()
    monkeypatch.setattr(withdrawing, "UNDO", -1)
    assert "Undo the last referral" not in volunteer.get("/en/").text
    answer = volunteer.post("/en/undo", token=volunteer.hidden("token"))
    assert (answer.status_code, "More than a minute" in answer.text) == (400, True)
    assert recorded("withdrawal") == []


def test_a_slip_is_withdrawn_by_its_code_with_a_reason(volunteer, recorded: Rows) -> None:
    volunteer.refer()
    code = str(recorded("referral")[0][0])
    volunteer.get("/en/outcome")
    volunteer.post("/en/withdraw", token=volunteer.hidden("token"), code=code)
    fields = {name: volunteer.hidden(name) for name in ("token", "once", "code")}
    assert volunteer.post("/en/withdraw/record", **fields, reason="because").status_code == 400
    answer = volunteer.post("/en/withdraw/record", **fields, reason="person_asked")
    assert answer.headers["Location"] == "/en/"
    assert [row[1:] for row in recorded("withdrawal")] == [(code, "person_asked")]
    volunteer.post("/en/withdraw", token=fields["token"], code=code)
    assert "withdrawn already" in volunteer.page


@pytest.mark.parametrize(
    ("changed", "said"),
    [(BOY_ALONE, "Never leave the child alone"), ({"who": "female/12-17", "travelling": "alone"}, "Never leave"),
     ({"priority": "emergency"}, "Is a life in danger?")],
    ids=["child without a carer", "child who travels alone", "emergency"],
)  # fmt: skip
def test_before_the_slip_the_volunteer_is_told_what_to_do_now(
    volunteer, recorded: Rows, changed: dict[str, str], said: str
) -> None:
    assert volunteer.refer(**changed).headers["Location"] == "/en/slip"
    assert said in volunteer.get("/en/slip").text
    assert len(recorded("referral")) == 1
    assert 'class="slip a6"' in volunteer.get("/en/slip").text


def test_in_the_usual_case_the_slip_comes_at_once(volunteer) -> None:
    volunteer.refer()
    assert 'class="slip a6"' in volunteer.get("/en/slip").text
