import itertools
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from fieldref import voices
from fieldref.database import open_in_memory
from fieldref.exchange import merge
from fieldref.exchange.branch import BRANCH
from fieldref.exchange.kinds import KINDS
from fieldref.exchange.merge import merge_files
from fieldref.exchange.reading import Contents
from fieldref.register.codes import new_code, new_id
from fieldref.register.records import Outcome, Referral, Tally, Withdrawal
from fieldref.voices import MissingService, PageView, Rating


@pytest.fixture
def dump(open_books):
    """All that the register of a branch holds, in words."""
    return lambda branch: everything(open_books(branch))


def everything(db):
    names = sorted(name for name in db.table_names() if name != "_sqlite_migrations")
    return db.schema, [(name, sorted(map(repr, db[name].rows))) for name in names]


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
    assert sum(result.quarantined for result in results) == 2
    contested = [row for row in rows(branch, "quarantine") if row["kind"] == "referral"]
    assert {row["content"].count('"food"') for row in contested} == {0, 1}
    assert len(contested) == 3
    assert contested[0]["key"] not in {row["code"] for row in rows(branch, "referral")}


def test_what_agrees_is_there_once_with_all_its_origins(branch, three_bundles, words, rows):
    merge_files(branch, three_bundles, words)
    [tally] = rows(branch, "tally")
    origins = [row for row in rows(branch, "origin") if row["key"] == tally["id"]]
    assert len({row["bundle"] for row in origins}) == 3


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
        cut.setattr(merge, "_note_origin", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            merge_files(branch, [path], words)
    assert dump(branch) == before
    assert merge_files(branch, [path], words)[0].counts["referral"] == 2


KEYS = [new_id() for _ in range(3)]
tallies = some.builds(
    lambda key, people: ("tally", (key, "2026-11-22", "camp", "food", people)),
    some.sampled_from(KEYS),
    some.integers(1, 2),
)
contents = some.lists(tallies, max_size=4, unique_by=lambda row: row[1][0]).map(
    lambda rows: Contents("2026-11-22", "trusted", tuple(rows))
)


def merged(bundles, order):
    db = open_in_memory()
    BRANCH.apply(db)
    for place in order:
        merge.add(db, bundles[place], f"{place:064}")
    found = everything(db)
    db.close()
    return found


@settings(max_examples=60, deadline=None)
@given(some.lists(contents, min_size=1, max_size=4), some.data())
def test_merging_depends_on_the_set_of_bundles_and_on_nothing_else(bundles, data):
    """Idempotent and commutative, with agreement and contradiction among few keys."""
    each_once = list(range(len(bundles)))
    order = data.draw(some.permutations(each_once * 2))
    assert merged(bundles, order) == merged(bundles, each_once)
