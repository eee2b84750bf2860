from datetime import date, datetime

import pytest

from fieldref.guide.doubts import Person, doubts, next_best, suits
from fieldref.guide.offers import offer
from fieldref.guide.service import Service
from fieldref.settings import Settings
from fieldref.today import Capacity

NOW = datetime(2026, 11, 23, 10)
HERE = Settings(name="Bridge")
GIRL, BOY = Person("female", "12-17"), Person("male", "5-11")
WOMAN, MAN, OLD_MAN = Person("female", "18-59"), Person("male", "18-59"), Person("male", "60+")
FATHER = Person("male", "18-59", "family")
ALONE = Person("male", "5-11", "child_without_carer")
NOBODY_SAID = Person()


def beds(**changed):
    usual = {"id": "beds", "name": "Beds", "needs": ("shelter",), "assured": date(2026, 11, 20), "assurer": "visit"}
    return Service(**(usual | {"hours": "24/7"} | changed))


def against(service, person=None, need="shelter"):
    return doubts(offer(service, HERE, NOW), need, person, NOW)


@pytest.mark.parametrize(
    ("groups", "yes", "no"),
    [
        ((), [GIRL, BOY, WOMAN, MAN, NOBODY_SAID], []),
        (("women",), [WOMAN, NOBODY_SAID], [MAN, GIRL, BOY]),
        (("men",), [MAN, OLD_MAN, NOBODY_SAID], [WOMAN, BOY, Person("male", "unsaid", "child_without_carer")]),
        (("families",), [FATHER], [MAN, NOBODY_SAID]),
        (("children",), [GIRL, BOY, ALONE, NOBODY_SAID], [WOMAN, MAN]),
        (("children_alone",), [ALONE, Person("female", "12-17", "alone")], [GIRL, MAN, NOBODY_SAID]),
        (("older_people",), [OLD_MAN, NOBODY_SAID], [MAN, BOY]),
        (("disability",), [Person(disability="yes")], [MAN, Person(disability="no"), NOBODY_SAID]),
        (("women", "families", "children"), [WOMAN, GIRL, FATHER], [MAN]),
        (("medical",), [MAN], []),
        (("conditions",), [MAN], []),
    ],
    ids=lambda value: "+".join(value) if value and isinstance(value[0], str) else None,
)  # fmt: skip
def test_a_service_suits_whom_it_is_for(groups, yes, no):
    service = beds(eligibility=groups)
    assert [person for person in yes if not suits(service, person)] == []
    assert [person for person in no if suits(service, person)] == []


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({}, ()),
        ({"hours": "Mo-Su 18:00-08:00"}, ()),
        ({"hours": "Th 16:00-19:00"}, ("shut",)),
        ({"hours": ""}, ()),
        ({"assured": date(2026, 1, 1)}, ("stale",)),
        ({"status": "temporarily closed"}, ("closed",)),
        ({"status": "defunct", "needs": ("food",)}, ("withdrawn", "other_need")),
        ({"valid_to": date(2026, 11, 22)}, ("expired",)),
    ],
    ids=str,
)
def test_what_speaks_against_a_service_is_told_in_codes(changed, reasons):
    assert against(beds(**changed)) == reasons


def test_before_anybody_is_chosen_nobody_is_unsuitable():
    assert against(beds(eligibility=("women",))) == ()
    assert against(beds(eligibility=("women",)), MAN) == ("not_for",)


def test_the_next_best_is_the_first_that_nothing_speaks_against():
    services = beds(id="a", eligibility=("women",)), beds(id="b", assured=None), beds(id="c")
    listed = [offer(each, HERE, NOW) for each in services]
    assert next_best(listed, "shelter", MAN, NOW).service.id == "c"
    assert next_best(listed, "food", MAN, NOW) is None


def test_a_full_one_is_doubted_and_the_next_best_has_room():
    services = beds(id="near"), beds(id="far")
    told = {"near": Capacity("full", NOW.replace(hour=18)), "far": Capacity("limited", NOW.replace(hour=18))}
    listed = [offer(each, HERE, NOW, capacity=told) for each in services]
    assert doubts(listed[0], "shelter", MAN, NOW) == ("full",)
    assert doubts(listed[0], "food", None, NOW) == ("full", "other_need")
    assert next_best(listed, "shelter", MAN, NOW).service.id == "far"
