"""Why a person had better not be sent to a service just now: asked before a slip is made, answered in codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from fieldref.guide.offers import Offer
from fieldref.guide.service import Service
from fieldref.vocabulary import UNSAID

SOON = timedelta(hours=24)  # the shortest time in which a slip is followed up
CHILDREN = frozenset({"0-4", "5-11", "12-17"})
ELDERS = frozenset({"60+"})


@dataclass(frozen=True)
class Person:
    """What was tapped of the one who is sent, in codes of the vocabulary; "unsaid" where nothing was."""

    sex: str = UNSAID.code
    age_band: str = UNSAID.code
    travelling: str = UNSAID.code
    disability: str = UNSAID.code

    @property
    def child(self) -> bool:
        """Whether this is a child, as far as was said."""
        return self.age_band in CHILDREN

    @property
    def child_alone(self) -> bool:
        """Whether this is a child whom nobody cares for: said so, or a child who travels alone."""
        return self.travelling == "child_without_carer" or (self.child and self.travelling == "alone")


def doubts(offer: Offer, need: str, person: Person | None, now: datetime) -> tuple[str, ...]:
    """Return the reasons against sending *person* there for *need*, the gravest first; none where none is known.

    withdrawn, expired, closed, stale: as in fieldref.guide.freshness. shut: it does not open within 24 hours.
    full: it said today that it has no room.
    other_need: it does not answer this need. not_for: it is for others. Without a *person*, nobody is chosen yet.
    """
    found = []
    if offer.freshness != "fresh":
        found.append(offer.freshness)
    elif _shut(offer, now):
        found.append("shut")
    if offer.full:
        found.append("full")
    if need not in offer.service.needs:
        found.append("other_need")
    if person is not None and not suits(offer.service, person):
        found.append("not_for")
    return tuple(found)


def next_best(offers: Iterable[Offer], need: str, person: Person, now: datetime) -> Offer | None:
    """The first of *offers* (the best stands first) that nothing is known against."""
    return next((offer for offer in offers if not doubts(offer, need, person, now)), None)


def suits(service: Service, person: Person) -> bool:
    """Whether *service* is for *person*: for everyone, or for one of the groups that person is in.

    A family or a disability counts when it was said. A sex or an age that was not said is no reason against
    anybody, and neither is a condition that no code can say.
    """
    return not service.eligibility or any(_in_group(group, person) for group in service.eligibility)


def _in_group(group: str, person: Person) -> bool:
    grown_up = not person.child and not person.child_alone
    if group in ("women", "men"):
        return person.sex in ({"women": "female", "men": "male"}[group], UNSAID.code) and grown_up
    if group == "children":
        return person.child or person.child_alone or person.age_band == UNSAID.code
    if group == "older_people":
        return person.age_band in ELDERS or person.age_band == UNSAID.code
    if group == "families":
        return person.travelling == "family"
    if group == "children_alone":
        return person.child_alone
    if group == "disability":
        return person.disability == "yes"
    return True


def _shut(offer: Offer, now: datetime) -> bool:
    opening = offer.opening
    return opening.state == "closed" and (opening.opens is None or opening.opens - now > SOON)
