"""The power goes, anywhere: no acknowledged record is lost, none is changed, and a shift is open or sealed, never half.

FIELDREF_POWER_CUTS says in how many states: 20,000 unless given (elsewhere beside this file, tenths of 5,000);
`make soak` says 100,000. Were these cuts too kind to find anything, the two controls, in the settings that Python and
many servers use, would lose nothing either.
"""

import hashlib
import json
import os
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from fieldref.exchange import bundle, envelope, keys
from fieldref.register import shift
from fieldref.register.columns import RECORDS
from fieldref.register.records import Referral, append_all
from fieldref.register.schema import open_register

CUTS = int(os.environ.get("FIELDREF_POWER_CUTS", "20000"))
CONTROL_CUTS = 600
RECORD = """
import json, os, random, sys
from dataclasses import astuple
from pathlib import Path
from fieldref import database
from fieldref.register.records import Outcome, Referral, Tally, Withdrawal, append, table_of
from fieldref.register.schema import open_register

folder, instead = Path(sys.argv[1]), json.loads(sys.argv[2])
database.DURABLE.update(instead)
register, codes, chance = open_register(folder), [], random.Random(7)
for number in range(60):
    kind = number % 5
    if kind < 3:
        record = Referral(need="food", service="harbour-kitchen-meals")
        codes.append(record.code)
    elif kind == 3:
        record = Outcome(code=chance.choice(codes), status="completed")
    else:
        record = Withdrawal(record=chance.choice(codes)) if number % 10 == 4 else Tally(need="wash", people=3)
    append(register, record, once=str(number))
    os.write(1, json.dumps([table_of(record), *astuple(record)]).encode())
os._exit(0)
"""
CLOSE = """
import json, os, sys
from pathlib import Path
from fieldref.exchange.bundle import close_shift
close_shift(Path(sys.argv[1]), sys.argv[2])
os.write(1, json.dumps("closed").encode())
os._exit(0)
"""


@pytest.fixture(autouse=True)
def sized(safe_point: Path, words: str) -> None:
    """A shift is open and some was recorded before."""
    shift.open_shift(safe_point, words)
    db = open_register(safe_point)
    append_all(db, [Referral(need="shelter") for _ in range(40)])
    db.close()


def stored(folder: Path) -> set[tuple[object, ...]]:
    """Every record that a box finds when it is started again; sqlite3.Error if its register is damaged."""
    db = open_register(folder)
    try:
        found = db.conn.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)]:
            raise sqlite3.DatabaseError(found)
        return {(table, *row) for table in RECORDS for row in db.conn.execute(f"SELECT * FROM {table}")}
    finally:
        db.close()


def outcome_of(recording, cuts: int, seed: int) -> dict[str, int]:
    """Of so many power cuts: how many states there were, and in how many a record was lost, changed or unreadable."""
    counted = {"states": 0, "lost": 0, "unasked": 0, "unreadable": 0}
    before = None
    for cut in recording.cuts(cuts, seed):
        counted["states"] += 1
        try:
            found = stored(cut.folder)
        except sqlite3.Error:
            counted["unreadable"] += 1
            continue
        before = before or {row for row in found if row[3:5] == ("unsaid", "shelter")}
        acknowledged = {tuple(row) for row in cut.acknowledged}
        # The one that was being written may be there, and whole; nothing else may.
        allowed = acknowledged | before | {tuple(row) for row in cut.coming[:1]}
        counted["lost"] += not acknowledged | before <= found
        counted["unasked"] += not found <= allowed
    return counted


def in_both_cores(recording, cuts: int, seed: int) -> dict[str, int]:
    """`outcome_of` by two processes, with half of the cuts each."""
    with ProcessPoolExecutor(2, get_context("fork")) as cores:
        halves = list(cores.map(outcome_of, [recording] * 2, [cuts // 2] * 2, [seed, seed + 1]))
    return {name: sum(half[name] for half in halves) for name in halves[0]}


def test_no_acknowledged_record_is_lost_or_changed_by_a_power_cut(safe_point, record) -> None:
    found = in_both_cores(record(safe_point, RECORD, "{}"), CUTS * 9 // 10, seed=2026)
    print(f"\n{found}")
    assert found.pop("states") >= CUTS * 9 // 10
    assert found == {"lost": 0, "unasked": 0, "unreadable": 0}


@pytest.mark.parametrize(("journal", "synchronous"), [("delete", 2), ("wal", 1)])
def test_the_settings_that_others_use_do_lose_records(safe_point, record, journal: str, synchronous: int) -> None:
    """The control: SQLite's own defaults, and the log that many servers write ahead."""
    instead = json.dumps({"journal_mode": journal, "synchronous": synchronous})
    found = outcome_of(record(safe_point, RECORD, instead), CONTROL_CUTS, seed=2030)
    print(f"\n{journal} + {synchronous}: {found}")
    assert found["lost"] + found["unreadable"] > 0


def test_a_power_cut_leaves_a_shift_open_or_sealed_and_never_half(branch, safe_point, record, words, rows_of) -> None:
    branch_keys, device = keys.open_branch(branch, words), keys.open_device(safe_point, words).public_key()
    everything = stored(safe_point)
    codes = [str(row[1]).encode() for row in everything]
    seen = {"open": 0, "closed": 0}
    for cut in record(safe_point, CLOSE, words).cuts(CUTS // 10, seed=2040):
        found = stored(cut.folder)
        db = open_register(cut.folder)
        is_open = shift.current(db) is not None
        made = db.conn.execute("SELECT file, sha256 FROM bundle").fetchall()
        db.close()
        seen["open" if is_open else "closed"] += 1
        assert not (is_open and cut.acknowledged), "a close that was finished is undone"
        if is_open:
            assert (found, made) == (everything, [])
            continue
        assert (found, len(made)) == (set(), 1)
        sealed = (cut.folder / "outbox" / made[0][0]).read_bytes()
        assert hashlib.sha256(sealed).hexdigest() == made[0][1]
        _, payload = envelope.disclose(sealed, bundle.KIND, branch_keys, lambda _: device)
        assert {tuple(row) for row in rows_of(payload) if row[0] != "meta"} == everything
        left = b"".join(path.read_bytes() for path in cut.folder.rglob("*") if path.is_file())
        assert not any(code in left for code in codes), "a readable record beside a finished close"
    print(f"\n{seen}")
    assert min(seen.values()) > 100
