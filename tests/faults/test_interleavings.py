"""Two safe-points, their sticks, packs and a branch, in any order of events: nothing acknowledged is lost or changed.

FIELDREF_INTERLEAVINGS says how many stories are made up; `make soak` says 2,000. In a story people record and answer,
close shifts, copy bundles to sticks, lose sticks, copy again, merge in any order and more than once, take receipts (old
ones too), delete what was received, publish, take packs (older ones, damaged ones, one twice), go back, call the branch
over a line that may break, settle what contradicts itself, revoke a safe-point, and restore an old copy of a box.
"""

import hashlib
import http.client
import os
import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from dataclasses import astuple, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fieldref.database import Database
from fieldref.exchange import beside, due, merge, outbox, publishing, quarantine, receipt, sync, taking
from fieldref.exchange.branch import open_branch_register
from fieldref.exchange.bundle import close_shift
from fieldref.exchange.cards import read_card
from fieldref.exchange.confined import Confined
from fieldref.exchange.devices import revoke
from fieldref.exchange.group import Group
from fieldref.exchange.keys import DEVICE_CARD, open_branch
from fieldref.exchange.line import BASE, Answer, Line, LineRefused
from fieldref.folders import folder as shipped
from fieldref.guide import addresses, directory, help, packfile, sources
from fieldref.guide.build import build, build_beside
from fieldref.guide.opened import Guide
from fieldref.refusal import Refusal
from fieldref.register import shift
from fieldref.register.expected import expected
from fieldref.register.records import Outcome, Record, Referral, Tally, append, table_of
from fieldref.register.schema import open_register
from fieldref.web.syncing import PASSPHRASE, create_sync

STORIES = int(os.environ.get("FIELDREF_INTERLEAVINGS", "200"))
STEPS = 16
TODAY = date.today()
Row = tuple[Any, ...]
WHICH = some.integers(0, 1)
NEEDS = ["food", "wash", "shelter"]
SEED = some.integers(0, 99)
PAGE = """---
title: Edition {0}
icon: rights
order: 1
translation: source
source_rev: 1
checked: 2026-11-20
sources:
  - title: A law
---
Words of edition {0}.
"""
SERVICES = "id,name,status,needs\nkitchen,Kitchen {0},active,food\n"


def write_guide(pages: Path, services: Path, edition: int) -> None:
    """One page and one service, which say of which edition they are."""
    for path, text in ((pages / "rights/asylum/en.md", PAGE), (services / "services.csv", SERVICES)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(edition), "utf-8")


@dataclass
class Box:
    """What a safe-point must remember.

    Its open shift, and the codes that are due in it; the bundles it made, those a receipt has come for and those whose
    files lie there, by digest; which edition is served (0: its own), and to which one would go back; the codes answered
    in closed shifts.
    """

    shift: set[Row] | None = None
    made: set[str] = field(default_factory=set)
    received: set[str] = field(default_factory=set)
    there: set[str] = field(default_factory=set)
    served: int = 0
    other: int | None = None
    kept: set[int] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    revoked: bool = False

    def serve(self, edition: int) -> None:
        self.served, self.other = edition, self.served

    def told(self) -> set[str]:
        """What may be read of people: the keys and codes of the open shift, and the codes that are due in it."""
        return self.waiting | {str(value) for row in self.shift or () for value in row[1:3]}


@dataclass(frozen=True)
class Published:
    """A pack: its file, and for each safe-point what its receipt names, and which codes are due; who is revoked."""

    file: Path
    receipts: dict[int, set[str]]
    due: dict[int, set[str]]
    revoked: frozenset[int]


class Within(Line):
    """A line to a door in this process, which breaks for good after so many things were asked."""

    door: Any
    holds: int

    def __init__(self, *whom: Any) -> None:
        super().__init__(*whom, wait=lambda _: None)

    def _dial(self) -> tuple[str, bool]:
        self._connection = http.client.HTTPConnection(self._host)  # never connected
        return "", True

    def _exchange(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> Answer:
        answer = self.door.open(BASE + path, method=method, data=content, headers=headers)
        Within.holds -= 1
        if Within.holds < 0:
            raise ConnectionResetError("cut")  # the branch has it, and we do not know
        return Answer(answer.status_code, {}, answer.data)


class Field(RuleBasedStateMachine):
    """The field, and beside it, in plain sets, what must be true of it."""

    template: Path
    words: str
    confined: Confined
    seen: ClassVar[Counter[str]] = Counter()  # what came to pass, over all stories

    def __init__(self) -> None:
        super().__init__()
        self.room = self.template.with_name("story")
        shutil.rmtree(self.room, ignore_errors=True)
        shutil.copytree(self.template, self.room)
        self.keys = open_branch(self.room / "north", self.words)
        self.branch: Database = open_branch_register(self.room / "north", self.keys)
        os.environ[PASSPHRASE] = self.words
        Within.door = create_sync(self.room / "north").test_client()
        self.boxes, self.saved = [Box(), Box()], [Box(), Box()]
        for which in (0, 1):
            shutil.copytree(self.folder(which), self.copy(which))
        self.devices = [read_card(self.folder(which) / DEVICE_CARD, "device").id for which in (0, 1)]
        self.made: dict[str, tuple[int, frozenset[Row]]] = {}
        self.merged: set[str] = set()
        self.revoked: frozenset[int] = frozenset()
        self.codes: list[str] = []
        self.ever: set[str] = set()
        self.receipts: list[tuple[int, bytes, set[str]]] = []
        self.packs: list[Published] = []
        self.looked: list[quarantine.Case] = []
        self.settled: dict[Row, list[tuple[set[Row], Row | None]]] = defaultdict(list)
        self.touched = {0, 1}
        self.read: dict[bytes, set[str]] = {}
        self.numbered = 0

    def folder(self, which: int) -> Path:
        return self.room / ("bridge", "harbour")[which]

    def copy(self, which: int) -> Path:
        return self.room / f"copy-{which}"

    def stick(self, which: int) -> Path:
        path = self.room / f"stick-{which}"
        path.mkdir(exist_ok=True)
        return path

    def box(self, which: int) -> Box:
        self.touched.add(which)
        return self.boxes[which]

    @contextmanager
    def register(self, which: int) -> Iterator[Database]:
        db = open_register(self.folder(which))
        try:
            yield db
        finally:
            db.close()

    @initialize(begun=some.sampled_from([True, True, False]))
    def begin(self, begun: bool) -> None:
        """Most stories begin when things have come to pass already, by which they can go further."""
        if begun:
            self.work_a_whole_shift(0, ["food", "shelter"], twice=False, asked=False)
            self.work_a_whole_shift(1, ["shelter"], twice=True, asked=True)  # the first code, and another need
            self.carry(0, 0)
            self.publish()
            self.carry(1, 0)

    @rule(which=WHICH, need=some.sampled_from(NEEDS), twice=some.booleans())
    def record(self, which: int, need: str, twice: bool) -> None:
        if self._is_open(which):
            used = {row[1] for row in self.boxes[which].shift or ()}
            again = [code for code in self.codes if code not in used] if twice else []
            if again:
                self._record(which, Referral(need=need, priority="emergency", code=again[0]))
            elif need == "wash":
                self._record(which, Tally(need=need, people=3))
            else:
                self._record(which, Referral(need=need, priority="emergency"))

    @rule(which=WHICH, seed=SEED)
    def answer(self, which: int, seed: int) -> None:
        if self.codes and self._is_open(which):
            asked = sorted(self.boxes[which].waiting) or self.codes
            self._record(which, Outcome(code=asked[seed % len(asked)], status="completed"))

    @precondition(lambda self: any(box.shift is not None for box in self.boxes))
    @rule(which=WHICH)
    def close(self, which: int) -> None:
        box = self.box(which)
        if box.shift is None:
            return
        closed = close_shift(self.folder(which), self.words)
        digest = hashlib.sha256(closed.file.read_bytes()).hexdigest()
        self.made[digest] = which, frozenset(box.shift)
        box.made.add(digest)
        box.there.add(digest)
        box.answered |= box.waiting & {row[2] for row in box.shift if row[0] == "outcome"}
        box.shift, box.waiting = None, set()

    @rule(
        which=WHICH,
        needs=some.lists(some.sampled_from(NEEDS), min_size=1, max_size=3),
        twice=some.booleans(),
        asked=some.booleans(),
    )
    def work_a_whole_shift(self, which: int, needs: list[str], twice: bool, asked: bool) -> None:
        for need in needs:
            self.record(which, need, twice)
        if asked:
            self.answer(which, self.numbered)
        self.close(which)

    @rule(which=WHICH, seed=SEED)
    def carry(self, which: int, seed: int) -> None:
        self.copy_to_stick(which, which)
        self.merge(which, seed)

    @rule(which=WHICH, stick=WHICH)
    def copy_to_stick(self, which: int, stick: int) -> None:
        with self.register(which) as db:
            kept = [each for each in outbox.bundles(db, self.folder(which)) if each.there]
            outbox.export(db, kept, self.stick(stick), TODAY)
        assert {hashlib.sha256(path.read_bytes()).hexdigest() for path in self.stick(stick).iterdir()} >= (
            self.box(which).there
        )

    @rule(stick=WHICH)
    def lose_stick(self, stick: int) -> None:
        shutil.rmtree(self.stick(stick))

    @rule(stick=WHICH, seed=SEED)
    def merge(self, stick: int, seed: int) -> None:
        paths = sorted(self.stick(stick).iterdir()) * 2
        random.Random(seed).shuffle(paths)  # noqa: S311
        self._merge(paths)

    @rule(which=WHICH)
    def receive(self, which: int) -> None:
        named = self._merged_of(which)
        self.receipts.append((which, receipt.issue(self.branch, self.keys, self.devices[which]), named))
        self._take_receipt(*self.receipts[-1])

    @precondition(lambda self: self.receipts)
    @rule(seed=SEED)
    def receive_an_old_receipt(self, seed: int) -> None:
        self._take_receipt(*self.receipts[seed % len(self.receipts)])

    @rule(which=WHICH)
    def delete_what_was_received(self, which: int) -> None:
        box = self.box(which)
        with self.register(which) as db:
            gone = outbox.received(outbox.bundles(db, self.folder(which)))
            outbox.delete(db, self.folder(which), gone)
        assert {each.sha256 for each in gone} == box.there & box.received <= self.merged, "deleted, or kept, wrongly"
        box.there -= box.received
        self.seen["bundles deleted"] += len(gone)

    @rule(which=WHICH)
    def hear_by_a_pack_alone(self, which: int) -> None:
        self.publish()
        self.take_pack(which, 0, older=False, damaged=False)
        self.delete_what_was_received(which)

    @rule()
    def publish(self) -> None:
        edition = len(self.packs) + 1
        write_guide(self.room / "north/pages", self.room / "north/directory", edition)
        along = beside.of_branch(self.branch, self.keys, TODAY)
        made = publishing.publish(self.room / "north", self.keys, TODAY, anyway=True, beside=along)
        file = shutil.copy(made.file, self.room / f"handed-out-{edition}.pack")
        believed = {0, 1} - self.revoked
        named = {which: self._merged_of(which) for which in believed}
        self.packs.append(Published(Path(file), named, {which: self._due(which) for which in believed}, self.revoked))
        assert made.edition == edition

    @rule(which=WHICH, seed=SEED, older=some.booleans(), damaged=some.booleans())
    def take_pack(self, which: int, seed: int, older: bool, damaged: bool) -> None:
        if not self.packs:
            self.publish()
        edition = len(self.packs) - seed % len(self.packs)
        box, file = self.box(which), self.packs[edition - 1].file
        if damaged and seed % 4 == 0:
            content = bytearray(file.read_bytes())
            content[seed * len(content) // 100] ^= 1
            file = self.room / "damaged.pack"
            file.write_bytes(content)
            with pytest.raises(packfile.PackRefused):
                taking.take(self.folder(which), file, older=older)
        elif edition < box.served and not older:
            with pytest.raises(taking.OlderPack):
                taking.take(self.folder(which), file)
            self.seen["older packs refused"] += 1
        else:
            taken = taking.take(self.folder(which), file, older=older)
            assert (taken.edition, taken.new, taken.trouble) == (edition, edition != box.served, "")
            self.seen["older packs taken"] += edition < box.served
            self._taken(which, edition)

    @rule(which=WHICH)
    def go_back(self, which: int) -> None:
        box = self.box(which)
        if box.other is None:
            with pytest.raises(Refusal):
                taking.back(self.folder(which))
        else:
            taking.back(self.folder(which))
            box.serve(box.other)
            self.seen["gone back"] += 1

    @rule(which=WHICH, holds=some.integers(1, 15), whole=some.booleans())
    def call(self, which: int, holds: int, whole: bool) -> None:
        """Bundles up, a receipt and the newest pack down; or as much of it as the line holds for."""
        box, before, Within.holds = self.box(which), set(self.merged), 10**6 if whole else holds
        try:
            found = sync.sync(self.folder(which), self.words, "https://north", line_to=Within)
        except LineRefused:
            found = None
        self.seen["calls" if found else "calls cut"] += 1
        assert found is None or not (found.refused or found.trouble)
        assert found or not whole or which in self.revoked
        self.merged = {digest for (digest,) in self.branch.conn.execute("SELECT sha256 FROM bundle").fetchall()}
        sent = box.there - box.received
        assert before <= self.merged <= before | sent
        assert not found or sent <= self.merged
        # The last things that a call does are to take a receipt, and the pack.
        if found or self._received(which) != box.received:
            box.received |= self._merged_of(which) & box.made
        if (found or Guide(self.folder(which) / "guide.db").edition != box.served) and len(self.packs) > max(
            box.kept, default=0
        ):
            self._taken(which, len(self.packs))

    @rule()
    def look_at_quarantine(self) -> None:
        self.looked = quarantine.cases(self.branch) + quarantine.cases(self.branch, settled=True)

    @rule(seed=SEED, keep=some.integers(0, 3))
    def settle(self, seed: int, keep: int) -> None:
        """By what one saw, perhaps a while ago."""
        if not self.looked:
            self.look_at_quarantine()
        if not self.looked:
            return
        case = self.looked[seed % len(self.looked)]
        seen = [(case.kind, *version.content.values()) for version in case.versions]
        keep %= len(seen) + 1
        if set(seen) != self._versions()[case.kind, case.key]:
            with pytest.raises(quarantine.SettlementRefused):
                quarantine.settle(self.branch, case, keep, "asked")
        else:
            quarantine.settle(self.branch, case, keep, "asked")
            self.settled[case.kind, case.key].append((set(seen), seen[keep - 1] if keep else None))
            self.seen["settled"] += 1

    @rule(which=WHICH, need=some.sampled_from(NEEDS), keep=some.integers(0, 3))
    def settle_and_hear_it_again(self, which: int, need: str, keep: int) -> None:
        """What comes again changes nothing that was settled; what nobody has seen opens the case again."""
        self.look_at_quarantine()
        self.settle(0, keep)
        self.work_a_whole_shift(which, [need], twice=True, asked=False)
        self.carry(which, 0)

    @precondition(lambda self: self.numbered > 5)
    @rule()
    def revoke_harbour(self) -> None:
        revoke(self.branch, self.devices[1])
        self.revoked = frozenset({1})

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
        self.touched.add(which)

    @invariant()
    def branch_holds_the_union(self) -> None:
        """Without what contradicts itself, unless somebody who saw all of that settled it; that is set aside."""
        versions = self._versions()
        holding = self._settled(versions)
        agreed = {next(iter(each)) for each in versions.values() if len(each) == 1}
        assert self._found() == agreed | {row for row in holding.values() if row}
        query = "SELECT kind, key, count(DISTINCT content) FROM quarantine GROUP BY 1, 2"
        aside = {(kind, key): number for kind, key, number in self.branch.conn.execute(query).fetchall()}
        assert aside == {key: len(each) for key, each in versions.items() if len(each) > 1}
        assert quarantine.waiting(self.branch) == len(aside) - len(holding)

    @invariant()
    def boxes_are_as_they_should_be(self) -> None:
        for which in self.touched:
            self._check_box(which)
        self.touched = set()

    def teardown(self) -> None:
        """All that lies anywhere comes to the branch in the end."""
        for which in (0, 1):
            self._merge([*(self.folder(which) / shift.OUTBOX).glob("*"), *self.stick(which).iterdir()])
            assert self.boxes[which].there <= self.merged or which in self.revoked
            self._check_box(which)
        self.branch_holds_the_union()
        self.branch.close()

    def _check_box(self, which: int) -> None:
        box, folder = self.boxes[which], self.folder(which)
        assert self._received(which) == box.received, "a receipt that came counts, by whatever way it came"
        assert self._there(which) == box.there, "no bundle goes without a receipt"
        with self.register(which) as db:
            assert set(expected(db)) == box.waiting - {row[2] for row in box.shift or () if row[0] == "outcome"}
            assert (shift.current(db) is None) == (box.shift is None)
        guide = Guide(folder / "guide.db")
        page, kitchen = guide.page("en", "rights", "asylum"), guide.services("en")["kitchen"]
        said = (guide.edition, page and page.title, kitchen.name)
        assert said == (box.served, f"Edition {box.served}", f"Kitchen {box.served}"), "not one whole edition"
        assert self._readable(folder) <= box.told(), "what was recorded before, or is due no more, can be read"

    def _is_open(self, which: int) -> bool:
        """Open a shift, and let it know what is due, unless one is open or the branch has said that none may be."""
        box, folder = self.box(which), self.folder(which)
        if box.shift is None and box.revoked:
            with pytest.raises(shift.Revoked):
                shift.open_shift(folder, self.words)
            return False
        if box.shift is None:
            shift.open_shift(folder, self.words)
            due.bring(folder, self.words)
            listed = self._listed(which)
            if box.kept:
                box.answered &= listed
            box.shift, box.waiting = set(), listed - box.answered
            self.seen["codes due"] += len(box.waiting)
        return True

    def _listed(self, which: int) -> set[str]:
        """The codes in the newest pack that the box keeps and that has a list for it."""
        lists = [self.packs[edition - 1].due for edition in sorted(self.boxes[which].kept, reverse=True)]
        return next((each[which] for each in lists if which in each), set())

    def _record(self, which: int, record: Record) -> None:
        self.numbered += 1
        with self.register(which) as db:
            append(db, record, once=f"form {self.numbered}")
        row = (table_of(record), *astuple(record))
        self.boxes[which].shift.add(row)
        self.ever.add(row[1])
        if isinstance(record, Referral) and record.code not in self.codes:
            self.codes.append(record.code)

    def _take_receipt(self, which: int, text: bytes, named: set[str]) -> None:
        box = self.box(which)
        receipt.take(self.folder(which), text, day=TODAY)
        box.received |= named & box.made

    def _taken(self, which: int, edition: int) -> None:
        box, pack = self.boxes[which], self.packs[edition - 1]
        if edition != box.served:
            box.kept = {edition} | ({box.served} - {0})
            box.serve(edition)
        news = pack.receipts.get(which, set()) & box.made - box.received
        self.seen["receipts by a pack"] += len(news)
        box.received |= news
        box.revoked |= which in pack.revoked

    def _merge(self, paths: list[Path]) -> None:
        group = Group(self.branch, self.keys, self.confined)
        for path in paths:
            group.add(path)
        digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
        known = {digest for digest in digests if digest in self.merged or self.made[digest][0] not in self.revoked}
        states = [merged.state for merged in group.merge()]
        assert states.count("new") == len(known - self.merged)
        assert ("refused" in states) == (known != digests)
        self.merged |= known
        self.seen["bundles merged"] += states.count("new")

    def _merged_of(self, which: int) -> set[str]:
        return {digest for digest in self.merged if self.made[digest][0] == which}

    def _versions(self) -> dict[Row, set[Row]]:
        versions: dict[Row, set[Row]] = defaultdict(set)
        for digest in self.merged:
            for row in self.made[digest][1]:
                versions[row[:2]].add(row)
        return versions

    def _settled(self, versions: dict[Row, set[Row]]) -> dict[Row, Row | None]:
        """What was kept of each case, by the last who saw every version there is."""
        return {
            key: kept for key, every in self.settled.items() for seen, kept in every if versions[key] <= seen
        }  # fmt: skip

    def _found(self) -> set[Row]:
        kinds = ("referral", "tally", "outcome")
        return {(kind, *row[:-1]) for kind in kinds for row in self.branch.conn.execute(f"SELECT * FROM {kind}")}

    def _due(self, which: int) -> set[str]:
        """The codes of the safe-point, of those that count, that nobody answered. All are of today, and emergencies."""
        query = "SELECT code FROM referral JOIN bundle ON number = referral.bundle WHERE device = ?"
        own = {code for (code,) in self.branch.conn.execute(query, [self.devices[which]]).fetchall()}
        return own - {row[2] for row in self._found() if row[0] == "outcome"}

    def _received(self, which: int) -> set[str]:
        with self.register(which) as db:
            query = "SELECT sha256 FROM bundle WHERE received IS NOT NULL"
            return {digest for (digest,) in db.conn.execute(query).fetchall()}

    def _there(self, which: int) -> set[str]:
        files = (self.folder(which) / shift.OUTBOX).glob("*")
        return {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    def _readable(self, folder: Path) -> set[str]:
        """Which keys and codes of any record, ever, are somewhere in the folder. What was read once is not again."""
        found = set()
        for path in folder.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                mark = hashlib.sha256(content).digest()
                if mark not in self.read:
                    self.read[mark] = {each for each in self.ever if each.encode() in content}
                found |= self.read[mark]
        return found


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """Where files are written by the ten thousand: in memory, where there is such a place."""
    memory = Path("/dev/shm")  # noqa: S108 (no secret; a disk would be worn out)
    room = (memory if os.access(memory, os.W_OK) else tmp_path) / f"fieldref-stories-{os.getpid()}"
    room.mkdir()
    yield room
    shutil.rmtree(room)


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Little files are shipped; packs are tried and bundles read without a process for each; bundles go in pieces."""
    seed = tmp_path / "seed"
    write_guide(seed / "pages", seed / "directory", 0)
    (seed / "addresses.txt").write_text("rights/asylum\n", "utf-8")
    for module in (addresses, directory, help, sources, publishing):
        monkeypatch.setattr(module, "shipped", lambda name: {"seed": seed}.get(name) or shipped(name))
    for module in (taking, publishing):
        monkeypatch.setattr(
            module, "try_out", lambda folder, path, guide: build_beside(folder, guide, packfile.read(path))
        )
    monkeypatch.setattr(merge, "Confined", lambda: nullcontext(Field.confined))
    monkeypatch.setattr(sync, "PIECE", 40_000)


def test_no_story_loses_or_changes_what_was_acknowledged(
    place, quick, branch, safe_point, new_safe_point, pair, words
) -> None:
    harbour = new_safe_point("Harbour")
    pair(branch, harbour)
    Field.template, Field.words = place / "template", words
    for name, folder in (("north", branch), ("bridge", safe_point), ("harbour", harbour)):
        if folder != branch:
            build(folder)
        shutil.copytree(folder, Field.template / name)
    Field.seen.clear()
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
    print(f"\n{dict(Field.seen)}")
