"""Slip codes and record ids: random, and forgiving to read aloud, copy by hand and type.

A slip code is 12 characters of Crockford's base 32 (60 random bits) and one check character of the same
32. The check is a Reed-Solomon symbol over GF(32): each place has its own weight, a power of 2 in that
field, so every single wrong character and every swap of two characters, neighbours or not, is noticed.
Crockford's own check (modulo 37) needs five signs that are neither letters nor figures; this needs none.
"""

import secrets
import unicodedata
from collections.abc import Sequence
from functools import reduce

from fieldref.columns import written_in
from fieldref.refusal import Refusal

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
SHAPE = f"[{ALPHABET}]{{{LENGTH + 1}}}"

_VALUE = {character: value for value, character in enumerate(ALPHABET)}
# What people write for it: small letters, O for nought, I or L for one.
_MEANT = {
    **_VALUE,
    **{c.lower(): v for c, v in _VALUE.items()},
    **dict.fromkeys("oO", 0),
    **dict.fromkeys("iIlL", 1),
}


class CodeError(Refusal):
    """This is not a slip code; the message says what to look at again."""


def new_code() -> str:
    """Return a new random slip code as it is stored: 13 characters, the last the check."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return body + ALPHABET[_check(body)]


def new_id() -> str:
    """Return a new random id (128 bits, hexadecimal) for a record that nobody has to read aloud."""
    return secrets.token_hex(16)


def printed(code: str) -> str:
    """Return a stored *code* as it is printed: K7QM-3XWF-9T2R-A."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(text: str) -> str:
    """Return the stored form of what somebody typed: any case, any separators, o for 0, i or l for 1.

    Raises CodeError where the length, a character or the check does not fit.
    """
    written = [character for character in western_digits(text) if character.isalnum()]
    for character in written:
        if character not in _MEANT:
            raise CodeError(f'"{character}" does not occur in a slip code; look at the slip again')
    code = "".join(ALPHABET[_MEANT[character]] for character in written)
    if len(code) != LENGTH + 1:
        raise CodeError(f"a slip code has {LENGTH + 1} letters and figures; this has {len(code)}")
    if not is_code(code):
        raise CodeError("one letter or figure of the slip code is wrong, or two are swapped; look at the slip again")
    return code


def is_code(value: object) -> bool:
    """Whether *value* is a slip code exactly as stored, with the right check character."""
    return (
        isinstance(value, str)
        and len(value) == LENGTH + 1
        and all(character in _VALUE for character in value)
        and ALPHABET[_check(value[:LENGTH])] == value[LENGTH]
    )


def are_codes(values: Sequence[str]) -> bool:
    """Whether `is_code` says yes to each of *values*, which is quick also for very many.

    Each place of all codes is weighed at once, and the weights of a code must add up to nought.
    """
    if not written_in(ALPHABET, LENGTH + 1, values):
        return False
    text, total = "".join(values).encode(), 0
    for place, weights in enumerate(_WEIGHTS):
        total ^= int.from_bytes(text[place :: LENGTH + 1].translate(weights), "big")
    return total == 0


def western_digits(text: str) -> str:
    """Return *text* with the figures of every script as 0 to 9: phones and keyboards differ."""
    return "".join(str(unicodedata.decimal(character, character)) for character in text)


def _check(body: str) -> int:
    total = 0
    for character in body:
        total = _double(total ^ _VALUE[character])
    return total


def _double(value: int) -> int:
    """Multiply by 2 in GF(32) with x^5 + x^2 + 1, in which 2 runs through all 31 non-zero values."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def _weights(place: int) -> bytes:
    """What each byte at *place* of a code adds to its check, as a table for bytes.translate."""
    weighed = bytearray(256)
    for character, value in _VALUE.items():
        weighed[ord(character)] = reduce(lambda so_far, _: _double(so_far), range(LENGTH - place), value)
    return bytes(weighed)


_WEIGHTS = tuple(map(_weights, range(LENGTH + 1)))
