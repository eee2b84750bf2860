"""What the open shift's register says now: counts for the keypad's corner, and what became of a slip code."""

from dataclasses import dataclass

from fieldref import clock
from fieldref.database import Database
from fieldref.register.columns import RECORDS
from fieldref.register.records import Outcome, Record, Referral, of_row


@dataclass(frozen=True)
class Counts:
    """Of one day, without what was withdrawn: referrals (also by need), people in tallies, outcomes."""

    day: str
    referrals: int
    people: int
    outcomes: int
    needs: dict[str, int]


def todays_counts(db: Database, day: str | None = None) -> Counts:
    """Count the records of *day* (YYYY-MM-DD; today unless given) in the shift that is open."""
    on = [day or clock.today().isoformat()]
    needs = db.conn.execute("SELECT need, count(*) FROM referral_now WHERE day = ? GROUP BY need ORDER BY need", on)
    by_need = dict(needs.fetchall())
    people = db.conn.execute("SELECT coalesce(sum(people), 0) FROM tally_now WHERE day = ?", on).fetchone()[0]
    outcomes = db.conn.execute("SELECT count(*) FROM outcome_now WHERE day = ?", on).fetchone()[0]
    return Counts(on[0], sum(by_need.values()), people, outcomes, by_need)


def people_today(db: Database, day: str | None = None) -> dict[str, int]:
    """Return how many people were tallied on *day* (today unless given), by need; needs without any are left out."""
    on = [day or clock.today().isoformat()]
    return dict(db.conn.execute("SELECT need, sum(people) FROM tally_now WHERE day = ? GROUP BY need", on).fetchall())


def turned_away_today(db: Database, day: str | None = None) -> dict[str, int]:
    """Return for how many people there was nothing on *day* (today unless given), by need."""
    on = [day or clock.today().isoformat()]
    query = "SELECT need, sum(people) FROM turned_away_now WHERE day = ? GROUP BY need"
    return dict(db.conn.execute(query, on).fetchall())


def to_be_sealed(db: Database) -> dict[str, int]:
    """Return how many records of each kind the open shift has: all of them, withdrawn ones too."""
    return {name: db.conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in RECORDS}  # noqa: S608


def referral_now(db: Database, code: str) -> Referral | None:
    """Return the referral with this stored *code*; None if it was withdrawn or is of a closed shift."""
    found = _one(db, "referral", code)
    return found if isinstance(found, Referral) else None


def outcome_now(db: Database, code: str) -> Outcome | None:
    """Return the latest outcome of this stored *code* in the open shift, or None."""
    found = _one(db, "outcome", code)
    return found if isinstance(found, Outcome) else None


def _one(db: Database, table: str, code: str) -> Record | None:
    row = db.conn.execute(f"SELECT * FROM {table}_now WHERE code = ?", [code]).fetchone()  # noqa: S608 (our names)
    return of_row(table, row) if row else None
