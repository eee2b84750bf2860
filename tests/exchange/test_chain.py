import shutil

import pytest

from fieldref.exchange import chain
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
    assert troubles(first, *seconds) == ["Bridge: there are 2 different bundles 2 (a copied or restored box?)"]


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
