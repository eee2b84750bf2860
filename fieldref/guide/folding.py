"""Words as people type them: marks, letter forms and digits of many scripts folded to one for searching."""

import re
import unicodedata

# Letters that one keyboard writes one way and the next another: Arabic, Persian, Urdu, Pashto, Sorani.
LETTERS = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",
        "ى": "ي", "ی": "ي", "ې": "ي", "ۍ": "ي", "ئ": "ي", "ے": "ي",
        "ک": "ك", "گ": "ك", "ګ": "ك",
        "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۀ": "ه", "ؤ": "و", "ۆ": "و",
        "ء": None, "ـ": None, "\u200c": None, "\u200d": None, "’": None, "'": None,
        "ß": "ss", "œ": "oe", "æ": "ae", "ı": "i",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """Return *text* with case, marks, look-alike letters and foreign digits folded away.

    Letters are replaced before they are decomposed: after it, أ would be ا and a mark, and the table's أ would
    match nothing. Vowel signs of Bengali and Burmese are kept: without them other words are meant.
    """
    plain = unicodedata.normalize("NFC", text).translate(LETTERS)
    decomposed = unicodedata.normalize("NFKD", plain.casefold()).translate(LETTERS)
    kept = (letter for letter in decomposed if not _is_mark(letter))
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in kept)


def words(text: str) -> list[str]:
    """Return the folded words of *text* in their order."""
    return re.findall(r"[\w\u0900-\u0dff\u1000-\u109f]+", fold(text))


def _is_mark(letter: str) -> bool:
    return unicodedata.combining(letter) != 0 and not "\u0900" <= letter <= "\u109f"
