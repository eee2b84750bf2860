"""A grid of rows on one page: how its fields are named, read, and sent once."""

from collections.abc import Sequence

from flask import request

LONGEST = 60  # letters of one cell


def rows_of(fields: Sequence[str], most: int) -> list[dict[str, str]]:
    """Return the rows of the grid that was sent, at most *most*: field `code-3` is the code of row 3."""
    return [{name: request.form.get(f"{name}-{row}", "")[:LONGEST] for name in fields} for row in range(most)]


def blank(fields: Sequence[str], rows: int) -> list[dict[str, str]]:
    """Return *rows* empty rows."""
    return [dict.fromkeys(fields, "") for _ in range(rows)]
