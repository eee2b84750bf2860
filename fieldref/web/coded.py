"""What records are called on a screen: their kinds, their columns and the codes in them, in the reader's words."""

from datetime import date

from babel.dates import format_date
from flask import g
from flask_babel import gettext
from markupsafe import Markup

from fieldref import vocabulary as known
from fieldref.languages import BY_CODE
from fieldref.register.codes import is_code, printed
from fieldref.vocabulary import N_, OTHER, UNSAID, Term
from fieldref.web import shown

KINDS = {
    "referral": N_("Referrals"),
    "outcome": N_("Outcomes"),
    "tally": N_("Counted only"),
    "turned_away": N_("No help found"),
    "withdrawal": N_("Taken back"),
    "rating": N_("Ratings of pages"),
    "missing_service": N_("Services that were missed"),
    "page_view": N_("Pages read"),
}
COLUMNS = {
    "day": N_("Day"),
    "step": N_("Step"),
    "need": N_("Need"),
    "service": N_("Service"),
    "priority": N_("How soon"),
    "way": N_("How"),
    "sex": N_("Sex"),
    "age_band": N_("Age"),
    "travelling": N_("Travelling"),
    "disability": N_("Disability"),
    "language": N_("Language"),
    "consent": N_("Consent"),
    "code": N_("Code of the slip"),
    "record": N_("Code of the slip"),
    "status": N_("What came of it?"),
    "reason": N_("Why?"),
    "people": N_("People"),
    "page": N_("Page"),
    "useful": N_("Useful"),
    "count": N_("How many"),
    "device": N_("Device"),
}
TERMS: dict[str, tuple[Term, ...]] = {
    "step": known.STEPS,
    "need": known.NEEDS,
    "priority": known.PRIORITIES,
    "way": known.WAYS,
    "sex": known.SEXES,
    "age_band": known.AGE_BANDS,
    "travelling": known.TRAVELLING,
    "disability": known.DISABILITY,
    "consent": known.CONSENT,
    "status": known.STATUSES,
    "reason": (*known.REASONS, *known.WITHDRAWALS, *known.DOUBTS),
    "useful": known.USEFUL,
    "settlement": known.SETTLEMENTS,
}
NAMES = {
    column: {term.code: term.name for term in (OTHER, UNSAID, *terms)} for column, terms in TERMS.items()
}  # fmt: skip


def column(name: str) -> str:
    """What the column *name* of a record is called."""
    return str(gettext(COLUMNS[name])) if name in COLUMNS else name


def value(name: str, held: str | int) -> str | Markup:
    """What the column *name* holds, in words; figures and ids from left to right."""
    if name in NAMES and held in NAMES[name]:
        return str(gettext(NAMES[name][str(held)]))
    if name == "day":
        return shown.day(date.fromisoformat(str(held)))
    if name == "language" and held in BY_CODE:
        return BY_CODE[str(held)].own_name
    if held in (UNSAID.code, OTHER.code):
        return str(gettext((UNSAID if held == UNSAID.code else OTHER).name))
    return shown.ltr(printed(str(held)) if is_code(held) else held)


def day_written(written: str) -> str:
    """A day that is written 2026-11-22, in the reader's words."""
    return shown.day(date.fromisoformat(written))


def month(first: date) -> str:
    """The month that begins on *first*: November 2026."""
    return str(format_date(first, "MMMM y", locale=g.language.locale))


def short(day: date) -> str:
    """A day in a column of them: 20 Nov 2026."""
    return str(format_date(day, "medium", locale=g.language.locale))
