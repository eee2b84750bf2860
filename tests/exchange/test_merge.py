import itertools
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from fieldref import voices
from fieldref.database import open_in_memory, transaction
from fieldref.exchange import branch as branches
from fieldref.exchange import devices, group, origins, records, staging
from fieldref.exchange.branch import BRANCH
from fieldref.exchange.cards import Card
from fieldref.exchange.kinds import KINDS
from fieldref.exchange.merge import merge_files
from fieldref.exchange.union import unite
from fieldref.register import schema
from fieldref.register.codes import new_code, new_id
from fieldref.register.records import Outcome, Referral, Tally, Withdrawal
from fieldref.voices import MissingService, PageView, Rating

DAY = "2026-11-22"


@pytest.fixture
def dump(open_books):
    """All that the register of a branch holds, in words."""
    return lambda branch: everything(open_books(branch))


def everything(db):
    """All that a branch knows: records without their bundle, and which record came in which bundles, by SHA-256."""
    sha256 = {row["number"]: row["sha256"] for row in db["bundle"].rows}
    told = {name: [] for name in db.table_names() if name != "_sqlite_migrations"}
    for name, rows in told.items():
        for row in db[name].rows:
            row |= {"bundle": sha256[row["bundle"]]} if "bundle" in row else {}
            row.pop("number", None)
            if name in KINDS:
                told["origin"].append(str({"kind": name, "key": next(iter(row.values())), "bundle": row.pop("bundle")}))
            rows.append(str(row))
    return {name: sorted(rows) for name, rows in told.items()}


@pytest.fixture
def rows(open_books):
    return lambda branch, table: list(open_books(branch)[table].rows)


@pytest.fixture
def three_bundles(branch, safe_point, new_safe_point, close_with, pair):
    """Of three safe-points, two of which recorded the same code and id differently, one of which repeats."""
    code, outcome = new_code(), new_id()
    same = Tally(need="food", people=12)
    bundles = []
    for name, need in (("Bridge", "food"), ("Harbour", "wash"), ("Station", "food")):
        folder = safe_point if name == "Bridge" else new_safe_point(name)
        pair(branch, folder)
        contested = Referral(code=code, need=need), Outcome(id=outcome, code=code, day="2026-11-22", status="accepted")
        own = Referral(), Withdrawal(record=code, reason="twice")
        bundles.append(close_with(folder, *contested, *own, same))
    return bundles


def test_three_bundles_in_all_orders_and_each_twice_leave_the_same_bytes(branch, three_bundles, tmp_path, words, dump):
    dumps = []
    for number, order in enumerate(itertools.permutations(three_bundles)):
        copy = tmp_path / f"branch-{number}"
        shutil.copytree(branch, copy)
        for path in order:
            merge_files(copy, [path], words)
        again = merge_files(copy, order, words)
        assert {result.state for result in again} == {"already here"}
        dumps.append(dump(copy))
    assert all(each == dumps[0] for each in dumps)


def test_what_contradicts_goes_to_quarantine_in_every_version(branch, three_bundles, words, rows):
    results = merge_files(branch, three_bundles, words)
    assert [result.quarantined for result in results] == [1, 1, 1]
    contested = [row for row in rows(branch, "quarantine") if row["kind"] == "referral"]
    assert {row["content"].count('"food"') for row in contested} == {0, 1}
    assert len(contested) == 3
    assert contested[0]["key"] not in {row["code"] for row in rows(branch, "referral")}


def test_what_agrees_is_there_once_with_all_its_origins(branch, three_bundles, words, rows):
    merge_files(branch, three_bundles, words)
    [tally] = rows(branch, "tally")
    again = [row["bundle"] for row in rows(branch, "origin") if row["key"] == tally["id"]]
    assert {tally["bundle"], *again} == {1, 2, 3}


def test_a_file_is_new_once_and_then_already_here(branch, safe_point, close_with, words):
    path = close_with(safe_point, Referral(), Tally())
    [first], [second] = (merge_files(branch, [path], words) for _ in range(2))
    assert (first.state, first.safe_point, first.sequence) == ("new", "Bridge", 1)
    assert first.counts == dict.fromkeys(KINDS, 0) | {"referral": 1, "tally": 1}
    assert (second.state, second.safe_point, second.counts) == ("already here", "Bridge", {})


def test_what_visitors_told_is_merged_by_the_same_rules(branch, safe_point, close_with, words, tmp_path, rows):
    view = PageView(page="rights/asylum", language="ar", count=20)
    said = [Rating(page="rights/asylum", language="ar", useful="yes"), MissingService(language="ar", need="wash"), view]
    voices.hear_all(safe_point, said)
    first = close_with(safe_point)
    # As after a power cut between the two deletions of closing: the same rows travel again.
    voices.hear_all(safe_point, said)
    second = close_with(safe_point)
    [one, two] = merge_files(branch, [second, first], words)
    assert [one.counts["page_view"], two.counts["page_view"], two.quarantined] == [1, 0, 0]
    assert [row["count"] for row in rows(branch, "page_view")] == [20]
    assert len(rows(branch, "rating")) == len(rows(branch, "missing_service")) == 1


def test_a_folder_stands_for_all_bundles_in_it(branch, safe_point, close_with, words):
    for _ in range(2):
        close_with(safe_point, Referral())
    (safe_point / "outbox" / "._shadow.bin").write_bytes(b"of another system")
    (safe_point / "outbox" / "letter.txt").write_bytes(b"hello")
    assert [r.state for r in merge_files(branch, [safe_point / "outbox"], words)] == ["new", "new"]


def test_one_refused_file_does_not_keep_the_others_out(branch, safe_point, close_with, words, tmp_path):
    good, bad = close_with(safe_point, Referral()), tmp_path / "bad.bin"
    bad.write_bytes(b"?")
    assert [r.state for r in merge_files(branch, [bad, good, bad], words)] == ["refused", "new", "refused"]


def test_a_cut_in_the_middle_of_merging_leaves_nothing_and_a_retry_everything(
    branch, safe_point, close_with, words, monkeypatch, dump
):
    path = close_with(safe_point, Referral(), Referral())
    before = dump(branch)
    with monkeypatch.context() as cut:
        cut.setattr(group, "unite", lambda *db_and_number: (unite(*db_and_number), 1 / 0))
        with pytest.raises(ZeroDivisionError):
            merge_files(branch, [path], words)
    assert dump(branch) == before
    assert merge_files(branch, [path], words)[0].counts["referral"] == 2


KEYS = [new_id() for _ in range(3)]
tallies = some.builds(
    lambda key, people: (key, "2026-11-22", "camp", "food", people), some.sampled_from(KEYS), some.integers(1, 2)
)
bundles_of_tallies = some.lists(tallies, max_size=4, unique_by=lambda row: row[0])


BRIDGE = Card("device", "Bridge", bytes(32))


def bundle_named(name):
    return origins.Bundle(name, BRIDGE.id, 1, "0" * 64, DAY, "trusted")


def united(groups):
    """All that a register holds after these groups of bundles, each {its name: its tallies}, were merged."""
    db = open_in_memory()
    BRANCH.apply(db)
    with transaction(db):
        devices.accept(db, BRIDGE)
    for some_bundles in groups:
        staging.make(db)
        new = [(name, rows) for name, rows in some_bundles.items() if not origins.known(db, name)]
        for number, (_, rows) in enumerate(new, 1):
            if rows:
                with staging.whole_file(db):
                    staging.put(db, number, "tally", list(map(list, zip(*rows, strict=True))))
        with transaction(db):
            before = origins.last_number(db)
            for number, (name, _) in enumerate(new, 1):
                origins.note_bundle(db, before + number, bundle_named(name))
            unite(db, before)
    found = everything(db)
    db.close()
    return found


@settings(max_examples=100, deadline=None)
@given(some.lists(bundles_of_tallies, min_size=1, max_size=4), some.data())
def test_merging_depends_on_the_set_of_bundles_and_on_nothing_else(bundles, data):
    """Idempotent, commutative and associative, with agreement and contradiction among few keys."""
    named = {f"{number:064}": rows for number, rows in enumerate(bundles)}
    order = data.draw(some.permutations(list(named) * 2))
    cuts = sorted(data.draw(some.sets(some.integers(0, len(order)))))
    groups = [order[start:end] for start, end in itertools.pairwise([0, *cuts, len(order)])]
    assert united([{name: named[name] for name in group} for group in groups]) == united([named])


def test_a_register_of_before_keeps_every_record_with_its_bundles():
    """Origins named bundles by their SHA-256, and lay beside every record."""
    db, first, second = open_in_memory(), "1" * 64, "2" * 64
    branches._bundles(db)
    schema.make_records(db)
    voices.make_voices(db)
    db.conn.execute("INSERT INTO device VALUES (?, 'Bridge', ?, 0)", [BRIDGE.id, bytes(32)])
    for name in (second, first):
        db.conn.execute("INSERT INTO bundle VALUES (?, ?, 1, ?, ?, 'trusted')", [name, BRIDGE.id, "0" * 64, DAY])
        db.conn.execute("INSERT INTO origin VALUES ('tally', ?, ?)", [KEYS[0], name])
    db.conn.execute("INSERT INTO tally VALUES (?, ?, 'camp', 'food', 3)", [KEYS[0], DAY])
    db.conn.execute("INSERT INTO quarantine VALUES ('tally', ?, ?, ?)", [KEYS[1], f'["{KEYS[1]}", 1]', first])
    origins.number_bundles(db)
    records.make(db)
    assert list(db["tally"].rows) == [
        {"id": KEYS[0], "day": DAY, "step": "camp", "need": "food", "people": 3, "bundle": 1}
    ]
    assert list(db["origin"].rows) == [{"kind": "tally", "key": KEYS[0], "bundle": 2}]
    assert list(db["quarantine"].rows) == [
        {"kind": "tally", "key": KEYS[1], "content": f'["{KEYS[1]}",1]', "bundle": 1}
    ]
    assert {row["number"]: row["sha256"] for row in db["bundle"].rows} == {1: first, 2: second}
    db.close()
