"""A branch's secret keys as words on paper, and back: for the day when the laptop or the passphrase is gone.

Eight bytes are a line of nine words; the ninth is a check of the line and its number, so that a slip of the pen is
found in the line where it is. Each 64 bytes are eight lines. The last line has five words: four check everything
together, the fifth checks the line. A QR code holds the same words, the first four letters of each.
"""

import difflib
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from fieldref import settings
from fieldref.database import write_whole
from fieldref.exchange import keys
from fieldref.exchange.branch import make_branch
from fieldref.exchange.cards import Card, read_card
from fieldref.exchange.keys import BRANCH_CARD, BRANCH_KEY_FILE, BRANCH_KEYS, PAIR
from fieldref.exchange.words import BYTES, LETTERS, WORDS
from fieldref.refusal import Refusal
from fieldref.register import passphrase, strength

LINE = 8  # bytes
LAST = 4
LONGEST = 20_000  # characters that are looked at
SPOKEN = re.compile(r"[^\W\d_]+")


class WordsRefused(Refusal):
    """These are not the words of a paper backup; the message says in which line."""


def lines(secret: bytes) -> list[str]:
    """Return *secret* (64 bytes for each keys that a branch had) as lines of words."""
    pieces = [secret[start : start + LINE] for start in range(0, len(secret), LINE)] + [_digest(secret)]
    return [" ".join(WORDS[byte] for byte in (*piece, _check(number, piece))) for number, piece in enumerate(pieces, 1)]


def scanned(secret: bytes) -> str:
    """Return *secret* as a QR code holds it: `read` takes it like the words."""
    return " ".join(word[:LETTERS] for line in lines(secret) for word in line.split()).upper()


def read(text: str) -> bytes:
    """Return the secret whose words stand in *text*, typed line by line, or scanned as one.

    Capitals, numbers before the lines, and what follows the first four letters of a word do not matter.
    Raises WordsRefused.
    """
    pieces = [read_line(number, line) for number, line in enumerate(_split(text), 1)]
    if not pieces or len(pieces[-1]) != LAST or any(len(piece) != LINE for piece in pieces[:-1]):
        raise WordsRefused("these are not all lines: the last has five words, every other has nine")
    secret = b"".join(pieces[:-1])
    if not secret or len(secret) % PAIR:
        raise WordsRefused(f"there are {len(pieces) - 1} lines of nine words; it must be 8, or 16, or 24 ...")
    if pieces[-1] != _digest(secret):
        raise WordsRefused("each line is right by itself, but not together: are they all from one sheet, in order?")
    return secret


def read_line(number: int, line: str) -> bytes:
    """Return the bytes of the *number*-th line. Raises WordsRefused, which says what is wrong in it."""
    words = SPOKEN.findall(line.lower())
    for place, word in enumerate(words, 1):
        if word[:LETTERS] not in BYTES:
            like = difflib.get_close_matches(word, WORDS, 1)
            meant = f"; do you mean {like[0]}?" if like else ""
            raise WordsRefused(f'line {number}, word {place}: "{word[:20]}" is not one of the words{meant}')
    if len(words) not in (LINE + 1, LAST + 1):
        raise WordsRefused(f"line {number} has {len(words)} words; it must have nine, the last line five")
    *piece, check = (BYTES[word[:LETTERS]] for word in words)
    if check != _check(number, bytes(piece)):
        raise WordsRefused(f"line {number} does not add up: one of its words is another one, or two are swapped")
    return bytes(piece)


def restore(folder: Path, name: str, secret: bytes, words: str) -> Card:
    """Make the branch of *secret* anew in *folder*, under the new passphrase *words*; return its card.

    *folder* is new, or the branch's own, whose passphrase was forgotten: then what it has merged is still there.
    Raises PassphraseRefused, WordsRefused for what is no key, and Refusal for a folder of somebody else.
    """
    strength.check_new(words)
    if not (folder / settings.FILE_NAME).exists():
        return make_branch(folder, name, words, secret)
    card = read_card(folder / BRANCH_CARD, "branch")
    if card.id != keys.branch_keys(card.name, secret).card.id:
        raise Refusal(f"{folder} is another branch than this paper's, or has changed its keys since; name a new folder")
    write_whole(folder / BRANCH_KEY_FILE, passphrase.wrap(secret, words, BRANCH_KEYS))
    return card


def _split(text: str) -> Iterator[str]:
    if len(text) > LONGEST:
        raise WordsRefused("this is too long to be a paper backup")
    written = [line for line in text.splitlines() if SPOKEN.search(line)]
    if len(written) != 1:
        return iter(written)
    words = SPOKEN.findall(written[0])
    return (" ".join(words[start : start + LINE + 1]) for start in range(0, len(words), LINE + 1))


def _check(number: int, piece: bytes) -> int:
    return hashlib.sha256(b"fieldref backup line" + bytes([number % 256]) + piece).digest()[0]


def _digest(secret: bytes) -> bytes:
    return hashlib.sha256(b"fieldref backup" + secret).digest()[:LAST]
