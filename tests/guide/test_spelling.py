"""One slip of a finger, and not two."""

import pytest

from fieldref.guide.spelling import neighbours, one_slip_apart


@pytest.mark.parametrize("typed", ["docter", "doctr", "doctoor", "dcotor", "octor", "doctors", "odctor"])
def test_one_letter_wrong_missing_too_many_or_changed_places(typed: str) -> None:
    assert one_slip_apart(typed, "doctor")
    assert one_slip_apart("doctor", typed)


@pytest.mark.parametrize("typed", ["doctor", "dcotro", "docto rs", "do", "", "rotcod"])
def test_the_word_itself_or_two_slips_are_not_one(typed: str) -> None:
    assert not one_slip_apart(typed, "doctor")


def test_a_very_short_word_has_no_neighbours() -> None:
    assert neighbours("ab", ["abc", "ac"]) == []
    assert neighbours("bad", ["bed", "bd", "bread"]) == ["bed"]
