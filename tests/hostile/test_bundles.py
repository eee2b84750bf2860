"""Files made to harm the branch that merges them: none crashes it, holds it up, fills its memory or is half merged.

FIELDREF_MUTATED_BUNDLES says how many damaged files are tried (most are stopped by the seal),
FIELDREF_MUTATED_PAYLOADS how many databases damaged inside a valid signature: all of them in one confined process that
does what the child of each file does, and one in fifty through everything, sealed, signed and merged.
`make soak` says 100,000 and 100,000. evil.py has those made by hand.
"""

import importlib.util
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldref import voices
from fieldref.database import Database
from fieldref.exchange import bundle, envelope
from fieldref.exchange.branch import open_branch_register
from fieldref.exchange.cards import Card, read_card
from fieldref.exchange.confined import Confined, PayloadRefused
from fieldref.exchange.keys import BRANCH_CARD, DEVICE_CARD, BranchKeys, open_branch, open_device
from fieldref.exchange.kinds import KINDS
from fieldref.exchange.merge import merge_each
from fieldref.exchange.reading import read_payload
from fieldref.register import shift
from fieldref.register.records import Outcome, Referral, Tally, TurnedAway, Withdrawal, append_all

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("evil", HERE / "evil.py")
assert _spec
assert _spec.loader
evil: Any = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(evil)

BUNDLES = int(os.environ.get("FIELDREF_MUTATED_BUNDLES", "25000"))
PAYLOADS = int(os.environ.get("FIELDREF_MUTATED_PAYLOADS", "10000"))
WHOLE = PAYLOADS // 50
SECONDS, MEGABYTES = 2, 256  # of processor, for one file; of memory, for all
MERGE = """
import json, resource, sys, time
from pathlib import Path
from fieldref.exchange.branch import open_branch_register
from fieldref.exchange.keys import open_branch
from fieldref.exchange.merge import merge_each

def used():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)

keys = open_branch(Path(sys.argv[1]), sys.argv[2])
db, said = open_branch_register(Path(sys.argv[1]), keys), {}
Path("/proc/self/clear_refs").write_text("5")  # what is counted is the most memory from here on
for name, path in json.load(sys.stdin).items():
    before = used()
    [merged] = merge_each(db, keys, [Path(path)])
    said[name] = [merged.state, merged.reason, merged.file, used() - before]
[peak] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(json.dumps([said, int(peak.split()[1]) / 1024]))
"""
READ = """
import json, random, sqlite3, sys, time
from contextlib import contextmanager
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import evil
from fieldref.exchange import reader
from fieldref.exchange.confined import PayloadRefused
from fieldref.exchange.reading import read_payload

class Here:
    @contextmanager
    def answer(self, payload):
        yield self.lines(payload)

    def lines(self, payload):
        try:
            yield from map(json.loads, reader.lines(payload))
        except (reader.NotOurs, reader.Newer, sqlite3.Error, MemoryError, UnicodeError):
            raise PayloadRefused("it is not one that fieldref made")

peak = open("/proc/self/status")
Path("/proc/self/clear_refs").write_text("5")
good, chance, found, slowest = sys.stdin.buffer.read(), random.Random(2026), {"refused": 0, "accepted": 0}, 0
reader.confine(its_seconds=3600)
reader.shut_off()
for _ in range(int(sys.argv[2])):
    begun = time.process_time()
    try:
        read_payload(evil.mutated(good, chance), Here(), lambda *_: None)
        found["accepted"] += 1
    except PayloadRefused:
        found["refused"] += 1
    slowest = max(slowest, time.process_time() - begun)
[most] = [line for line in peak.read().splitlines() if line.startswith("VmHWM")]
print(json.dumps([found, slowest, int(most.split()[1]) / 1024]))
"""


@pytest.fixture
def content(safe_point: Path, open_shift: Database) -> bytes:
    """The payload of a shift of 400 records."""
    made: list[Any] = [Referral(need="food", language="ar") for _ in range(150)]
    made += [Outcome(code=each.code, status="completed") for each in made[:100]]
    made += [kind(need="wash", people=3) for kind in (Tally, TurnedAway) for _ in range(60)]
    made += [Withdrawal(record=each.code) for each in made[:30]]
    append_all(open_shift, made)
    with voices.held(safe_point) as heard:
        return bundle.payload_of(open_shift, heard, shift.require(open_shift), 0)


@pytest.fixture
def enclosed(safe_point: Path, branch: Path, words: str) -> Callable[[bytes, int], bytes]:
    """Seal a payload as the n-th bundle of `safe_point`."""
    key, device = open_device(safe_point, words), read_card(safe_point / DEVICE_CARD, "device").id
    to: Card = read_card(branch / BRANCH_CARD, "branch")

    def enclose(content: bytes, number: int) -> bytes:
        return envelope.enclose(content, bundle.KIND, number, "0" * 64, key, device, to)

    return enclose


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """The name of a file that is written thousands of times: in memory, where there is such a place."""
    memory = Path("/dev/shm")  # noqa: S108 (no secret; a disk would be worn out)
    path = (memory if os.access(memory, os.W_OK) else tmp_path) / f"fieldref-damaged-{os.getpid()}.bin"
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def opened(branch: Path, words: str) -> Iterator[tuple[Database, BranchKeys]]:
    keys = open_branch(branch, words)
    db = open_branch_register(branch, keys)
    yield db, keys
    db.close()


def test_every_evil_file_is_refused_with_a_reason(
    branch: Path, safe_point: Path, words: str, enclosed: Any, tmp_path: Path, opened: Any
) -> None:
    room, key = tmp_path / "stick", open_device(safe_point, words)
    room.mkdir()
    device, to = read_card(safe_point / DEVICE_CARD, "device"), read_card(branch / BRANCH_CARD, "branch")
    header = {"format": 1, "kind": "bundle", "device": device.id, "sequence": 1, "previous": "0" * 64}
    made = evil.outside(room, enclosed(evil.good(), 1), (safe_point / DEVICE_CARD).read_bytes())
    made |= evil.inside(room, key.sign, to, {**header, "recipient": to.id})
    given = json.dumps({name: str(path) for name, path in made.items()})
    done = subprocess.run(
        [sys.executable, "-c", MERGE, str(branch), words], input=given, text=True, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    said, memory = json.loads(done.stdout)
    slowest = max(seconds for *_, seconds in said.values())
    print(f"\n{len(said)} evil files, the slowest {slowest:.2f} s of processor, {memory:.0f} MB at most")
    assert len(said) == len(made) >= 120
    assert {name: found for name, found in said.items() if found[0] != "refused" or not found[1]} == {}
    assert all(name.isprintable() for *_, name, _ in said.values())
    assert slowest < SECONDS
    assert memory < MEGABYTES
    db, _ = opened
    assert {table: db[table].count for table in ("bundle", "quarantine", "origin", *KINDS) if db[table].count} == {}


def test_the_one_they_were_made_of_is_taken(opened: Any, enclosed: Any, tmp_path: Path) -> None:
    """The control."""
    (tmp_path / "good.bin").write_bytes(enclosed(evil.good(), 1))
    [merged] = merge_each(*opened, [tmp_path / "good.bin"])
    assert (merged.state, merged.counts["referral"]) == ("new", 1)


def test_no_damaged_file_is_taken(opened: Any, enclosed: Any, content: bytes, file: Path) -> None:
    good, chance = enclosed(content, 1), random.Random(25)  # noqa: S311

    def damaged() -> Iterator[Path]:
        for _ in range(BUNDLES):
            while (content := evil.mutated(good, chance)) == good:
                pass
            file.write_bytes(content)
            yield file

    states = Counter(merged.state for merged in merge_each(*opened, damaged()))
    print(f"\n{states} of {BUNDLES} damaged bundles")
    assert states == {"refused": BUNDLES}
    assert opened[0]["bundle"].count == 0


def test_a_database_damaged_inside_a_valid_signature_is_refused_or_all_of_it_is_of_the_vocabulary(
    content: bytes,
) -> None:
    command = [sys.executable, "-c", READ, str(HERE), str(PAYLOADS)]
    done = subprocess.run(command, input=content, capture_output=True)
    assert done.returncode == 0, done.stderr
    found, slowest, memory = json.loads(done.stdout)
    print(f"\n{found} of {PAYLOADS} damaged databases, the slowest {slowest:.3f} s, {memory:.0f} MB at most")
    assert sum(found.values()) == PAYLOADS
    assert found["refused"] > PAYLOADS / 2
    assert slowest < SECONDS
    assert memory < MEGABYTES


def test_what_is_damaged_and_signed_is_merged_whole_or_not_at_all(
    opened: Any, enclosed: Any, content: bytes, file: Path
) -> None:
    (db, keys), chance = opened, random.Random(30)  # noqa: S311
    states: Counter[str] = Counter()
    with Confined() as processes:
        for number in range(WHOLE):
            payload, rows = evil.mutated(content, chance), 0

            def count(_: str, columns: list[list[Any]]) -> None:
                nonlocal rows
                rows += len(columns[0])

            try:
                read_payload(payload, processes, count)
            except PayloadRefused:
                rows = 0
            file.write_bytes(enclosed(payload, number + 1))
            [merged] = merge_each(db, keys, [file])
            states[merged.state] += 1
            assert (merged.state == "new") == (rows > 0), merged
            assert of_bundle(db, states["new"]) == rows or merged.state == "refused"
    print(f"\n{dict(states)} of {WHOLE} damaged databases, sealed and signed")
    assert db["bundle"].count == states["new"] > 0
    assert states["refused"] > 0


def of_bundle(db: Database, number: int) -> int:
    """How many rows of the bundle are there: as records, as records that came again, in quarantine."""
    counted = (f"SELECT count(*) FROM {table} WHERE bundle = {number}" for table in (*KINDS, "origin", "quarantine"))
    return sum(db.conn.execute(query).fetchone()[0] for query in counted)
