"""The same word, typed on many keyboards."""

import pytest

from fieldref.guide.folding import fold, parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أوراق إسعاف آب", "اوراق اسعاف اب"),  # hamza on its seat
        ("مُتَرْجِمٌ", "مترجم"),  # vowel marks
        ("مــاء", "ماء"),  # a stretched line
        ("مدرسة مستشفى", "مدرسه مستشفي"),
        ("کتاب یک", "كتاب يك"),  # Persian keyboard, Arabic keyboard
        ("گھر پہ یہاں", "كهر په يهان"),  # Urdu
        ("ۀ", "هٔ"),  # one code point or two
        ("সময়", "সময়"),  # one code point or two
        ("সময়", "সময"),  # the dot below
        ("কোথায়", "কোথায়"),  # a vowel sign of one or two
        ("কর্ম", "কর্‌ম"),  # hasanta with something unseen after it
        ("ডাক্তার", "ডাকতার"),
        ("দাঁত পানী", "দাত পানি"),
        ("École ÇA Œuvre", "ecole ca oeuvre"),
        ("Niño", "nino"),
        ("١٢ ۱۲ ১২", "12 12 12"),
        ("STRASSE", "straße"),
    ],
)
def test_two_ways_to_write_a_word_are_one(one: str, other: str) -> None:
    assert fold(one).replace("\u200c", "") == fold(other).replace("\u200c", "")


@pytest.mark.parametrize(("one", "other"), [("ماء", "ما"), ("পানি", "পান"), ("peur", "pour")])
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_a_word_is_cut_only_where_it_is_joined() -> None:
    assert parts("Wi-Fi, l'eau; خانواده‌ام") == [("wi", "fi"), ("l",), ("eau",), ("خانواده", "ام")]


def test_marks_that_nobody_sees_do_not_cut_a_word() -> None:
    assert parts("a\u200fb \u2066cd\u2069") == [("ab",), ("cd",)]
