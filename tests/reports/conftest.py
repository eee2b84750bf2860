"""A shift that was closed, and the branch that reports it."""

import pytest

from fieldref.exchange.bundle import close_shift
from fieldref.exchange.merge import merge_files


@pytest.fixture
def merged(branch, safe_point, open_shift, words, open_books):
    """Close the open shift, merge it, and return the branch's register."""

    def close_and_merge():
        merge_files(branch, [close_shift(safe_point, words).file], words)
        return open_books(branch)

    return close_and_merge
