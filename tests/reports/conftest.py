"""A shift that was closed, and the branch that reports it."""

import pytest

from fieldref.exchange.branch import open_branch_register
from fieldref.exchange.bundle import close_shift
from fieldref.exchange.merge import merge_files


@pytest.fixture
def merged(branch, safe_point, open_shift, words):
    """Close the open shift, merge it, and return the branch's register."""
    opened = []

    def close_and_merge():
        merge_files(branch, [close_shift(safe_point, words).file], words)
        opened.append(open_branch_register(branch))
        return opened[-1]

    yield close_and_merge
    for db in opened:
        db.close()
