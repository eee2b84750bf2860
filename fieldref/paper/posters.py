"""Posters, signs, cards and stickers: what brings a phone from the wall to a page, in up to six languages on a sheet.

A poster is made once (`poster`) and drawn as HTML (`whole`, `article`) or as PDF (fieldref.paper.pdf).
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from fieldref.guide.opened import Guide
from fieldref.languages import Language
from fieldref.languages import language as language_of
from fieldref.paper import qr, words
from fieldref.paper.carried import position
from fieldref.paper.logo import Logo
from fieldref.paper.papers import MOST_LANGUAGES, PAPER_BY_CODE, READ_FROM, Paper
from fieldref.paper.subjects import EMERGENCY, Said, Subject, subject
from fieldref.refusal import Refusal
from fieldref.settings import Settings
from fieldref.vocabulary import N_

JOIN, OPEN, TYPE = N_("Join this Wi-Fi"), N_("Open this page"), N_("or type this:")
PASSWORD, NO_PASSWORD = N_("Password:"), N_("No password")
MOBILE_DATA, NO_NAME = N_("Turn off mobile data."), N_("No name. No account.")
CALL, WHERE = N_("Call"), N_("Say where you are.")
MOST_SMALL = 2  # languages on A6; with more their letters are hard to read


@dataclass(frozen=True)
class Step:
    """One thing to do: a picture, few words in each language, a code, and in a frame what the code says."""

    number: str
    picture: str
    says: str
    lines: tuple[Said, ...]
    framed: tuple[str, ...]
    under: tuple[Said, ...] = ()
    password: str = ""
    typed: bool = False


@dataclass(frozen=True)
class Note:
    """A pictogram and what it means in each language, at the foot of the sheet."""

    icon: str
    lines: tuple[Said, ...]


@dataclass(frozen=True)
class Poster:
    """One poster, ready to be drawn. `warnings` are for whoever prints it; `code_mm` is the black part of each code."""

    paper: Paper
    languages: tuple[Language, ...]
    subject: Subject
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]
    place: str
    printed: datetime.date
    guide: str
    code_mm: float
    error: qr.Error
    address: str
    logo: Logo | None = None
    warnings: tuple["Warned", ...] = ()

    @property
    def read_from_m(self) -> float:
        """How far away a camera still reads the codes, in metres."""
        return round(self.code_mm * READ_FROM / 1000, 1)


@dataclass(frozen=True)
class Warned:
    """Something to know before printing: a sentence for translations/ and what goes into its gaps."""

    sentence: str
    gaps: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return self.sentence % dict(self.gaps)


TOO_FAR = N_(
    "From %(wanted)s m no camera reads codes of %(width)s mm: it reads them from up to %(far)s m."
    " Hang it where people come so near, or take a larger paper."
)
TOO_FINE = N_("The squares of a code are only %(module)s mm wide here: take a larger paper, or a shorter Wi-Fi name.")
TOO_MANY = N_("With more than two languages the letters are very small here.")


def poster(
    place: Settings,
    languages: Sequence[str],
    what: str = "",
    *,
    printed: datetime.date,
    guide: Guide | None = None,
    paper: str = "a4",
    distance: float = 0,
    logo: Logo | None = None,
    port: int = 80,
    allow_local: bool = False,
) -> Poster:
    """Return the poster about *what* (fieldref.paper.subjects) in *languages*, to be read from *distance* metres.

    Without a network in the settings it has only the second step. In one language the code opens that language's
    page, in several the door chooses by the phone. Raises Refusal as subject and qr.page_address do, and for no
    language or too many.
    """
    languages = tuple(dict.fromkeys(languages))
    if not 1 <= len(languages) <= MOST_LANGUAGES:
        raise Refusal(f"a sheet has one to {MOST_LANGUAGES} languages")
    size = PAPER_BY_CODE[paper]
    about = subject(what, guide, place, languages, printed)
    address = "/".join(filter(None, (languages[0] if len(languages) == 1 else "", about.leads)))
    if about.leads == EMERGENCY:
        steps = _call(place, languages)
    else:
        steps = _steps(place, languages, qr.page_address(place, address, port=port, allow_local=allow_local))
    width = size.code_mm(len(languages), len(steps), crowded=about.crowded)
    error: qr.Error = "Q" if size.wall else "M"
    return Poster(
        paper=size,
        languages=tuple(map(language_of, languages)),
        subject=about,
        steps=steps,
        notes=_notes(place, languages) if steps[-1].typed else (),
        place=place.name,
        printed=printed,
        guide=_edition(guide),
        code_mm=width,
        error=error,
        address=address if about.leads != EMERGENCY else "",
        logo=logo,
        warnings=_warnings(size, steps, width, error, distance, len(languages)),
    )


def article(made: Poster, logo: str = "") -> Markup:
    """Return all of a sheet as one <div>, for a page that links static/poster.css; *logo* is where its picture is."""
    first = made.languages[0]
    return words.render(
        "_poster.html",
        first.code,
        poster=made,
        language=first,
        languages_of=language_of,
        drawn=lambda step: qr.svg(step.says, error=made.error, code_mm=made.code_mm),
        logo=logo,
    )


def whole(made: Poster) -> Markup:
    """Return a sheet as a page of HTML that needs no other file."""
    return words.render(
        "whole.html",
        made.languages[0].code,
        language=made.languages[0],
        title=made.subject.titles[0].text,
        made=article(made, made.logo.data_uri if made.logo else ""),
        style=words.style("poster.css"),
    )


def _steps(place: Settings, languages: Sequence[str], address: str) -> tuple[Step, ...]:
    host, _, path = address.lower().removeprefix("http://").partition("/")
    typed = (f"http://{host}", *(f"/{part}" for part in path.split("/") if part))
    opens = Step("2" if place.network else "", "open", address, _in(languages, OPEN), typed, _in(languages, TYPE))
    if not place.network:
        return (_as_typed(opens),)
    under = _in(languages, PASSWORD if place.password else NO_PASSWORD)
    says = qr.wifi(place.network, place.password)
    joins = Step("1", "join", says, _in(languages, JOIN), (place.network,), under, place.password)
    return joins, _as_typed(opens)


def _as_typed(step: Step) -> Step:
    return Step(step.number, step.picture, step.says, step.lines, step.framed, step.under, typed=True)


def _call(place: Settings, languages: Sequence[str]) -> tuple[Step, ...]:
    """What to do without any network: call the number, and say where one is. The codes hold the words themselves."""
    number = place.emergency_number
    call = Step("", "call", f"tel:{number}", _in(languages, CALL), (number,))
    here = [place.name]
    if place.latitude is not None and place.longitude is not None:
        here.append(position(place.latitude, place.longitude).removeprefix("geo:").replace(",", ", "))
    return call, Step("", "say", "\n".join([*here, number]), _in(languages, WHERE), tuple(here))


def _notes(place: Settings, languages: Sequence[str]) -> tuple[Note, ...]:
    # A phone that finds no internet on the Wi-Fi asks for the page over its own network, where it is not.
    data = [Note("data_off", _in(languages, MOBILE_DATA))] if place.network else []
    return *data, Note("lock", _in(languages, NO_NAME))


def _in(languages: Sequence[str], sentence: str) -> tuple[Said, ...]:
    return tuple(Said(words.said(sentence, code), code) for code in languages)


def _edition(guide: Guide | None) -> str:
    if guide is None:
        return ""
    return f"{guide.version} ({guide.edition})" if guide.edition else guide.version


def _warnings(
    paper: Paper, steps: Sequence[Step], width: float, error: qr.Error, distance: float, languages: int
) -> tuple[Warned, ...]:
    found = []
    far = round(width * READ_FROM / 1000, 1)
    if distance > far:
        found.append(Warned(TOO_FAR, (("wanted", f"{distance:g}"), ("width", f"{width:g}"), ("far", f"{far:g}"))))
    module = min(width / qr.modules(step.says, error) for step in steps)
    if module < paper.module_mm:
        found.append(Warned(TOO_FINE, (("module", f"{module:.1f}"),)))
    if languages > MOST_SMALL and not paper.wall and paper.code != "stickers":
        found.append(Warned(TOO_MANY))
    return tuple(found)
