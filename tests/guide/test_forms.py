"""One word in the forms that a text may have it in."""

import pytest

from fieldref.guide.folding import parts
from fieldref.guide.forms import all_of, looser, same, telling


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("ar", "طبيب", "والطبيب"),
        ("ar", "ماء", "الماء"),
        ("ar", "عائلة", "عائلتي"),
        ("ar", "بطانية", "بطانيات"),
        ("fa", "خانواده", "خانواده‌هایم"),
        ("fa", "مدرک", "مدرک‌ها"),
        ("bn", "ডাক্তার", "ডাক্তারের"),
        ("bn", "পরিবার", "পরিবারকে"),
        ("en", "family", "families"),
        ("fr", "hôpital", "hôpitaux"),
        ("es", "niño", "niñas"),
    ],
)
def test_with_what_stands_around_it_a_word_is_the_same(language: str, one: str, other: str) -> None:
    assert set(same(parts(one)[0], language)) & set(same(parts(other)[0], language))


def test_a_father_is_not_cut_as_if_he_had_an_article() -> None:
    assert same(parts("والدي")[0], "ar") == ["والد"]


def test_letters_that_may_be_the_words_own_are_only_taken_off_as_a_second_reading() -> None:
    assert same(parts("وطبيب")[0], "ar") == ["وطبيب"]
    assert looser(parts("وطبيب")[0], "ar") == ["طبيب"]
    assert looser(parts("بيت")[0], "ar") == []


def test_a_joined_word_is_found_whole_and_by_its_parts() -> None:
    assert {"wifi", "wi", "fi"} <= set(all_of("Wi-Fi", "en"))


def test_an_ending_typed_apart_tells_nothing() -> None:
    assert telling("خانواده ام", "fa") == [("خانواده",)]
    assert telling("l'eau", "fr") == [("eau",)]
    assert telling("a", "en") == [("a",)]
