"""What a bundle's payload holds, as far as it may be believed: no value of it that the vocabulary lacks."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from fieldref.columns import is_day
from fieldref.exchange.confined import Confined, PayloadRefused
from fieldref.exchange.kinds import KINDS
from fieldref.exchange.payload import FORMATS, META, TABLES

SMALLEST_ROW = 16  # bytes of a payload
_EDITION = re.compile(r"0|[1-9][0-9]{0,9}")  # up to payload.NEWEST_EDITION

Column = list[str | int]
Take = Callable[[str, list[Column]], None]


@dataclass(frozen=True)
class Shift:
    """The shift of a bundle: its day, its clock ("trusted" or "untrusted"), and in which format it was written.

    `edition` is that of the guide that was served at its end, 0 for a guide of the safe-point's own files; None where
    the format does not say it.
    """

    day: str
    clock: str
    format: int
    edition: int | None


def read_payload(payload: bytes, confined: Confined, take: Take) -> Shift:
    """Call *take* with each table and a few thousand checked rows of it, by columns; return whose they are.

    This process never opens *payload* itself. Raises PayloadRefused, perhaps after *take* was called: then
    nothing of what it got may be kept.
    """
    room = len(payload) // SMALLEST_ROW
    with confined.answer(payload) as lines:
        try:
            its_shift = _shift(*next(lines))
            for table, *columns in lines:
                _check(table, columns, FORMATS[its_shift.format])
                room -= len(columns[0])
                if room < 0:
                    raise PayloadRefused("it holds more than fits into it")
                take(table, columns)
        except (StopIteration, ValueError, TypeError, KeyError, IndexError, RecursionError):
            raise PayloadRefused("what was read of it makes no sense") from None
    return its_shift


def _shift(table: str, names: Column, values: Column) -> Shift:
    meta = {str(name): str(value) for name, value in zip(names, values, strict=True)}
    if table != "meta" or "format" not in meta:
        raise PayloadRefused("it does not say whose shift it is")
    if meta["format"] not in map(str, FORMATS):  # first of all: a newer one may say other things of itself
        raise PayloadRefused("it was made by a newer fieldref: update this one first")
    number = int(meta["format"])
    if set(meta) != set(META[number]):
        raise PayloadRefused("it does not say whose shift it is")
    edition = meta.get("edition")
    sound = is_day(meta["day"]) and meta["clock"] in ("trusted", "untrusted")
    if not sound or (edition is not None and not _EDITION.fullmatch(edition)):
        raise PayloadRefused("what it says of its shift cannot be")
    return Shift(meta["day"], meta["clock"], number, None if edition is None else int(edition))


def _check(table: str, columns: list[Column], its_format: dict[str, tuple[str, ...]]) -> None:
    if table not in its_format or table == "meta" or len(set(map(len, columns))) != 1:
        raise PayloadRefused("what it holds is not of its format")
    by_name = {column.name: column for column in KINDS[table]}
    for name, values in zip(TABLES[table], columns, strict=True):
        if not by_name[name].allows_all(values):
            raise PayloadRefused(f"a {table} holds a {name} that is not in the vocabulary (or is newer than it)")
