"""The power goes while a branch merges: each bundle is there whole or not at all, and what was said to be done is.

FIELDREF_POWER_CUTS says in how many states (a tenth of it here); `make soak` says 100,000.
"""

import os
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from fieldref.database import Database
from fieldref.exchange.branch import open_branch_register
from fieldref.exchange.keys import open_branch
from fieldref.exchange.kinds import KINDS
from fieldref.exchange.merge import merge_files
from fieldref.exchange.quarantine import find
from fieldref.register.codes import new_code
from fieldref.register.records import Outcome, Record, Referral, Tally

CUTS = int(os.environ.get("FIELDREF_POWER_CUTS", "5000")) // 10
MERGE = """
import json, os, sys
from pathlib import Path
from fieldref.exchange import group
from fieldref.exchange.branch import open_branch_register
from fieldref.exchange.keys import open_branch
from fieldref.exchange.merge import merge_each
from fieldref.exchange.quarantine import find, settle

folder, words, code, *bundles = sys.argv[1:]
group.FILES = 2
keys = open_branch(Path(folder), words)
db = open_branch_register(Path(folder), keys)
for merged in merge_each(db, keys, map(Path, bundles)):
    os.write(1, json.dumps([merged.sequence, merged.safe_point]).encode())
settle(db, find(db, code), 2, "asked")
os.write(1, json.dumps("settled").encode())
os._exit(0)
"""


def rows_by_bundle(db: Database) -> Counter[tuple[int, str]]:
    """How many rows came in each bundle: records, records that came again, and those in quarantine."""
    names = "SELECT number, sequence, name FROM bundle JOIN device ON device.id = bundle.device"
    named = {number: (sequence, name) for number, sequence, name in db.conn.execute(names).fetchall()}
    found = Counter(dict.fromkeys(named.values(), 0))
    for table in (*KINDS, "origin", "quarantine"):
        # What was kept of a contradiction lies in quarantine as well, and is counted there.
        for number, key in db.conn.execute(f"SELECT bundle, {db[table].pks[-1]} FROM {table}").fetchall():
            aside = db.conn.execute("SELECT 1 FROM quarantine WHERE key = ?", [key]).fetchone()
            found[named[number]] += table not in KINDS or not aside
    return found


def whole(folder: Path, words: str) -> Database:
    """The register that a branch finds when its laptop is started again; sqlite3.Error if it is damaged."""
    db = open_branch_register(folder, open_branch(folder, words))
    found = db.conn.execute("PRAGMA integrity_check").fetchall()
    if found != [("ok",)]:
        raise sqlite3.DatabaseError(found)
    return db


@pytest.fixture
def code() -> str:
    return new_code()


@pytest.fixture
def bundles(branch, safe_point, new_safe_point, close_with, pair, code, tmp_path) -> dict[tuple[int, str], int]:
    """Five bundles of two safe-points, in tmp_path/stick, and how many records each has; two contradict each other."""
    stick, sizes, harbour = tmp_path / "stick", {}, new_safe_point("Harbour")
    stick.mkdir()
    pair(branch, harbour)
    same = Tally(people=7)
    for number in range(5):
        folder = (safe_point, harbour)[number % 2]
        made: list[Record] = [Referral() for _ in range(40)]
        made += [Outcome(code=each.code, status="accepted") for each in made[:20] if isinstance(each, Referral)]
        made += [same, *([Referral(code=code, need="food" if number else "wash")] if number < 2 else [])]
        close_with(folder, *made).rename(stick / f"{number}.bin")
        sizes[number // 2 + 1, ("Bridge", "Harbour")[number % 2]] = len(made)
    return sizes


def test_a_power_cut_leaves_no_bundle_half_merged(branch, bundles, record, words, code, tmp_path) -> None:
    seen: Counter[int] = Counter()
    paths = sorted((tmp_path / "stick").iterdir())
    recording = record(branch, MERGE, words, code, *map(str, paths))
    settled = Counter[bool]()
    for cut in recording.cuts(CUTS, seed=2050):
        db = whole(cut.folder, words)
        found = rows_by_bundle(db)
        assert found == {each: bundles[each] for each in found}, "half a bundle"
        assert {tuple(each) for each in cut.acknowledged if each != "settled"} <= set(found)
        if len(found) > 1:
            settlement = find(db, code).settlement
            assert settlement or "settled" not in cut.acknowledged
            settled[settlement is not None] += 1
        db.close()
        seen[len(found)] += 1
        # And merging again brings what is missing.
        if sum(seen.values()) % 20 == 0:
            assert {merged.state for merged in merge_files(cut.folder, paths, words)} <= {"new", "already here"}
            db = whole(cut.folder, words)
            assert rows_by_bundle(db) == bundles
            db.close()
    print(f"\n{sum(seen.values())} states; bundles found: {dict(seen)}, settled: {dict(settled)}")
    assert sum(seen.values()) >= CUTS
    assert set(seen) == {0, 2, 4, 5}
    assert len(settled) == 2
