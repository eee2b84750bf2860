"""The rule for numbers that leave the branch: 1 to 4 people are never told apart, by no detour either.

A cell of 1 to 4 is shown as "<5". A total is the sum of the cells that are shown, so that no subtraction
gives a hidden one back, and is therefore "at least". What remains is the difference between two tables of
periods that overlap: give out closed periods that do not.
"""

from collections.abc import Iterable, Sequence

LEAST = 5
HIDDEN = f"<{LEAST}"


def cell(number: int, *, exact: bool = False) -> str:
    """Return *number* as a cell shows it."""
    return HIDDEN if 0 < number < LEAST and not exact else str(number)


def total(numbers: Iterable[int], *, exact: bool = False, at_least: str = ">= ") -> str:
    """Return the total of the cells *numbers* as it may stand beside them."""
    if exact:
        return str(sum(numbers))
    return f"{at_least}{sum(number for number in numbers if number >= LEAST)}"


def lines(
    counts: Sequence[Sequence[int]], head: list[str], names: list[str], whole: str, at_least: str, *, exact: bool
) -> list[list[str]]:
    """Return *counts* as a table under *head*: each row after its name, with its total; last the totals: *whole*."""

    def summed(numbers: Iterable[int]) -> str:
        return total(numbers, exact=exact, at_least=at_least)

    body = [
        [name, *(cell(number, exact=exact) for number in numbers), summed(numbers)]
        for name, numbers in zip(names, counts, strict=True)
    ]
    everything = [number for numbers in counts for number in numbers]
    return [head, *body, [whole, *map(summed, zip(*counts, strict=True)), summed(everything)]]
