"""Has a bundle's payload read by a child process, and believes no value of it that the vocabulary lacks."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from fieldref.columns import is_day
from fieldref.exchange.kinds import KINDS
from fieldref.exchange.payload import FORMATS, META, TABLES
from fieldref.folders import PACKAGE
from fieldref.refusal import Refusal

SECONDS = 30
SECRETS = ("FIELDREF_PASSPHRASE", "FIELDREF_PIN")

Values = tuple[str | int, ...]


class PayloadRefused(Refusal):
    """What a bundle holds is not what a safe-point records."""


@dataclass(frozen=True)
class Contents:
    """A bundle's shift (its day, "trusted" or "untrusted" clock) and its checked rows: (table, values)."""

    day: str
    clock: str
    rows: tuple[tuple[str, Values], ...]


def read_payload(payload: bytes) -> Contents:
    """Return what *payload* holds. Raises PayloadRefused; this process never opens it itself."""
    lines = [json.loads(line) for line in _child(payload).splitlines()]
    if not lines or lines.pop() != ["end"]:
        raise PayloadRefused("reading it stopped halfway")
    meta = dict(line[1:] for line in lines if line[0] == "meta")
    rows = tuple((line[0], tuple(line[1:])) for line in lines if line[0] != "meta")
    _check_meta(meta, {line[0] for line in lines})
    for table, values in rows:
        _check(table, values)
    return Contents(meta["day"], meta["clock"], rows)


def _child(payload: bytes) -> bytes:
    # -P and our own path: a stick's folder, where one may stand, must not offer a module of the same name.
    command = [sys.executable, "-P", "-m", "fieldref.exchange.reader"]
    around = {name: value for name, value in os.environ.items() if name not in SECRETS}
    around["PYTHONPATH"] = str(PACKAGE.parent)
    try:
        done = subprocess.run(  # noqa: S603 (our own module)
            command, input=payload, env=around, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise PayloadRefused("reading it takes too long") from None
    if done.returncode != 0:
        raise PayloadRefused("the database inside is not one that fieldref made")
    return done.stdout


def _check_meta(meta: dict[str, str], tables: set[str]) -> None:
    known_formats = {str(number): names for number, names in FORMATS.items()}
    if meta.get("format") not in known_formats:
        raise PayloadRefused("it was made by a newer fieldref: update this one first")
    known = set(meta) == set(META) and is_day(meta["day"]) and meta["clock"] in ("trusted", "untrusted")
    if not known or not tables <= set(known_formats[meta["format"]]):
        raise PayloadRefused("what it says of its shift cannot be")


def _check(table: str, values: Values) -> None:
    by_name = {column.name: column for column in KINDS[table]}
    for name, value in zip(TABLES[table], values, strict=True):
        if not by_name[name].allows(value):
            raise PayloadRefused(f"a {table} holds a {name} that is not in the vocabulary (or is newer than it)")
