from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from markupsafe import Markup

from fieldref.languages import LANGUAGES
from fieldref.paper import words
from fieldref.paper.slips import Slip, slip_html


def test_words_a_language_does_not_have_are_english(catalogs: Path, slip: Slip) -> None:
    assert "Give this code at the place. It says nothing about you." in slip_html(slip)


def test_words_are_in_the_persons_language(catalogs: Path, slip: Slip) -> None:
    """Whatever the volunteer's language is: nothing here asks for it."""
    catalog = Catalog(locale="ar")
    catalog.add("Valid until %(day)s", "صالح حتى %(day)s", flags=["python-format"])
    (catalogs / "ar" / "LC_MESSAGES").mkdir(parents=True)
    with (catalogs / "ar" / "LC_MESSAGES" / "messages.mo").open("wb") as file:
        write_mo(file, catalog)
    assert "صالح حتى 6 ديسمبر 2026" in slip_html(slip)


@pytest.mark.parametrize("code", [language.code for language in LANGUAGES])
def test_a_day_has_latin_digits_in_every_language(code: str) -> None:
    written = words.day(date(2026, 12, 6), code)
    assert "2026" in written
    assert all(letter.isascii() for letter in written if letter.isdigit())


@pytest.mark.parametrize("text", ["08:00–22:00", "08:00 - 22:00", "+44 1632 960231", "22.11.2026"])
def test_figures_stay_from_left_to_right(text: str) -> None:
    assert words.figures(f"مفتوح {text}، غدًا") == f'مفتوح <bdi dir="ltr">{text}</bdi>، غدًا'


def test_figures_are_escaped_unless_they_are_markup() -> None:
    assert words.figures("<b>1") == "&lt;b&gt;1"
    assert words.figures(Markup("<b>10-12</b>")) == "<b>10-12</b>"
