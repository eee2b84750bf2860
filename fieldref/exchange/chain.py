"""Whether every safe-point's bundles are all here: a gap is one to come, a fork is two of one number."""

from itertools import groupby

from fieldref.database import Database
from fieldref.exchange.envelope import NONE_BEFORE


def troubles(db: Database) -> list[str]:
    """Say, a sentence each, what is missing or contradictory in the bundles of every safe-point."""
    # A safe-point that changed its keys goes on where it was: its bundles are one chain.
    query = """SELECT iif(line = '', device.id, line) AS its_line, name, sequence, sha256, previous
               FROM bundle JOIN device ON device.id = bundle.device
               ORDER BY its_line, sequence, sha256"""
    rows = db.conn.execute(query).fetchall()
    by_device = groupby(rows, key=lambda row: (str(row[0]), str(row[1])))
    return [sentence for (_, name), bundles in by_device for sentence in _of_one(name, [b[2:] for b in bundles])]


def _of_one(name: str, bundles: list[tuple[int, str, str]]) -> list[str]:
    by_sequence = {number: list(same) for number, same in groupby(bundles, key=lambda bundle: bundle[0])}
    said = [
        f"{name}: bundle {first} is missing" if first == last else f"{name}: bundles {first} to {last} are missing"
        for first, last in _gaps(sorted(by_sequence))
    ]
    for number, same in by_sequence.items():
        if len(same) > 1:
            said.append(f"{name}: there are {len(same)} different bundles {number} (a copied or restored box?)")
        before = {sha256 for _, sha256, _ in by_sequence.get(number - 1, [])} or (
            {NONE_BEFORE} if number == 1 else set()
        )
        if before and any(previous not in before for _, _, previous in same):
            said.append(f"{name}: bundle {number} does not follow the bundle {number - 1} that is here")
    return said


def _gaps(numbers: list[int]) -> list[tuple[int, int]]:
    return [
        (before + 1, after - 1) for before, after in zip([0, *numbers], numbers, strict=False) if after - before > 1
    ]
