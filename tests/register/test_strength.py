"""A passphrase of six words is made, and one that is chosen is not among the first that anybody tries."""

import math
from itertools import combinations, pairwise

import pytest

from fieldref.guide.spelling import one_slip_apart
from fieldref.register.passphrase import PassphraseRefused
from fieldref.register.strength import SHORTEST, WORDS, check_new, generated, words, worst


def test_six_words_are_at_least_62_bits() -> None:
    assert len(words()) == len(set(words())) >= 1296
    assert WORDS * math.log2(len(words())) >= 62


def test_the_words_are_plain_and_short() -> None:
    assert all(word.isascii() and word.isalpha() and word.islower() and 4 <= len(word) <= 7 for word in words())
    assert list(words()) == sorted(words())


def test_a_slip_of_one_letter_makes_no_other_word() -> None:
    """What is misheard or mistyped is then wrong, and not another passphrase; no word is the beginning of one."""
    shortened: dict[str, set[str]] = {}
    for word in words():
        for place in range(len(word)):
            shortened.setdefault(word[:place] + word[place + 1 :], set()).add(word)
    near = [pair for alike in shortened.values() for pair in combinations(sorted(alike), 2)]
    near += [(word, longer) for word in words() for longer in shortened.get(word, ())]
    assert [pair for pair in near if one_slip_apart(*pair)] == []
    assert not [(one, other) for one, other in pairwise(words()) if other.startswith(one)]


def test_what_is_made_is_random_and_may_be_used() -> None:
    made = [generated() for _ in range(200)]
    assert len(set(made)) == 200
    assert len({word for each in made for word in each.split()}) > 600  # of some 780 expected
    for each in made:
        assert len(each.split()) == WORDS
        check_new(each)


def test_the_list_of_the_worst_is_long_and_could_be_typed() -> None:
    assert len(worst()) >= 100
    assert all(len(each) >= SHORTEST for each in worst()), "a shorter one is refused anyway"


@pytest.mark.parametrize(
    "weak",
    ["short", "x" * 14, "passwordpassword", "Password Password 1", "correct horse battery staple",
     "May the Force be with you!", "letmein-letmein-letmein", "2026 redcross redcross", "aaaaaaaaaaaaaaaaaa",
     "abababababababab", "123456789012345678", "20261122 20261122", "qwertyuiopasdfgh", "azertyuiopqsdfgh",
     "1q2w3e4r5t6y7u8i9o", "zaq12wsxcde34rfv", "abcdefghijklmnop", "dalia dalia dalia", "river river rive",
     "0123456789 9876543210"],
)  # fmt: skip
def test_a_weak_passphrase_is_not_taken(weak: str) -> None:
    with pytest.raises(PassphraseRefused, match="six everyday words"):
        check_new(weak)


@pytest.mark.parametrize(
    "good",
    ["nine quiet boats at dawn", "we were poor as read", "trop de vent pour sortir", "السماء زرقاء فوق الجبال البعيدة",
     "আজ আকাশে অনেক মেঘ ছিল", "tres tristes tigres comen trigo", "Xk3vTq9Lm2Wz8Rb"],
)  # fmt: skip
def test_a_long_one_of_any_language_is_taken_without_further_rules(good: str) -> None:
    check_new(good)
