"""The pad: A4 sheets of slips to fill in with a pencil, in two languages, for a day without a device.

A slip has two parts. One is cut off and given to the person; the other, with the boxes, stays on the sheet until it
is entered at the staff door. Nothing is written but ticks, figures of the key and a day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from markupsafe import Markup, escape

from fieldref.guide.opened import Guide
from fieldref.languages import Language, language
from fieldref.paper import qr, words
from fieldref.paper.lasting import WORDS, Lasting, lasting
from fieldref.settings import Settings
from fieldref.vocabulary import AGE_BANDS, CONSENT, N_, NEEDS, PRIORITIES, SEXES, TRAVELLING, Term

PER_SHEET = 3
MOST = 300  # slips at once: a print queue is no place to keep many
NAMED = 7  # places that stand on every slip by their names
LISTED = 99  # places of the key: two figures
HERE = 30  # metres: what is given at the safe-point itself is counted, nobody is sent there

QUESTION = N_("May we record this referral? No name, no number. You can say no.")


@dataclass(frozen=True)
class PadPlace:
    """One service of the key: its number there, and whether every slip has its name."""

    number: int
    known: Lasting
    theirs: str
    named: bool

    @property
    def name(self) -> str:
        """What the volunteer calls it; `theirs` is what the person does."""
        return self.known.service.name


@dataclass(frozen=True)
class PadSlip:
    """One slip: its number on the pad, which only our part bears, and its code as printed (K7QM-3XWF-9T2R-C)."""

    number: int
    code: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The code in two lines, as it stands beside its drawing."""
        first, second, rest = self.code.split("-", 2)
        return f"{first}-{second}-", rest

    def drawn(self, millimetres: float) -> Markup:
        """The code as a QR code of that width; it says the code and no more, as on any slip."""
        return qr.svg(self.code.replace("-", ""), error="M", code_mm=millimetres)


def whole_sheets(slips: int) -> int:
    """How many slips there are on the sheets that *slips* need."""
    return -(-slips // PER_SHEET) * PER_SHEET


def pad_html(
    guide: Guide, settings: Settings, volunteer: str, person: str, codes: Sequence[str], now: datetime
) -> Markup:
    """Return a pad with the printed *codes* as one <div>, for a page that links static/pad.css.

    Its boxes are in the languages *volunteer* and *person*; before the slips there is a key: how to use it, and the
    places by number. Codes are kept nowhere: they count from the day on which somebody enters them.
    """
    places = pad_places(guide, settings, volunteer, person, now)
    named = [place for place in places if place.named]
    return words.render(
        "pad.html",
        volunteer,
        place=settings,
        guide=guide,
        language=language(volunteer),
        person=language(person),
        day=partial(words.day, code=volunteer),
        printed=words.day(now.date(), volunteer),
        places=places,
        named=named,
        sheets=_sheets(codes),
        part=partial(_part, guide, settings, person, named),
        question=_pair(QUESTION, language(volunteer), language(person)),
        yes=_pair(CONSENT[0].name, language(volunteer), language(person)),
        needs=_both(NEEDS, volunteer, person),
        sexes=_both(SEXES, volunteer, person),
        ages=[age.name for age in AGE_BANDS],
        travelling=_both(TRAVELLING, volunteer, person),
        priorities=_both(PRIORITIES, volunteer, person),
        **WORDS,
    )


def pad(guide: Guide, settings: Settings, volunteer: str, person: str, codes: Sequence[str], now: datetime) -> Markup:
    """Return the pad as a whole page, needing no other file."""
    made = pad_html(guide, settings, volunteer, person, codes, now)
    return words.render(
        "whole.html",
        volunteer,
        language=language(volunteer),
        title=settings.name,
        made=made,
        style=words.style("pad.css"),
    )


def pad_places(guide: Guide, settings: Settings, volunteer: str, person: str, now: datetime) -> list[PadPlace]:
    """Return the places of the key: first those that every slip names, then the others, the nearest first.

    A confidential service is never named on a slip: everybody who carries one would carry its name. The key, which
    stays with the volunteers, has it by number.
    """
    known = lasting(guide, settings, volunteer, now, "abbreviated")
    named = _for_most_needs([each for each in known if _may_be_named(each)])
    order = [*named, *(each for each in known if each not in named)]
    theirs = guide.services(person)
    return [
        PadPlace(number, each, theirs[each.service.id].name, number <= len(named))
        for number, each in enumerate(order[:LISTED], 1)
    ]


def _may_be_named(each: Lasting) -> bool:
    here = each.way is not None and each.way.metres < HERE
    return each.reliable and not each.service.confidential and not here


def _for_most_needs(places: Iterable[Lasting]) -> list[Lasting]:
    """The nearest of *places*, but first one for each need that any of them answers."""
    covered: set[str] = set()
    first: list[Lasting] = []
    others: list[Lasting] = []
    for each in places:
        (first if set(each.service.needs) - covered else others).append(each)
        covered.update(each.service.needs)
    return [*first, *others][:NAMED]


def _sheets(codes: Sequence[str]) -> list[list[PadSlip]]:
    slips = [PadSlip(number, code) for number, code in enumerate(codes, 1)]
    return [slips[start : start + PER_SHEET] for start in range(0, len(slips), PER_SHEET)]


def _part(guide: Guide, settings: Settings, person: str, named: list[PadPlace], slip: PadSlip) -> Markup:
    """What the person takes along, every word of it in the person's language."""
    return words.render(
        "_pad_part.html", person, place=settings, sample=guide.sample, slip=slip, named=named, language=language(person)
    )


def _both(terms: Iterable[Term], volunteer: str, person: str) -> list[tuple[str, Markup]]:
    """Codes with their words in both languages, or in one where they are the same."""
    return [(term.code, _pair(term.name, language(volunteer), language(person))) for term in terms]


def _pair(name: str, volunteer: Language, person: Language) -> Markup:
    ours, theirs = words.said(name, volunteer.code), words.said(name, person.code)
    said = _span("b", ours, volunteer)
    return said if theirs == ours else said + " " + _span("span", theirs, person)


def _span(tag: str, text: str, its: Language) -> Markup:
    marked = f'<{tag} lang="{its.tag}" dir="{its.direction}">{escape(text)}</{tag}>'
    return Markup(marked)  # noqa: S704 (escaped here)
