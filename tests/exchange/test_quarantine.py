"""Two versions of one record: both wait, a person keeps one or none, and it stays so until a third comes."""

import json
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from fieldref.database import open_in_memory, transaction
from fieldref.exchange import devices, origins, quarantine, staging
from fieldref.exchange.branch import BRANCH
from fieldref.exchange.cards import Card
from fieldref.exchange.merge import merge_files
from fieldref.exchange.quarantine import SettlementRefused
from fieldref.exchange.union import unite
from fieldref.register.codes import new_code, new_id
from fieldref.register.records import Referral

DAY = "2026-11-22"


@pytest.fixture
def code():
    return new_code()


@pytest.fixture
def bundle_with(branch, new_safe_point, close_with, pair, code):
    """A bundle of one more safe-point in which the referral *code* has this need."""

    def make(name, need):
        folder = new_safe_point(name)
        pair(branch, folder)
        return close_with(folder, Referral(code=code, need=need, day=DAY))

    return make


@pytest.fixture
def contested(branch, bundle_with, words, open_books, code):
    """The branch's register, with one case of two versions: food at Harbour, then wash at Station."""
    merge_files(branch, [bundle_with("Harbour", "food"), bundle_with("Station", "wash")], words)
    return open_books(branch)


def needs(db):
    return [row["need"] for row in db["referral"].rows]


def test_a_case_shows_every_version_and_where_it_came_from(contested, code):
    [case] = quarantine.cases(contested)
    assert (case.kind, case.key, case.settlement) == ("referral", code, None)
    assert [(each.content["need"], each.sources[0].safe_point) for each in case.versions] == [
        ("food", "Harbour"),
        ("wash", "Station"),
    ]
    assert needs(contested) == []


@pytest.mark.parametrize(("keep", "left"), [(1, ["food"]), (2, ["wash"]), (0, [])])
def test_a_person_keeps_one_or_none_and_who_when_and_why_is_kept(contested, code, keep, left):
    settled = quarantine.settle(contested, quarantine.find(contested, code), keep, "asked", manager=2)
    assert needs(contested) == left
    assert (settled.settlement.keep, settled.settlement.manager, settled.settlement.reason) == (keep, 2, "asked")
    assert len(settled.settlement.day) == len(DAY)
    assert quarantine.cases(contested) == []
    assert quarantine.waiting(contested) == 0
    assert quarantine.cases(contested, settled=True) == [settled]


def test_more_copies_of_the_same_versions_undo_nothing(contested, branch, bundle_with, words, code):
    quarantine.settle(contested, quarantine.find(contested, code), 2, "asked")
    [again] = merge_files(branch, [bundle_with("Bridge again", "food")], words)
    assert (again.quarantined, again.counts["referral"]) == (0, 0)
    assert needs(contested) == ["wash"]
    assert len(quarantine.find(contested, code).versions[0].sources) == 2


def test_a_third_version_opens_the_case_again(contested, branch, bundle_with, words, code):
    seen = quarantine.find(contested, code)
    quarantine.settle(contested, seen, 2, "asked")
    [third] = merge_files(branch, [bundle_with("Far", "shelter")], words)
    assert third.quarantined == 1
    assert (needs(contested), quarantine.waiting(contested)) == ([], 1)
    with pytest.raises(SettlementRefused, match="another version has come"):
        quarantine.settle(contested, seen, 2, "asked")
    quarantine.settle(contested, quarantine.find(contested, code), 3, "copied")
    assert needs(contested) == ["shelter"]


def test_a_manager_may_think_again(contested, code):
    for keep in (1, 0, 2):
        quarantine.settle(contested, quarantine.find(contested, code), keep, "mistake")
    assert needs(contested) == ["wash"]


@pytest.mark.parametrize(
    ("keep", "reason", "manager"), [(3, "asked", 1), (-1, "asked", 1), (1, "because", 1), (1, "asked", 0)]
)
def test_what_is_no_answer_settles_nothing(contested, code, keep, reason, manager):
    with pytest.raises(SettlementRefused):
        quarantine.settle(contested, quarantine.find(contested, code), keep, reason, manager)
    assert contested["settlement"].count == 0


def test_what_is_not_in_quarantine_cannot_be_settled(contested):
    with pytest.raises(SettlementRefused, match="in quarantine"):
        quarantine.find(contested, new_code())


def test_settled_before_or_after_more_bundles_is_the_same(branch, bundle_with, words, code, tmp_path, open_books):
    """The settlement is made in one copy of the branch, and the last bundle comes before it in the other."""
    first, second, last = (bundle_with(name, need) for name, need in (("A", "food"), ("B", "wash"), ("C", "wash")))
    merge_files(branch, [first, second], words)
    other = tmp_path / "other"
    shutil.copytree(branch, other)
    found = []
    for folder, late in ((branch, True), (other, False)):
        if not late:
            merge_files(folder, [last], words)
        db = open_books(folder)
        quarantine.settle(db, quarantine.find(db, code), 2, "asked")
        if late:
            merge_files(folder, [last], words)
        found.append((needs(db), [version.content for version in quarantine.find(db, code).versions]))
    assert found[0] == found[1]


KEYS = [new_id() for _ in range(2)]
BRIDGE = Card("device", "Bridge", bytes(32))
tallies = some.builds(
    lambda key, people: (key, DAY, "camp", "food", people), some.sampled_from(KEYS), some.integers(1, 3)
)
bundles = some.lists(tallies, min_size=1, max_size=2, unique_by=lambda row: row[0])


@some.composite
def settlements(draw):
    """One as another copy of the branch may have made it: of some versions, of which one is kept or none."""
    key = draw(some.sampled_from(KEYS))
    seen = [json.dumps([key, DAY, "camp", "food", people], separators=(",", ":")) for people in (1, 2, 3)]
    seen = draw(some.sets(some.sampled_from(seen), min_size=2))
    kept = draw(some.sampled_from(["", *sorted(seen)]))
    return (
        draw(some.uuids()).hex,
        "tally",
        key,
        json.dumps(sorted(seen)),
        kept,
        draw(some.integers(1, 2)),
        1,
        DAY,
        "asked",
    )


def after(events):
    """The tallies that count after bundles and settlements in this order."""
    db = open_in_memory()
    BRANCH.apply(db)
    with transaction(db):
        devices.accept(db, BRIDGE)
    for number, event in enumerate(events):
        if isinstance(event, tuple):
            with transaction(db):
                db.conn.execute("INSERT INTO settlement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", event)
                if db.conn.execute("SELECT 1 FROM quarantine WHERE key = ?", [event[2]]).fetchone():
                    quarantine.put_back(db, "tally", event[2])
            continue
        staging.make(db)
        with staging.whole_file(db):
            staging.put(db, 1, "tally", list(map(list, zip(*event, strict=True))))
        with transaction(db):
            before = origins.last_number(db)
            origins.note_bundle(db, before + 1, origins.Bundle(f"{number:064}", BRIDGE.id, 1, "0" * 64, DAY, "trusted"))
            unite(db, before)
    found = sorted(db.conn.execute("SELECT id, people FROM tally").fetchall())
    waits = {case.key for case in quarantine.cases(db)}
    db.close()
    return found, waits


@settings(max_examples=100, deadline=None)
@given(
    some.lists(bundles, min_size=1, max_size=4),
    some.lists(settlements(), max_size=3, unique_by=lambda row: row[0]),
    some.data(),
)
def test_what_counts_is_a_function_of_the_bundles_and_settlements(some_bundles, some_settlements, data):
    events = [*some_bundles, *some_settlements]
    order = data.draw(some.permutations(list(range(len(events)))))
    assert after([events[place] for place in order]) == after(events)
