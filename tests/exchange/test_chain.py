import shutil

import pytest

from fieldref.exchange import chain, pairing, taking
from fieldref.exchange.keys import open_branch
from fieldref.exchange.merge import merge_files
from fieldref.register.records import Referral


@pytest.fixture
def troubles(branch, words, open_books):
    """Merge these files and say what is missing or contradictory then."""

    def merge(*paths):
        results = merge_files(branch, paths, words)
        assert {result.state for result in results} <= {"new", "already here"}
        return chain.troubles(open_books(branch))

    return merge


def test_a_whole_chain_is_no_trouble_in_any_order(troubles, safe_point, branch, close_with):
    bundles = [close_with(safe_point, Referral()) for _ in range(3)]
    assert troubles(*reversed(bundles)) == []


def test_a_gap_is_reported_until_it_is_filled(troubles, safe_point, branch, close_with):
    first, second, third, fourth = (close_with(safe_point, Referral()) for _ in range(4))
    assert troubles(second) == ["Bridge: bundle 1 is missing"]
    assert troubles(first, fourth) == ["Bridge: bundle 3 is missing"]
    assert troubles(third) == []


def test_a_fork_is_reported_and_both_are_merged(troubles, safe_point, branch, close_with, tmp_path):
    """Somebody copied the box, and both copies were used."""
    first = close_with(safe_point, Referral())
    copy = tmp_path / "copy"
    shutil.copytree(safe_point, copy)
    seconds = [close_with(folder, Referral()) for folder in (safe_point, copy)]
    assert troubles(first, *seconds) == ["Bridge: there are several different bundles 2 (a copied or restored box?)"]


def test_a_bundle_that_follows_another_than_the_one_here_is_reported(
    troubles, safe_point, branch, close_with, tmp_path
):
    close_with(safe_point, Referral())
    copy = tmp_path / "copy"
    shutil.copytree(safe_point, copy)
    close_with(safe_point, Referral())
    third = close_with(safe_point, Referral())
    other_second = close_with(copy, Referral())
    said = troubles(safe_point / "outbox" / min(p.name for p in (copy / "outbox").iterdir() if p != other_second))
    assert said == []
    assert troubles(other_second, third) == ["Bridge: bundle 3 does not follow the bundle 2 that is here"]


@pytest.fixture
def state(troubles, branch, open_books):
    """The state of the safe-point Bridge after these files were merged."""

    def merge(*paths):
        troubles(*paths)
        [found] = chain.safe_points(open_books(branch))
        return found

    return merge


def test_a_safe_point_that_sent_nothing_yet_is_there(state):
    assert (state().name, state().last, state().day, state().clock) == ("Bridge", 0, "", "")


def test_the_state_says_the_last_bundle_its_day_and_its_clock(state, safe_point, close_with):
    first, second, third = (close_with(safe_point, Referral()) for _ in range(3))
    found = state(first, third)
    assert (found.bundles, found.last, found.gaps) == (2, 3, ((2, 2),))
    assert found.day
    assert found.clock in ("trusted", "untrusted")
    whole = state(second)
    assert (whole.gaps, whole.forks, whole.strays) == ((), (), ())


def test_the_state_says_which_guide_was_served_when_the_last_bundle_was_closed(
    state, safe_point, branch, close_with, little_pack
):
    own = close_with(safe_point, Referral())
    taking.take(safe_point, little_pack(branch, 7, "Seventh"))
    later = close_with(safe_point, Referral())
    assert [state(*files).edition for files in ([], [own], [later], [own])] == [None, 0, 7, 7]


def test_a_guide_that_is_damaged_keeps_no_shift_open(state, safe_point, branch, close_with):
    (safe_point / "guide.db").write_bytes(b"no guide" * 1000)
    assert state(close_with(safe_point, Referral())).edition == 0


def test_a_branch_of_before_keeps_its_bundles_and_does_not_know_their_guides(
    safe_point, branch, close_with, words, open_books
):
    merge_files(branch, [close_with(safe_point, Referral())], words)
    db = open_books(branch)
    db.conn.execute("ALTER TABLE bundle DROP COLUMN edition")
    db.conn.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '%editions'")
    db.conn.commit()
    [found] = chain.safe_points(open_books(branch))
    assert (found.last, found.edition) == (1, None)


def test_a_box_restored_from_a_copy_is_a_fork_from_there_on(state, safe_point, branch, close_with, tmp_path):
    first, copy = close_with(safe_point, Referral()), tmp_path / "copy"
    shutil.copytree(safe_point, copy)
    lost = close_with(safe_point, Referral())
    again = [close_with(copy, Referral()) for _ in range(2)]
    found = state(first, lost, *again)
    assert (found.last, found.gaps, found.forks, found.strays) == (3, (), (2,), ())


def test_a_revoked_safe_point_says_so(state, safe_point, branch, close_with, words):
    found = state(close_with(safe_point, Referral()))
    assert not found.revoked
    pairing.revoke(branch, "Bridge", open_branch(branch, words))
    assert state().revoked
