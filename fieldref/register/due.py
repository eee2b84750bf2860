"""Which referrals of the open shift it is time to ask about: their follow-up day has come, and nothing came of them."""

from datetime import date

from fieldref.database import Database
from fieldref.register.records import Referral, of_row
from fieldref.vocabulary import FOLLOW_UP


def follow_up_day(referral: Referral) -> date:
    """The day by which somebody asks what came of *referral*: 24 hours, 72 hours or 2 weeks on, counted in days."""
    return date.fromisoformat(referral.day) + FOLLOW_UP[referral.priority]


def unanswered(db: Database) -> list[Referral]:
    """Return the referrals of the open shift of which nobody has recorded what came, ordered by their random codes."""
    rows = db.conn.execute("SELECT * FROM referral_now WHERE code NOT IN (SELECT code FROM outcome_now) ORDER BY code")
    every = (of_row("referral", row) for row in rows)
    return [each for each in every if isinstance(each, Referral)]


def due(db: Database, today: date) -> list[Referral]:
    """Return the referrals of the open shift to ask about on the day *today*, those that wait longest first.

    One with any outcome is not among them. Those of closed shifts are sealed, and the branch's to ask about.
    """
    waiting = [each for each in unanswered(db) if follow_up_day(each) <= today]
    return sorted(waiting, key=lambda referral: (follow_up_day(referral), referral.code))
