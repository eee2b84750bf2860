"""What a poster is about: the way in, a page, a need, a service, what happens today, the next safe-points, emergency.

A subject is named by an address of the guide without a language, like rights/asylum, needs/shelter or service/ID;
"" is the way in. What happens today has an address of its own kind, like today/doctor/17:00, and opens the first page.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from fieldref.guide.announcements import KIND_BY_CODE, TIME
from fieldref.guide.freshness import state
from fieldref.guide.onward import Onward
from fieldref.guide.onward import onward as seen_from
from fieldref.guide.opened import Guide
from fieldref.icons import is_icon
from fieldref.languages import SOURCE, language
from fieldref.paper.words import said
from fieldref.refusal import Refusal
from fieldref.settings import Settings
from fieldref.vocabulary import N_, NEEDS

ONWARD, EMERGENCY, TODAY = "onward", "emergency", "today"
NEED_BY_CODE = {need.code: need for need in NEEDS}
SHORT = 22  # letters of a title that stay in one line
ONE_COLUMN = 3  # titles that stand one under the other
NEAREST = 3  # next safe-points on one sheet
FREE, NEXT, HELP = N_("Free information"), N_("Next safe-points"), N_("Emergency")


@dataclass(frozen=True)
class Said:
    """A few words and the code of the language they are in."""

    text: str
    language: str


@dataclass(frozen=True)
class Fact:
    """A pictogram and what stands beside it in every language alike."""

    icon: str
    text: str


@dataclass(frozen=True)
class Subject:
    """What a poster says above its codes; `leads` is the address that its page code opens, "" the first page."""

    icon: str
    titles: tuple[Said, ...]
    leads: str = ""
    facts: tuple[Fact, ...] = ()
    figures: str = ""

    @property
    def crowded(self) -> bool:
        """Whether it takes much room: facts, figures, or a long title."""
        return bool(self.facts or self.figures) or max(len(each.text) for each in self.titles) > SHORT


def subject(what: str, guide: Guide | None, place: Settings, languages: Sequence[str], today: datetime.date) -> Subject:
    """Return the subject at the address *what*, its title in each of *languages*.

    Words that the guide lacks in a language are in English. Raises Refusal, in words, for what is not there, and for
    a service that has ended.
    """
    found = _subject(what.strip("/").lower(), guide, place, languages, today)
    return replace(found, titles=side_by_side(found.titles)) if len(languages) > ONE_COLUMN else found


def _subject(
    what: str, guide: Guide | None, place: Settings, languages: Sequence[str], today: datetime.date
) -> Subject:
    if not what:
        return Subject("wifi", _each(languages, lambda code: said(FREE, code)))
    if what == EMERGENCY:
        number = place.emergency_number
        return Subject("emergency", _each(languages, lambda code: said(HELP, code)), EMERGENCY, figures=number)
    if what.startswith(f"{TODAY}/"):
        return _today(what, languages, today)
    if guide is None:
        raise Refusal("there is no guide yet: build it with fieldref guide build")
    kind, _, name = what.partition("/")
    if what == ONWARD:
        return _onward(guide, place, languages, today)
    if kind == "needs" and name in NEED_BY_CODE:
        return Subject(name, _each(languages, lambda code: said(NEED_BY_CODE[name].name, code)), what)
    if kind == "service":
        return _service(name, guide, languages, today)
    return _page(what, guide, languages)


def _page(what: str, guide: Guide, languages: Sequence[str]) -> Subject:
    section, _, slug = what.partition("/")
    source = guide.page(SOURCE.code, section, slug)
    pages = [page for code in languages if (page := guide.page(code, section, slug) or source)]
    if not pages:
        raise Refusal(f"the guide has no page {what}")
    icon = pages[0].icon if is_icon(pages[0].icon) else section
    return Subject(icon, _once(Said(page.title, page.language) for page in pages), what)


def _service(name: str, guide: Guide, languages: Sequence[str], today: datetime.date) -> Subject:
    source = guide.services(SOURCE.code).get(name)
    if source is None:
        raise Refusal(f"the guide has no service {name}")
    if state(source, today) in ("withdrawn", "expired"):
        raise Refusal(f"the service {name} has ended: people would walk there for nothing")
    known = [guide.services(code)[name] for code in languages]
    titles = _once(Said(each.name, SOURCE.code if "name" in each.untranslated else each.language) for each in known)
    # What stands on the door, in the letters of the street; a secret place is no place.
    facts = [Fact("pin", ", ".join(filter(None, (source.place.name, source.place.address))))] if source.place else []
    facts += [Fact("phone", phone.number) for phone in source.phones[:1]]
    facts += [Fact("check", source.assured.isoformat())] if source.assured else []
    return Subject(source.needs[0] if source.needs else "services", titles, f"service/{name}", tuple(facts))


def _today(what: str, languages: Sequence[str], today: datetime.date) -> Subject:
    code, _, time = what.removeprefix(f"{TODAY}/").partition("/")
    kind = KIND_BY_CODE.get(code)
    if kind is None or bool(time) != kind.timed or (kind.timed and not TIME.fullmatch(time)):
        known = ", ".join(f"today/{each.code}{'/17:00' if each.timed else ''}" for each in KIND_BY_CODE.values())
        raise Refusal(f"{what} is no announcement: it is one of {known}")
    titles = _each(languages, lambda code: said(kind.name, code).replace("%(time)s", time))
    return Subject(kind.icon, titles, facts=(Fact("clock", today.isoformat()),), figures=time)


def _onward(guide: Guide, place: Settings, languages: Sequence[str], today: datetime.date) -> Subject:
    seen = seen_from(guide.next_safe_points(SOURCE.code), place, today)
    if not seen:
        raise Refusal("the guide knows no next safe-point: they are rows of directory/route.csv")
    # No arrow: nobody knows which way the wall faces. The page says the direction in words.
    facts = tuple(Fact("pin", _far(each)) for each in seen[:NEAREST])
    return Subject("walk", _each(languages, lambda code: said(NEXT, code)), ONWARD, facts)


def _far(each: Onward) -> str:
    return f"{each.point.name} · {max(1, round(each.way.metres / 1000))} km" if each.way else each.point.name


def _each(languages: Sequence[str], words: Callable[[str], str]) -> tuple[Said, ...]:
    return _once(Said(words(code), code) for code in languages)


def side_by_side(titles: Sequence[Said]) -> tuple[Said, ...]:
    """Return *titles* so that in two columns the scripts from left to right stand left, as far as there are both."""
    left, right = ([each for each in titles if language(each.language).direction == way] for way in ("ltr", "rtl"))
    pairs = [each for pair in zip(left, right, strict=False) for each in pair]
    return (*pairs, *left[len(right) :], *right[len(left) :])


def _once(every: Iterable[Said]) -> tuple[Said, ...]:
    """The same words twice are said once: what two languages lack is in English for both."""
    found: dict[str, Said] = {}
    for each in every:
        found.setdefault(each.text, each)
    return tuple(found.values())
