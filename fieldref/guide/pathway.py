"""The way through one need: what to do first, who can help then, and what if they say no."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldref.documents import plain
from fieldref.guide.offers import Offer
from fieldref.guide.pages import Page

AT_MOST = 3  # places to go to, one after the other
THEN_AT_MOST = 2
# The page on rights that helps where no other one has the need for its own.
COMPLAINTS = "rights/complaints"
LEAD = re.compile(r"<p>.*?</p>", re.DOTALL)


@dataclass(frozen=True)
class Stop:
    """One place on the way; `number` is that of its card in the list of all offers for the need."""

    number: int
    offer: Offer


@dataclass(frozen=True)
class Pathway:
    """First `lead` and the page it is of, then one of `who`; if those say no, `instead` and the page of a right.

    A page is None where the guide has none in the language. `who` holds only what can be relied on.
    """

    first: Page | None
    lead: str
    who: tuple[Stop, ...]
    instead: tuple[Stop, ...]
    right: Page | None


def pathway(need: str, pages: Iterable[Page], offers: Sequence[Offer]) -> Pathway:
    """Return the way through *need* (a code) by the *pages* of one language and the *offers* for it, best first."""
    known = list(pages)
    first = next((page for page in known if page.section == "services" and page.need == need), None)
    rights = [page for page in known if page.section == "rights"]
    right = next((page for page in rights if page.need == need), None)
    stops = [Stop(number, offer) for number, offer in enumerate(offers, 1)]
    who = tuple(stop for stop in stops if stop.offer.reliable)[:AT_MOST]
    return Pathway(
        first,
        _lead(first) if first else "",
        who,
        tuple(stop for stop in stops if stop not in who and _worth_asking(stop.offer))[:THEN_AT_MOST],
        right or next((page for page in rights if page.address == COMPLAINTS), None),
    )


def _worth_asking(offer: Offer) -> bool:
    """Whether somebody may still be there: checked lately, or only not checked for long."""
    return offer.freshness in ("fresh", "stale")


def _lead(page: Page) -> str:
    """The words of the first paragraph, which says the most important thing."""
    found = LEAD.search(page.html)
    return plain(found[0]) if found else ""
