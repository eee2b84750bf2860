"""What a column may hold, asked one by one, all at once, and of SQLite, is one answer."""

import random
import sqlite3

import pytest

from fieldref import vocabulary
from fieldref.database import open_in_memory
from fieldref.exchange.kinds import KINDS
from fieldref.register.codes import ALPHABET, are_codes, is_code, new_code, new_id

COLUMNS = {f"{kind}.{column.name}": column for kind, columns in KINDS.items() for column in columns}
CODE = new_code()
VALUES = [
    *sorted({code for codes in vocabulary.CODES.values() for code in codes}),
    *(new_code() for _ in range(50)),
    *(new_id() for _ in range(50)),
    *(CODE.lower(), CODE[:-1], CODE + "0", f"{CODE[:-1]}{'1' if CODE[-1] == '0' else '0'}", f"{CODE}\n"),
    *("0" * 31, "é" * 32),
    *("2026-11-22", "2026-02-30", "2026-11-22T10:15", "rights/asylum", "harbour-kitchen-meals", "Amina", "", "x" * 65),
    *("\0" * 13, "0" * 13, "٣" * 13, "ar", "\ud800"),
    *(0, 1, 5, 10_000, 10_001, 2**63, -1, True, False, 1.0, 1.5, float("nan"), None, b"ar", ["ar"], {}),
]  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
def test_one_by_one_and_all_at_once_is_one_answer(name: str) -> None:
    column, good = COLUMNS[name], []
    for value in VALUES:
        # Asked of many, a float is not a whole number and True is not 1, whatever Python thinks.
        one = type(value) in (str, int) and column.allows(value)
        assert column.allows_all([value]) == one, value
        good += [value] * one
    assert good
    assert column.allows_all(good)
    assert column.allows_all([])
    for bad in (value for value in VALUES if not column.allows_all([value])):
        assert not column.allows_all([*good, bad])


@pytest.mark.parametrize("name", COLUMNS)
def test_sqlite_takes_all_that_is_allowed(name: str) -> None:
    """When bundles are merged it is not asked again."""
    column, db = COLUMNS[name], open_in_memory()
    db.conn.execute(f"CREATE TABLE one ({column.ddl()}) STRICT")
    for value in VALUES:
        if column.allows_all([value]):
            db.conn.execute("INSERT INTO one VALUES (?)", [value])
    with pytest.raises(sqlite3.IntegrityError):
        db.conn.execute("INSERT INTO one VALUES (?)", [b"?" if column.type == "TEXT" else 2**40])
    db.close()


def test_a_wrong_check_among_many_codes_is_found_wherever_it_stands() -> None:
    chance = random.Random(13)  # noqa: S311 (the same mistakes each time)
    for _ in range(500):
        codes = [new_code() for _ in range(chance.randint(1, 20))]
        assert are_codes(codes)
        which, place = chance.randrange(len(codes)), chance.randrange(13)
        wrong = (
            codes[which][:place] + chance.choice(ALPHABET.replace(codes[which][place], "")) + codes[which][place + 1 :]
        )
        assert not is_code(wrong)
        assert not are_codes([*codes[:which], wrong, *codes[which + 1 :]])
