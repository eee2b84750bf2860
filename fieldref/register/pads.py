"""The slips of a pad, typed in later: a row with a yes is a referral, any other is counted and not kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fieldref.database import Database
from fieldref.register.records import Record, Referral, Tally, problems
from fieldref.register.typed import MISSING, TWICE, WRONG, Typed, codes_of, is_empty
from fieldref.vocabulary import CODES, UNSAID

FIELDS = ("code", "need", "service", "sex", "age_band", "travelling", "priority", "consent")
UNTICKED = {"sex": UNSAID.code, "age_band": UNSAID.code, "travelling": UNSAID.code, "priority": "normal"}
LONGEST_AGO = timedelta(days=7)

# What can be wrong with a row; a page has the words.
HERE, NEED, SERVICE, OTHER_NEED, ODD = "code_here", "need", "service", "other_need", "odd"
KINDS = (MISSING, WRONG, TWICE, HERE, NEED, SERVICE, OTHER_NEED, ODD)

Services = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class PadRow:
    """One row as it was typed, what is wrong with it, and what it becomes: a referral, a tally, nothing if empty."""

    typed: Typed
    wrong: tuple[str, ...] = ()
    record: Record | None = None


@dataclass(frozen=True)
class Pad:
    """What all slips of one grid have in common: the day on the sheet, the step here, the people's language."""

    day: date
    step: str
    language: str


def days(today: date) -> tuple[date, ...]:
    """Return the days that a sheet may bear on the day *today*, the latest first: none of the future."""
    return tuple(today - timedelta(days=ago) for ago in range(LONGEST_AGO.days + 1))


def read_pad(db: Database, rows: Sequence[Typed], pad: Pad, services: Services) -> list[PadRow]:
    """Return *rows* read: each with its record, or with what is wrong. *services* are the guide's, with their needs.

    Nothing is recorded. `sure` in a row says that its service is meant although it does not answer the need.
    """
    return [
        PadRow(row) if is_unused(row) else _read(db, row, code, wrong, pad, services)
        for row, (code, wrong) in zip(rows, codes_of(rows), strict=True)
    ]


def is_unused(row: Typed) -> bool:
    """Whether nothing of a slip was typed in *row*."""
    return is_empty({name: row.get(name, "") for name in FIELDS})


def sure(row: Typed) -> str:
    """What `sure` must hold for *row*: a yes to this pair of need and service, and to no other."""
    return f"{row.get('need', '')}/{row.get('service', '')}"


def _read(db: Database, row: Typed, code: str, wrong: tuple[str, ...], pad: Pad, services: Services) -> PadRow:
    if row.get("consent") != "yes":
        # Its code is not kept, so only a code that says "this is a second time" matters.
        wrong = tuple(each for each in wrong if each == TWICE)
    if code and _is_here(db, code):
        wrong += (HERE,)
    if row.get("need") not in CODES["need"]:
        wrong += (NEED,)
    if row.get("consent") != "yes":
        tally = Tally(day=pad.day.isoformat(), step=pad.step, need=row.get("need", ""))
        return PadRow(row, wrong, None if wrong else tally)
    wrong += _service_problems(row, services)
    referral = _referral(row, code, pad)
    if not wrong and any(problems(referral)):
        wrong = (ODD,)
    return PadRow(row, wrong, None if wrong else referral)


def _service_problems(row: Typed, services: Services) -> tuple[str, ...]:
    need, service = row.get("need", ""), row.get("service", "")
    if service == UNSAID.code:
        return ()
    if service not in services:
        return (SERVICE,)
    answered = need in services[service] or need not in CODES["need"] or need == UNSAID.code
    return () if answered or row.get("sure") == sure(row) else (OTHER_NEED,)


def _referral(row: Typed, code: str, pad: Pad) -> Referral:
    ticked = {name: row.get(name) or unticked for name, unticked in UNTICKED.items()}
    return Referral(
        code=code,
        day=pad.day.isoformat(),
        step=pad.step,
        need=row.get("need", ""),
        service=row.get("service", ""),
        way="slip",
        language=pad.language,
        consent="yes",
        **ticked,
    )


def _is_here(db: Database, code: str) -> bool:
    """Whether a referral with this code is in the open shift, withdrawn or not."""
    return db.conn.execute("SELECT 1 FROM referral WHERE code = ?", [code]).fetchone() is not None
