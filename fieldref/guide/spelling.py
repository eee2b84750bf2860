"""Words one slip of a finger away: for when nothing at all fits what was typed."""

from collections.abc import Iterable

SHORTEST = 3  # letters; shorter words are all one slip apart from each other


def neighbours(word: str, known: Iterable[str]) -> list[str]:
    """Return those of *known* that are one slip away from *word*; none for a word of one or two letters."""
    if len(word) < SHORTEST:
        return []
    return [each for each in known if len(each) >= SHORTEST and one_slip_apart(word, each)]


def one_slip_apart(one: str, other: str) -> bool:
    """Whether one letter too many, too few, wrong, or two that changed places make *one* the *other*."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, other_rest = one[at:], other[at:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (len(rest) > 1 and rest[1] + rest[0] + rest[2:] == other_rest)
    )
