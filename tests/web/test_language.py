"""The first page speaks the phone's language, as RFC 4647 says, not as werkzeug guesses."""

import pytest

from fieldref.web.language import negotiate

AVAILABLE = [
    "en",
    "fr",
    "es",
    "ar",
    "fa",
    "prs",
    "ps",
    "ur",
    "kmr",
    "ckb",
    "tr",
    "so",
    "am",
    "ti",
    "om",
    "bn",
    "my",
    "ht",
    "uk",
    "zh",
]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("fa-AF,fa;q=0.9,en-US;q=0.8", "prs"),
        ("prs-AF,en;q=0.5", "prs"),
        ("ckb-IQ,ckb;q=0.9,ar;q=0.8", "ckb"),
        ("ku-TR,tr;q=0.8", "kmr"),
        ("zh-Hans-CN", "zh"),
        ("ti-ER,am;q=0.9", "ti"),
        ("bn-BD,en;q=0.5", "bn"),
        ("ur-PK;q=1, en;q=0.9", "ur"),
        ("om-ET,am;q=0.9", "om"),
        ("de-DE,en;q=0.3", "en"),
        ("", "en"),
        ("xx;q=0,fr", "fr"),
        ("es-419", "es"),
        ("ku-Arab-IQ,ar;q=0.5", "ckb"),
        ("ku", "kmr"),
        ("*", "en"),
        ("zh-Hant-TW", "zh"),
        ("pt-BR,es;q=0.8", "es"),
        ("fa;q=0,ar", "ar"),
        ("en-GB,fa;q=0.9", "en"),
        ("en;q=0.2,ar;q=0.9", "ar"),
        ("AR_EG", "ar"),
    ],
)
def test_a_phone_gets_the_language_it_asks_for(header: str, expected: str) -> None:
    assert negotiate(header, AVAILABLE) == expected


@pytest.mark.parametrize("header", ["prs-AF,en;q=0.5", "fa-AF,en;q=0.5"])
def test_dari_falls_back_to_persian_before_english(header: str) -> None:
    assert negotiate(header, [code for code in AVAILABLE if code != "prs"]) == "fa"


@pytest.mark.parametrize("header", [";;;", ",", "q=1", "ar;q=nan", "ar;q=7", "\x00", "a" * 100_000, "xx-" * 5_000])
def test_nonsense_is_english_and_never_an_error(header: str) -> None:
    assert negotiate(header, AVAILABLE) == "en"
