"""The outbox: sealed bundles, kept until the branch's receipt, copied to sticks as often as asked.

Nothing leaves it by itself. What a receipt names may be tidied away: at once, or a month after it came, so that a
branch that lost its laptop still finds the last month's bundles at its safe-points.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from fieldref.database import Database, sync_folder, transaction
from fieldref.exchange import stick
from fieldref.exchange.stick import Progress, Sealed
from fieldref.refusal import Refusal
from fieldref.register import shift

DAYS = 30  # without a receipt, the coordinator is reminded; with one, a bundle may go


class OutboxRefused(Refusal):
    """Nothing was copied or deleted."""


@dataclass(frozen=True)
class Kept:
    """One bundle this safe-point made: its number, the day of its shift, its file; when it was copied and received.

    `there` is False for one whose file is gone.
    """

    sequence: int
    day: str
    file: Path
    sha256: str
    exported: str | None
    received: str | None
    there: bool

    @property
    def lost(self) -> bool:
        """Whether its file is gone and nobody has said that the branch has it."""
        return not self.there and self.received is None


def bundles(db: Database, folder: Path) -> list[Kept]:
    """Return every bundle that the register *db* of the safe-point in *folder* knows of, in order."""
    rows = db.conn.execute("SELECT sequence, day, file, sha256, exported, received FROM bundle ORDER BY sequence")
    found = []
    for sequence, day, name, sha256, exported, received in rows.fetchall():
        path = folder / shift.OUTBOX / name
        found.append(Kept(sequence, day, path, sha256, exported, received, path.exists()))
    return found


def waiting(kept: Sequence[Kept]) -> list[Kept]:
    """Those for which no receipt has come."""
    return [each for each in kept if each.received is None]


def overdue(kept: Sequence[Kept], today: date) -> list[Kept]:
    """Those for which no receipt has come for more than 30 days."""
    limit = (today - timedelta(DAYS)).isoformat()
    return [each for each in waiting(kept) if each.day < limit]


def export(db: Database, chosen: Sequence[Kept], to: Path, today: date, progress: Progress = lambda _: None) -> None:
    """Copy the *chosen* bundles to the stick or folder *to*, and note the day.

    On return it is safe to remove the stick. Raises StickRefused; and, once all others are copied, OutboxRefused
    where a file is gone or is not what was sealed.
    """
    whole = [each for each in chosen if each.there and stick.digest(each.file) == each.sha256]
    stick.copy([Sealed(each.file, each.sha256) for each in whole], to, progress)
    with transaction(db):
        for each in whole:
            db.conn.execute("UPDATE bundle SET exported = ? WHERE sequence = ?", [today.isoformat(), each.sequence])
    if damaged := [str(each.sequence) for each in chosen if each not in whole]:
        raise OutboxRefused(
            f"in the outbox, bundle {', '.join(damaged)} is gone or damaged. Tell the branch; do not delete anything."
            " All others are on the stick"
        )


def tidied(kept: Sequence[Kept], today: date, *, clock_trusted: bool) -> list[Kept]:
    """Those that may be deleted: received, 30 days ago or longer, by a clock that somebody has looked at.

    Raises OutboxRefused where the clock is not trusted, because then nobody knows how long ago that is.
    """
    if not clock_trusted:
        raise OutboxRefused(
            f"nothing was deleted: this machine's clock is not confirmed. Is {today.isoformat()} right? Then say"
            " --clock-trusted"
        )
    limit = (today - timedelta(DAYS)).isoformat()
    return [each for each in kept if each.there and each.received and max(each.received, each.day) <= limit]


def received(kept: Sequence[Kept]) -> list[Kept]:
    """Those that lie here though the branch has said that it has them."""
    return [each for each in kept if each.there and each.received]


def delete(db: Database, folder: Path, chosen: Sequence[Kept]) -> None:
    """Delete the files of the *chosen* bundles. Raises OutboxRefused for one without a receipt on the disk."""
    for each in chosen:
        row = db.conn.execute("SELECT received FROM bundle WHERE sha256 = ?", [each.sha256]).fetchone()
        if row is None or row[0] is None:
            raise OutboxRefused(f"there is no receipt for bundle {each.sequence}; it stays")
        each.file.unlink(missing_ok=True)
    if chosen:
        sync_folder(folder / shift.OUTBOX)
