import itertools

import pytest

from fieldref.reports.small_numbers import cell, total


@pytest.mark.parametrize(("number", "shown"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (123, "123")])
def test_one_to_four_are_shown_alike(number, shown):
    assert cell(number) == shown
    assert cell(number, exact=True) == str(number)


def test_a_total_is_of_what_is_shown():
    assert total([7, 3, 0, 5]) == ">= 12"
    assert total([7, 3, 0, 5], at_least="at least ") == "at least 12"
    assert total([7, 3, 0, 5], exact=True) == "15"


def test_no_subtraction_gives_a_hidden_number_back():
    """Whatever hidden cells hold, the line looks the same: four values stay possible for each."""
    for others in itertools.product((0, 5, 9), repeat=2):
        lines = {(*map(cell, (hidden, *others)), total((hidden, *others))) for hidden in range(1, 5)}
        assert len(lines) == 1
