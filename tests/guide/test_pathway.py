"""First, then, and if they say no."""

import datetime

import pytest

from fieldref.folders import folder
from fieldref.guide import pages
from fieldref.guide.offers import offers
from fieldref.guide.pages import Page
from fieldref.guide.pathway import Pathway, pathway
from fieldref.guide.service import Service
from fieldref.settings import Settings
from fieldref.vocabulary import NEEDS

NOW = datetime.datetime(2026, 11, 23, 10, 0)
LATELY, LONG_AGO = datetime.date(2026, 11, 20), datetime.date(2026, 1, 1)


@pytest.fixture(scope="module")
def texts() -> list[Page]:
    """The shipped pages in English."""
    read, _ = pages.read((folder("seed") / "pages",))
    return [page for page in read if page.language == "en"]


def beds(*assured: datetime.date, status: str = "active") -> list[Service]:
    """As many services as there are days on which one was checked."""
    return [Service(str(number), "Beds", status=status, assured=day) for number, day in enumerate(assured, 1)]


def through(texts: list[Page], *services: Service, need: str = "shelter") -> Pathway:
    return pathway(need, texts, offers(services, Settings(name="Here"), NOW))


@pytest.mark.parametrize("need", [need.code for need in NEEDS])
def test_every_need_has_a_first_thing_to_do_and_a_right(texts: list[Page], need: str) -> None:
    path = through(texts, need=need)
    assert path.first is not None and path.first.section == "services"
    assert path.lead and "<" not in path.lead
    assert path.right is not None and path.right.section == "rights"


def test_at_most_three_that_can_be_relied_on_come_next_and_two_are_kept_for_a_no(texts: list[Page]) -> None:
    path = through(texts, *beds(*[LATELY] * 7))
    assert [stop.number for stop in path.who] == [1, 2, 3]
    assert [stop.number for stop in path.instead] == [4, 5]


def test_nobody_is_sent_to_what_was_not_checked_but_may_ask_there_after_a_no(texts: list[Page]) -> None:
    path = through(texts, *beds(LATELY, LONG_AGO))
    assert [stop.offer.service.id for stop in path.who] == ["1"]
    assert [stop.offer.service.id for stop in path.instead] == ["2"]


def test_what_has_ended_is_no_way_out(texts: list[Page]) -> None:
    path = through(texts, *beds(LATELY, status="defunct"))
    assert (path.who, path.instead) == ((), ())


def test_the_right_of_the_need_itself_goes_before_complaining(texts: list[Page]) -> None:
    assert getattr(through(texts, need="health_physical").right, "address", "") == "rights/health-care"
    assert getattr(through(texts, need="food").right, "address", "") == "rights/complaints"


def test_a_guide_without_pages_still_names_places() -> None:
    path = through([], *beds(LATELY))
    assert (path.first, path.lead, path.right) == (None, "", None)
    assert len(path.who) == 1
