"""A new passphrase: made of six words, or chosen and not among the first that anybody tries.

What is refused are those that guessing programs begin with: short ones, well-known ones, one thing over and over, a
walk over the keyboard. No other rules: length is what counts.
"""

import re
import secrets
from functools import cache
from itertools import pairwise
from pathlib import Path

from fieldref.register.passphrase import PassphraseRefused

HERE = Path(__file__).parent
SHORTEST = 15  # characters
WORDS = 6  # of a list of 1,296 or more: at least 62 bits
FEWEST = 6  # different characters
WALKED = 0.7  # of all steps, from which it is a walk
ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertz", "azertyuiop", "qsdfghjklm", "wxcvbn")


def generated() -> str:
    """A new passphrase: six random words."""
    return " ".join(secrets.choice(words()) for _ in range(WORDS))


def check_new(passphrase: str) -> None:
    """Raise PassphraseRefused unless *passphrase* may protect a new key."""
    plain = passphrase.casefold().strip()
    if len(plain) < SHORTEST:
        raise PassphraseRefused(f"a passphrase has at least {SHORTEST} characters; six everyday words are good")
    bare = re.sub(r"[\W_]", "", plain)
    # Who must have a figure or a sign in it puts it at an end.
    core = bare.strip("0123456789")
    if len(set(plain)) < FEWEST or bare in worst() or core in worst() or _repeats(core) or _walks(bare):
        raise PassphraseRefused("this passphrase is one of the first to be guessed; six everyday words are good")


@cache
def words() -> tuple[str, ...]:
    """The words that passphrases are made of: plain, short, and no two a slip of one letter apart."""
    return tuple((HERE / "words.txt").read_text("ascii").split())


@cache
def worst() -> frozenset[str]:
    """Well-known ones that are long enough, without spaces and signs."""
    return frozenset((HERE / "worst.txt").read_text("ascii").split())


def _repeats(text: str) -> bool:
    """Whether *text* is one thing twice or more, the last time perhaps not to its end; or no letter at all."""
    return text in (text + text)[1:-1] or any(
        text == (text[:n] * len(text))[: len(text)] for n in range(len(text) // 2)
    )


def _walks(text: str) -> bool:
    """Whether most steps of *text* go to a neighbour: on a keyboard, in the alphabet, among the figures."""
    steps = list(pairwise(text))
    return sum(_is_near(one, other) for one, other in steps) >= WALKED * len(steps)


def _is_near(one: str, other: str) -> bool:
    return abs(ord(one) - ord(other)) <= 1 or other in _near().get(one, ())


@cache
def _near() -> dict[str, frozenset[str]]:
    """The keys beside, above and below each key, on the keyboards of several countries."""
    found: dict[str, set[str]] = {}
    for row in ROWS:
        for one, other in pairwise(row):
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    for upper, lower in pairwise(ROWS[:4]):
        for place, key in enumerate(upper):
            for other in lower[max(place - 1, 0) : place + 1]:
                found.setdefault(key, set()).add(other)
                found.setdefault(other, set()).add(key)
    return {key: frozenset(near) for key, near in found.items()}
