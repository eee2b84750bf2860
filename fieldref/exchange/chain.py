"""Whether every safe-point's bundles are all here: a gap is one to come, a fork is two of one number."""

from collections import defaultdict
from dataclasses import dataclass

from fieldref.database import Database
from fieldref.exchange.envelope import NONE_BEFORE


@dataclass(frozen=True)
class SafePointState:
    """What the branch knows of a safe-point from its bundles. A safe-point that changed its keys goes on as one.

    `last` is the highest number that came (0: none yet); `day` the latest shift's, and `clock` whether that shift's
    clock was "trusted" or "untrusted" (both empty: none yet). `edition` is that of the guide that was served when the
    `last` was closed: 0 for one of its own files, None where no bundle came that says it. `gaps` are missing numbers,
    from and to. `forks` are numbers of which there are several: the box was restored from a copy, or a copy of it is
    at work too. `strays` are numbers whose bundle follows another than the one that is here.
    """

    id: str
    name: str
    revoked: bool
    bundles: int
    last: int
    day: str
    clock: str
    edition: int | None
    gaps: tuple[tuple[int, int], ...]
    forks: tuple[int, ...]
    strays: tuple[int, ...]


@dataclass(frozen=True)
class _Link:
    sequence: int
    sha256: str
    previous: str
    day: str
    clock: str
    edition: int | None


_NONE = _Link(0, "", "", "", "", None)


def safe_points(db: Database) -> list[SafePointState]:
    """The state of every safe-point that was ever paired, by name."""
    links: dict[str, list[_Link]] = defaultdict(list)
    query = """SELECT iif(line = '', device.id, line), sequence, sha256, previous, day, clock, edition
               FROM bundle JOIN device ON device.id = bundle.device ORDER BY sequence, sha256"""
    for line, *link in db.conn.execute(query).fetchall():
        links[line].append(_Link(*link))
    # Of all keys a safe-point had, those of today, or the last ones, say whether it was revoked.
    devices = """SELECT iif(line = '', id, line) AS its_line, max(name), min(revoked) FROM device
                 GROUP BY its_line ORDER BY 2, 1"""
    return [
        _state(line, name, bool(revoked), links[line]) for line, name, revoked in db.conn.execute(devices).fetchall()
    ]


def _state(line: str, name: str, revoked: bool, links: list[_Link]) -> SafePointState:
    by_sequence: dict[int, list[_Link]] = defaultdict(list)
    for link in links:
        by_sequence[link.sequence].append(link)
    latest = max(links, key=lambda link: (link.day, link.sequence), default=_NONE)
    numbers = sorted(by_sequence)
    return SafePointState(
        id=line,
        name=name,
        revoked=revoked,
        bundles=len(links),
        last=numbers[-1] if numbers else 0,
        day=latest.day,
        clock=latest.clock,
        edition=max(links, key=lambda link: (link.sequence, link.day), default=_NONE).edition,
        gaps=_gaps(numbers),
        forks=tuple(number for number in numbers if len(by_sequence[number]) > 1),
        strays=tuple(number for number in numbers if _strays(number, by_sequence)),
    )


def troubles(db: Database) -> list[str]:
    """Say, a sentence each, what is missing or contradictory in the bundles of every safe-point."""
    return [f"{state.name}: {what}" for state in safe_points(db) for what in _said(state)]


def _said(state: SafePointState) -> list[str]:
    return [
        *(
            f"bundle {first} is missing" if first == last else f"bundles {first} to {last} are missing"
            for first, last in state.gaps
        ),
        *(f"there are several different bundles {number} (a copied or restored box?)" for number in state.forks),
        *(f"bundle {number} does not follow the bundle {number - 1} that is here" for number in state.strays),
    ]


def _strays(number: int, by_sequence: dict[int, list[_Link]]) -> bool:
    before = {link.sha256 for link in by_sequence[number - 1]} if number - 1 in by_sequence else set()
    before = before or ({NONE_BEFORE} if number == 1 else set())
    return bool(before) and any(link.previous not in before for link in by_sequence[number])


def _gaps(numbers: list[int]) -> tuple[tuple[int, int], ...]:
    steps = zip([0, *numbers], numbers, strict=False)
    return tuple((before + 1, after - 1) for before, after in steps if after - before > 1)
