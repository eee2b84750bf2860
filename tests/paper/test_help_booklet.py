"""All help for volunteers, as it comes out of a printer."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fieldref.guide import help
from fieldref.paper.help_booklet import help_booklet_file
from fieldref.settings import Settings

TODAY = date(2026, 11, 22)
HELP, _ = help.read(help.folders_of(Path("nowhere")))
LANGUAGES = sorted({text.language for text in HELP.texts})
MM = 72 / 25.4  # points of a PDF


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_text_is_in_it_and_no_link(miralo: Settings, code: str) -> None:
    made = help_booklet_file(HELP, miralo, code, TODAY)
    assert made.count("<article") == 18
    assert all(f"<span>{text.title}</span></h2>" in made for text in HELP.texts if text.language == code)
    assert "href" not in made
    assert "112" in made


def test_it_says_what_its_words_are(miralo: Settings) -> None:
    assert "No professional has read it yet." in help_booklet_file(HELP, miralo, "en", TODAY)
    done = replace(HELP, texts=tuple(replace(text, translation="source") for text in HELP.texts))
    assert "No professional" not in help_booklet_file(done, miralo, "en", TODAY)


def test_a_text_that_is_not_translated_is_in_it_in_english(miralo: Settings) -> None:
    made = help_booklet_file(HELP, miralo, "ti", TODAY)
    assert made.count("Not yet in your language") == 16
    assert '<div class="text" lang="en" dir="ltr">' in made


@pytest.mark.parametrize("code", ["en", "fr", "ar", "bn"])
def test_it_is_a5_and_every_text_is_one_sheet(page: Any, miralo: Settings, code: str) -> None:
    page.set_content(help_booklet_file(HELP, miralo, code, TODAY))
    pdf = page.pdf(prefer_css_page_size=True)
    sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert {(round(float(wide) / MM), round(float(high) / MM)) for wide, high in sheets} == {(148, 210)}
    assert 18 <= len(sheets) <= 20  # the first, sixteen texts, and one or two of sources
