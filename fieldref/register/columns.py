"""The tables of the register: what each column of a record may hold."""

import re
from collections.abc import Sequence

from fieldref import vocabulary
from fieldref.columns import (
    DAY,
    ID,
    LANGUAGE,
    Column,
    Columns,
    are_ids,
    coded,
    matches,
    number,
    of_vocabulary,
    random_id,
)
from fieldref.register import codes

MOST_PEOPLE = 10_000
SERVICE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def _code(name: str) -> Column:
    shape = f"length({name}) = 13 AND {name} NOT GLOB '*[^{codes.ALPHABET}]*'"
    return Column(name, "a slip code", shape, codes.is_code, many=codes.are_codes)


def _is_key(value: object) -> bool:
    return codes.is_code(value) or matches(ID, value)


def _are_keys(values: Sequence[str]) -> bool:
    of_slips = [value for value in values if len(value) == codes.LENGTH + 1]
    return codes.are_codes(of_slips) and are_ids([value for value in values if len(value) != codes.LENGTH + 1])


SERVICE_ID = Column(
    "service",
    'the id of a service in the guide (small letters, figures and . _ -), or "unsaid"',
    "length(service) BETWEEN 1 AND 64 AND service GLOB '[a-z0-9]*' AND service NOT GLOB '*[^a-z0-9._-]*'",
    lambda value: matches(SERVICE, value),
)
PEOPLE = number("people", MOST_PEOPLE)
RECORD = Column(
    "record",
    "the code or id of a record",
    "length(record) IN (13, 32) AND record NOT GLOB '*[^0-9A-Za-z]*'",
    _is_key,
    many=_are_keys,
)

# Every table of records; its first column is its random key.
RECORDS: dict[str, Columns] = {
    "referral": (
        _code("code"),
        DAY,
        *of_vocabulary("step", "need"),
        SERVICE_ID,
        *of_vocabulary("priority", "way", "sex", "age_band", "travelling", "disability"),
        LANGUAGE,
        *of_vocabulary("consent"),
    ),
    "outcome": (random_id("id"), _code("code"), DAY, *of_vocabulary("status", "reason")),
    "tally": (random_id("id"), DAY, *of_vocabulary("step", "need"), PEOPLE),
    "turned_away": (random_id("id"), DAY, *of_vocabulary("step", "need"), PEOPLE, *of_vocabulary("reason")),
    "withdrawal": (random_id("id"), RECORD, coded("reason", vocabulary.CODES["withdrawal"])),
}
