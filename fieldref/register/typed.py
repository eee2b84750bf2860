"""Codes of slips, typed into a grid, one a row. What is wrong is said in a code, for which a page has the words."""

from collections.abc import Mapping, Sequence

from fieldref.register.codes import CodeError, read_code

MISSING, WRONG, TWICE = "code_missing", "code_wrong", "code_twice"

Typed = Mapping[str, str]


def is_empty(row: Typed) -> bool:
    """Whether nothing was typed or chosen in *row*."""
    return not any(value.strip() for value in row.values())


def codes_of(rows: Sequence[Typed]) -> list[tuple[str, tuple[str, ...]]]:
    """Return for each of *rows* its stored code, or nothing, and what is wrong with it: at most one thing.

    A code that stood in an earlier row is wrong in the later one.
    """
    found: list[tuple[str, tuple[str, ...]]] = []
    for row in rows:
        code, problem = _code_of(row)
        if code and any(code == earlier for earlier, _ in found):
            code, problem = "", (TWICE,)
        found.append((code, problem))
    return found


def _code_of(row: Typed) -> tuple[str, tuple[str, ...]]:
    written = row.get("code", "").strip()
    if not written:
        return "", (MISSING,)
    try:
        return read_code(written), ()
    except CodeError:
        return "", (WRONG,)
