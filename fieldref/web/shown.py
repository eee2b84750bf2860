"""How a fact is written on a screen or a sheet: times, days, distances, needs; the same fact the same everywhere."""

from datetime import date, datetime, time, timedelta

from babel.dates import format_date
from flask import Flask, g
from flask_babel import gettext
from markupsafe import Markup, escape

from fieldref.guide import codes
from fieldref.guide.directory import Phone
from fieldref.guide.geography import DIRECTIONS
from fieldref.guide.hours import Opening, Span
from fieldref.guide.offers import Way
from fieldref.icons import icon
from fieldref.languages import BY_CODE
from fieldref.vocabulary import NEEDS, Term

NEED_NAMES = {need.code: need.name for need in NEEDS}
COSTS = {cost.code: cost.name for cost in codes.COSTS}
ELIGIBILITY = {group.code: group.name for group in codes.ELIGIBILITY}
DOCUMENTS = {paper.code: paper.name for paper in codes.DOCUMENTS}
DIRECTION_NAMES = {direction.code: direction.name for direction in DIRECTIONS}


def add_to(app: Flask) -> None:
    """Give the templates of *app* these ways of writing."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(icon=icon, tongues=BY_CODE, eligibility=ELIGIBILITY, documents=DOCUMENTS, costs=COSTS)
    app.jinja_env.filters.update(
        ltr=ltr, day=day, clock=clock, spans=spans, phone=phone, words=words, opening=opening, way=way, weekday=weekday,
        day_and_time=day_and_time,
    )  # fmt: skip


def ltr(value: object) -> Markup:
    """Figures and codes, which read from left to right in every script."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(value)


def clock(moment: datetime | time) -> Markup:
    """A time of day, 24 hours, Latin digits: 17:00."""
    return ltr(moment.strftime("%H:%M"))


def day(value: date) -> str:
    """A day in the reader's words: 20 November 2026."""
    return str(format_date(value, "long", locale=g.language.locale))


def weekday(value: date) -> str:
    """The name of the day: today, tomorrow, or Monday."""
    if value == g.now.date():
        return str(gettext("Today"))
    return str(format_date(value, "EEEE", locale=g.language.locale))


def day_and_time(moment: datetime) -> Markup:
    """A moment for somebody who looks at a clock: Today, 20 November 2026, 17:00."""
    return escape(g.language.comma).join([weekday(moment.date()), day(moment.date()), clock(moment)])


def words(term: Term | str) -> str:
    """What a code is called in the reader's language."""
    name = NEED_NAMES.get(term, term) if isinstance(term, str) else term.name
    return str(gettext(name)) if name else ""


def phone(number: Phone) -> Markup:
    """A number to be tapped, in reading order in every script."""
    if not number.dial:
        return ltr(number.number)
    return Markup('<a href="{}">{}</a>').format(number.dial, ltr(number.number))


def opening(value: Opening) -> Markup:
    """Whether it is open, in a few words, and until or from when."""
    if value.state == "open":
        if value.until is None:
            return _say("Open day and night")
        return _say("Open now until %(time)s", time=_moment(value.until))
    if value.state == "closes_soon" and value.until is not None:
        return _say("Closes soon: %(time)s", time=clock(value.until))
    if value.state == "appointment":
        return _say("By appointment: call first")
    if value.state == "unknown_now":
        return _say("See the opening hours")
    if value.state == "unknown":
        return _say("Opening hours not known: call or ask us first")
    if value.opens is None:
        return _say("Closed now")
    return _say("Closed now. Opens %(time)s", time=_moment(value.opens))


def way(value: Way) -> Markup:
    """How far and which way: 450 m, 6 min on foot, north-east."""
    direction = gettext(DIRECTION_NAMES[value.direction])
    if value.metres < 30:
        return _say("Here, at the safe-point")
    if not value.walkable:
        return _say("%(km)s km, %(direction)s", km=ltr(round(value.metres / 1000)), direction=direction)
    if value.metres < 1000:
        return _say(
            "%(metres)s m, %(minutes)s min on foot, %(direction)s",
            metres=ltr(value.metres), minutes=ltr(value.minutes), direction=direction,
        )  # fmt: skip
    return _say(
        "%(km)s km, %(minutes)s min on foot, %(direction)s",
        km=ltr(f"{value.metres / 1000:.1f}"), minutes=ltr(value.minutes), direction=direction,
    )  # fmt: skip


def spans(value: tuple[Span, ...]) -> Markup:
    """The hours of one day: 08:00–12:00, 14:00–18:00."""
    if not value:
        return _say("Closed")
    return escape(g.language.comma).join(_span(span) for span in value)


def _span(span: Span) -> Markup:
    if span.all_day:
        return _say("All day")
    if span.closes is None:
        hours = _say("from %(time)s", time=clock(span.opens))
    else:
        hours = ltr(f"{span.opens:%H:%M}–{span.closes:%H:%M}")
    return _say("%(hours)s by appointment", hours=hours) if span.kind == "appointment" else hours


def _moment(moment: datetime) -> Markup:
    days = (moment.date() - g.now.date()).days
    if days == 0 or (days == 1 and moment - g.now < timedelta(hours=8)):
        return clock(moment)
    if days == 1:
        return _say("tomorrow %(time)s", time=clock(moment))
    if days < 7:
        return Markup("{} {}").format(format_date(moment, "EEEE", locale=g.language.locale), clock(moment))
    return Markup("{} {}").format(day(moment.date()), clock(moment))


def _say(sentence: str, **parts: object) -> Markup:
    """A translated sentence; the words are plain text, the parts may be marked up."""
    return escape(gettext(sentence)) % {name: escape(part) for name, part in parts.items()}
