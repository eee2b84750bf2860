"""The records and how one is added: nothing here changes or removes a row."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, field
from sqlite3 import IntegrityError
from typing import Any

from fieldref import clock
from fieldref.database import Database, transaction
from fieldref.refusal import Refusal
from fieldref.register import shift
from fieldref.register.codes import new_code, new_id
from fieldref.register.columns import RECORDS

UNSAID = "unsaid"
NO_CONSENT = "consent is no: without consent nothing is recorded but a tally"


class RecordRefused(Refusal):
    """A record holds what no record may hold, or is there already; the message says what."""


def _today() -> str:
    return clock.today().isoformat()


@dataclass(frozen=True, kw_only=True)
class Referral:
    """One need of one person sent to one service, with one slip code."""

    code: str = field(default_factory=new_code)
    day: str = field(default_factory=_today)
    step: str = UNSAID
    need: str = UNSAID
    service: str = UNSAID
    priority: str = UNSAID
    way: str = UNSAID
    sex: str = UNSAID
    age_band: str = UNSAID
    travelling: str = UNSAID
    disability: str = UNSAID
    language: str = UNSAID
    consent: str = UNSAID


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of the referral with this slip code, made here or anywhere."""

    id: str = field(default_factory=new_id)
    code: str
    day: str = field(default_factory=_today)
    status: str
    reason: str = UNSAID


@dataclass(frozen=True, kw_only=True)
class Tally:
    """People helped here without a referral."""

    id: str = field(default_factory=new_id)
    day: str = field(default_factory=_today)
    step: str = UNSAID
    need: str = UNSAID
    people: int = 1


@dataclass(frozen=True, kw_only=True)
class TurnedAway:
    """People for whom there was nothing this day, and why: the evidence of what is missing."""

    id: str = field(default_factory=new_id)
    day: str = field(default_factory=_today)
    step: str = UNSAID
    need: str = UNSAID
    people: int = 1
    reason: str = UNSAID


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """The record with this code or id no longer counts (an undo); it is final."""

    id: str = field(default_factory=new_id)
    record: str
    reason: str = "mistake"


Record = Referral | Outcome | Tally | TurnedAway | Withdrawal


KINDS: dict[str, type[Record]] = {
    "referral": Referral,
    "outcome": Outcome,
    "tally": Tally,
    "turned_away": TurnedAway,
    "withdrawal": Withdrawal,
}
TABLES: dict[type[Record], str] = {kind: table for table, kind in KINDS.items()}


def of_row(table: str, row: Sequence[Any]) -> Record:
    """The record in a whole *row* of *table*; it is not checked."""
    names = [column.name for column in RECORDS[table]]
    return KINDS[table](**dict(zip(names, row, strict=True)))


def table_of(record: Record) -> str:
    """The table that keeps *record*."""
    return TABLES[type(record)]


def problems(record: Record) -> Iterator[str]:
    """Say, a sentence each, which values of *record* its columns may not hold."""
    for column, value in zip(RECORDS[table_of(record)], astuple(record), strict=True):
        if column.name == "consent" and value == "no":
            yield NO_CONSENT
        elif not column.allows(value):
            yield f'{column.name} is "{shown(value)}"; it must be {column.words}'


def shown(value: object) -> str:
    """Return what somebody gave as a message may repeat it: short, and nothing that moves a cursor."""
    return "".join(character if character.isprintable() else "?" for character in str(value)[:40])


def check(record: Record) -> None:
    """Raise RecordRefused unless every value of *record* is one its column may hold."""
    for problem in problems(record):
        raise RecordRefused(problem)


def append(db: Database, record: Record, *, once: str | None = None) -> bool:
    """Add *record* to the open shift; on return it is on the disk.

    *once* is the idempotency key of the form it came with: the same key records once, and False says that
    it had already been used. Raises RecordRefused or NoShift.
    """
    return append_all(db, [record], once=once)


def append_all(
    db: Database,
    records: Iterable[Record],
    *,
    once: str | None = None,
    before: Callable[[Database, Record], Iterable[Record]] | None = None,
) -> bool:
    """Add all *records* or none, as `append` does.

    *before* is asked what goes before each of them, as the register stands then: nobody else writes meanwhile.
    """
    every = list(records)
    for record in every:
        check(record)
    if once == "":
        raise RecordRefused("this form has no key of its own, so it could be recorded twice")
    with transaction(db):
        shift.require(db)
        if once is not None and not _first_use(db, once):
            return False
        for record in every:
            for each in before(db, record) if before else ():
                _insert(db, each)
            _insert(db, record)
    return True


def once_only(db: Database, once: str, act: Callable[[], None]) -> bool:
    """Do *act*, which is no record, for the form with the idempotency key *once*; False if that was done already.

    Nobody else writes meanwhile; a form whose *act* raised may be sent again. Raises NoShift.
    """
    with transaction(db):
        shift.require(db)
        if not _first_use(db, once):
            return False
        act()
    return True


def was_used(db: Database, once: str) -> bool:
    """Whether a form with the idempotency key *once* was recorded: sent again, it says so instead of doing more."""
    return db.conn.execute("SELECT 1 FROM once WHERE key = ?", [_digest(once)]).fetchone() is not None


def _digest(once: str) -> str:
    return hashlib.sha256(once.encode()).hexdigest()


def _first_use(db: Database, once: str) -> bool:
    added = db.conn.execute("INSERT INTO once (key) VALUES (?) ON CONFLICT DO NOTHING", [_digest(once)])
    return added.rowcount == 1


def _insert(db: Database, record: Record) -> None:
    values = astuple(record)
    marks = ", ".join("?" * len(values))
    try:
        db.conn.execute(f"INSERT INTO {table_of(record)} VALUES ({marks})", values)  # noqa: S608 (our names)
    except IntegrityError:
        # Its values were checked, so it is the key that is there already.
        raise RecordRefused(f"{table_of(record)} {values[0]} is in the register already") from None
