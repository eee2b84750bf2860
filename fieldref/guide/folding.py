"""Words as people type them: marks, letter forms and digits of many scripts folded to one for searching."""

import re
import unicodedata

# Letters that one keyboard writes one way and the next another: Arabic, Persian, Urdu, Pashto, Sorani. A hamza that
# stands alone is kept: without it, water (ماء) would be the word for "what" (ما).
ARABIC = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",
    "ى": "ي", "ی": "ي", "ې": "ي", "ۍ": "ي", "ئ": "ي", "ے": "ي", "ۓ": "ي",
    "ک": "ك", "گ": "ك", "ګ": "ك",
    "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۀ": "ه", "ۂ": "ه", "ۃ": "ه",
    "ؤ": "و", "ۆ": "و", "ں": "ن", "ـ": None,
}  # fmt: skip
# Sounds that Bengali writes in two ways and people mix; the dot below, the hasanta and the moon-and-dot are left out
# as often as they are typed, so nobody can be made to type them.
BENGALI = {
    "ঈ": "ই", "ী": "ি", "ঊ": "উ", "ূ": "ু", "ণ": "ন", "ষ": "শ", "ৎ": "ত",
    "\u09bc": None, "\u09cd": None, "\u0981": None,
}  # fmt: skip
LATIN = {"ß": "ss", "œ": "oe", "æ": "ae", "ı": "i"}
LETTERS = str.maketrans({**ARABIC, **BENGALI, **LATIN})

# What holds the parts of one word together, or is left out, or is a space: no two people type it the same.
JOINERS = "\u200c\u2010\u2011-"
_PART = r"[^\W_\u200c](?:\w|[\u0900-\u0dff\u1000-\u109f])*"
_WORD = re.compile(f"{_PART}(?:[{JOINERS}]{_PART})*")
_JOINER = re.compile(f"[{JOINERS}]")


def fold(text: str) -> str:
    """Return *text* with case, marks, look-alike letters and foreign digits folded away.

    Letters are replaced before they are decomposed: after it, أ would be ا and a mark, and the table's أ would
    match nothing. Vowel signs of Bengali and Burmese are kept: without them other words are meant. The zero width
    non-joiner is kept too; `parts` knows what it means.
    """
    plain = unicodedata.normalize("NFC", text).translate(LETTERS)
    decomposed = unicodedata.normalize("NFKD", plain.casefold()).translate(LETTERS)
    kept = (letter for letter in decomposed if not _is_left_out(letter))
    return unicodedata.normalize("NFC", "".join(str(unicodedata.decimal(letter, letter)) for letter in kept))


def parts(text: str) -> list[tuple[str, ...]]:
    """Return the folded words of *text* in their order, cut where a joiner holds it together: wi, fi."""
    return [tuple(_JOINER.split(word)) for word in _WORD.findall(fold(text))]


def _is_left_out(letter: str) -> bool:
    if unicodedata.combining(letter) != 0:
        return not "\u0900" <= letter <= "\u109f"
    # Marks of direction and joining that nobody sees, except the one that cuts a Persian word in two.
    return unicodedata.category(letter) == "Cf" and letter != "\u200c"
