"""Two safe-points, their sticks and a branch, in any order of events: nothing that was acknowledged is lost or changed.

FIELDREF_INTERLEAVINGS says how many stories are made up; `make soak` says 2,000. In a story people record, close
shifts, copy bundles to sticks, lose sticks, copy again, merge in any order and more than once, take receipts (old ones
too) and delete what was received, restore an old copy of a box, and now and then record one code twice, differently.
"""

import hashlib
import os
import random
import shutil
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import astuple, dataclass, field
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from fieldref.database import Database
from fieldref.exchange import outbox, receipt
from fieldref.exchange.branch import open_branch_register
from fieldref.exchange.bundle import close_shift
from fieldref.exchange.cards import read_card
from fieldref.exchange.confined import Confined
from fieldref.exchange.group import Group
from fieldref.exchange.keys import DEVICE_CARD, open_branch
from fieldref.register import shift
from fieldref.register.records import Record, Referral, Tally, append, table_of
from fieldref.register.schema import open_register

STORIES = int(os.environ.get("FIELDREF_INTERLEAVINGS", "200"))
STEPS = 20
TODAY = date(2026, 11, 22)
Row = tuple[object, ...]
Bundle = frozenset[Row]
WHICH = some.integers(0, 1)


@dataclass
class Box:
    """What a safe-point must remember: its open shift, and the bundles that lie in its outbox, by digest."""

    shift: set[Row] | None = None
    bundles: set[str] = field(default_factory=set)


class Field(RuleBasedStateMachine):
    """The field, and beside it, in plain sets, what must be true of it."""

    template: Path
    words: str
    confined: Confined

    def __init__(self) -> None:
        super().__init__()
        self.room = self.template.with_name("story")
        shutil.rmtree(self.room, ignore_errors=True)
        shutil.copytree(self.template, self.room)
        self.keys = open_branch(self.room / "north", self.words)
        self.branch: Database = open_branch_register(self.room / "north", self.keys)
        self.boxes, self.saved = [Box(), Box()], [Box(), Box()]
        for which in (0, 1):
            shutil.copytree(self.folder(which), self.copy(which))
        self.made: dict[str, Bundle] = {}
        self.merged: set[str] = set()
        self.codes: list[str] = []
        self.receipts: list[tuple[int, bytes]] = []
        self.numbered = 0

    def folder(self, which: int) -> Path:
        return self.room / ("bridge", "harbour")[which]

    def copy(self, which: int) -> Path:
        return self.room / f"copy-{which}"

    def stick(self, which: int) -> Path:
        path = self.room / f"stick-{which}"
        path.mkdir(exist_ok=True)
        return path

    @rule(which=WHICH, need=some.sampled_from(["food", "wash"]), twice=some.booleans())
    def record(self, which: int, need: str, twice: bool) -> None:
        box = self.boxes[which]
        if box.shift is None:
            shift.open_shift(self.folder(which), self.words)
            box.shift = set()
        used = {row[1] for row in box.shift}
        again = [code for code in self.codes if code not in used] if twice else []
        record: Record = Referral(need=need, code=again[0]) if again else Referral(need=need)
        if not again and need == "wash":
            record = Tally(need=need, people=3)
        elif isinstance(record, Referral):
            self.codes.append(record.code)
        db = open_register(self.folder(which))
        append(db, record, once=self._once())
        db.close()
        box.shift.add((table_of(record), *astuple(record)))

    @precondition(lambda self: any(box.shift is not None for box in self.boxes))
    @rule(which=WHICH)
    def close(self, which: int) -> None:
        box = self.boxes[which]
        if box.shift is None:
            return
        closed = close_shift(self.folder(which), self.words)
        digest = hashlib.sha256(closed.file.read_bytes()).hexdigest()
        self.made[digest] = frozenset(box.shift)
        box.bundles.add(digest)
        box.shift = None

    @rule(which=WHICH, stick=WHICH)
    def copy_to_stick(self, which: int, stick: int) -> None:
        db = open_register(self.folder(which))
        kept = [each for each in outbox.bundles(db, self.folder(which)) if each.there]
        assert {each.sha256 for each in kept} == self.boxes[which].bundles
        outbox.export(db, kept, self.stick(stick), TODAY)
        db.close()

    @rule(stick=WHICH)
    def lose_stick(self, stick: int) -> None:
        shutil.rmtree(self.stick(stick))

    @rule(stick=WHICH, seed=some.integers(0, 99))
    def merge(self, stick: int, seed: int) -> None:
        paths = sorted(self.stick(stick).iterdir()) * 2
        random.Random(seed).shuffle(paths)  # noqa: S311
        self._merge(paths)

    @rule(which=WHICH)
    def receive(self, which: int) -> None:
        device = read_card(self.folder(which) / DEVICE_CARD, "device").id
        self.receipts.append((which, receipt.issue(self.branch, self.keys, device)))
        self._take(*self.receipts[-1])

    @precondition(lambda self: self.receipts)
    @rule(seed=some.integers(0, 99))
    def receive_an_old_receipt(self, seed: int) -> None:
        self._take(*self.receipts[seed % len(self.receipts)])

    @rule(which=WHICH)
    def save(self, which: int) -> None:
        shutil.rmtree(self.copy(which))
        shutil.copytree(self.folder(which), self.copy(which))
        self.saved[which] = deepcopy(self.boxes[which])

    @rule(which=WHICH)
    def restore(self, which: int) -> None:
        shutil.rmtree(self.folder(which))
        shutil.copytree(self.copy(which), self.folder(which))
        self.boxes[which] = deepcopy(self.saved[which])

    def teardown(self) -> None:
        """All that lies anywhere comes to the branch in the end."""
        for which in (0, 1):
            self._merge([*(self.folder(which) / shift.OUTBOX).iterdir(), *self.stick(which).iterdir()])
            assert self.boxes[which].bundles <= self.merged
        self.branch.close()

    def _once(self) -> str:
        self.numbered += 1
        return f"form {self.numbered}"

    def _take(self, which: int, text: bytes) -> None:
        folder = self.folder(which)
        receipt.take(folder, text, day=TODAY)
        db = open_register(folder)
        received = outbox.received(outbox.bundles(db, folder))
        assert {each.sha256 for each in received} <= self.merged, "deleted before the branch has it"
        outbox.delete(db, folder, received)
        self.boxes[which].bundles -= {each.sha256 for each in received}
        db.close()

    def _merge(self, paths: list[Path]) -> None:
        group = Group(self.branch, self.keys, self.confined)
        for path in paths:
            group.add(path)
        digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
        states = [merged.state for merged in group.merge()]
        assert states.count("new") == len(digests - self.merged)
        assert "refused" not in states
        self.merged |= digests
        self._check()

    def _check(self) -> None:
        """The branch holds the union of the bundles that were merged, without what contradicts; that is set aside."""
        versions: dict[Row, set[Row]] = defaultdict(set)
        for digest in self.merged:
            for row in self.made[digest]:
                versions[row[:2]].add(row)
        agreed = {next(iter(each)) for each in versions.values() if len(each) == 1}
        found = set()
        for kind in ("referral", "tally"):
            found |= {(kind, *row[:-1]) for row in self.branch.conn.execute(f"SELECT * FROM {kind}").fetchall()}
        assert found == agreed
        query = "SELECT kind, key, count(DISTINCT content) FROM quarantine GROUP BY 1, 2"
        aside = {(kind, key): number for kind, key, number in self.branch.conn.execute(query).fetchall()}
        assert aside == {key: len(each) for key, each in versions.items() if len(each) > 1}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """Where files are written by the ten thousand: in memory, where there is such a place."""
    memory = Path("/dev/shm")  # noqa: S108 (no secret; a disk would be worn out)
    room = (memory if os.access(memory, os.W_OK) else tmp_path) / f"fieldref-stories-{os.getpid()}"
    room.mkdir()
    yield room
    shutil.rmtree(room)


def test_no_story_loses_or_changes_what_was_acknowledged(
    place, branch, safe_point, new_safe_point, pair, words
) -> None:
    harbour = new_safe_point("Harbour")
    pair(branch, harbour)
    Field.template, Field.words = place / "template", words
    for name, folder in (("north", branch), ("bridge", safe_point), ("harbour", harbour)):
        shutil.copytree(folder, Field.template / name)
    with Confined() as Field.confined:
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            Field,
            settings=settings(
                max_examples=STORIES,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
