"""The shipped help for volunteers: complete, in all six languages, and each text built like its English."""

import os
import re
from pathlib import Path

import pytest

from fieldref.guide import help, pages
from fieldref.guide.help import Help, current

ENGLISH = ("now/child-alone", "now/medical-emergency", "now/violence", "now/angry-crowd", "now/officer-at-the-door",
           "now/trafficking", "now/journalist", "people/how-to-ask", "people/do-no-harm", "people/consent",
           "people/what-not-to-write", "people/psychological-first-aid", "people/interpreters", "team/questions",
           "team/paper", "team/yourself")  # fmt: skip
LANGUAGES = ("en", "fr", "es", "ar", "fa", "bn")
OWN = """---
title: A child alone
icon: family
order: 1
translation: source
source_rev: 2
checked: 2026-11-22
sources:
  - title: "Our procedure of 2026"
---
Call Amal first.
"""


@pytest.fixture(scope="module")
def shipped() -> Help:
    known, errors = help.read(help.folders_of(Path("nowhere")))
    assert errors == ()
    return known


def test_what_cannot_wait_is_listed_first(shipped: Help) -> None:
    listed = shipped.listed("en")
    assert [kind.code for kind, _ in listed] == ["now", "people", "team"]
    assert [text.slug for text in listed[0][1]][:3] == ["child-alone", "medical-emergency", "violence"]
    assert sorted(text.address for _, texts in listed for text in texts) == sorted(ENGLISH)


@pytest.mark.parametrize("address", ENGLISH)
def test_the_english_says_what_it_is_and_is_short(shipped: Help, address: str) -> None:
    text = shipped.text("en", address)
    assert (text.language, text.translation, shipped.is_draft(text)) == ("en", "draft", True)
    assert 200 <= len(text.words.split()) <= 300
    assert len(text.title) <= 40


@pytest.mark.parametrize("address", ENGLISH)
def test_every_sentence_is_under_sixteen_words(shipped: Help, address: str) -> None:
    blocks = re.split(r"</?(?:p|li|h2|ol|ul|div)[^>]*>", shipped.text("en", address).html)
    words = [re.sub(r"<[^>]*>", "", block) for block in blocks]
    sentences = [each for block in words for each in re.split(r'(?<=[.?!:"])\s+', block)]
    assert [each for each in sentences if len(each.split()) >= 16] == []


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("address", ENGLISH)
def test_links_lead_to_other_texts_of_the_help(shipped: Help, address: str, code: str) -> None:
    links = re.findall(r'href="([^"]*)"', shipped.text(code, address).html)
    assert {link.removeprefix(f"/{code}/") for link in links} <= set(ENGLISH)


@pytest.mark.parametrize("code", LANGUAGES[1:])
@pytest.mark.parametrize("address", ENGLISH)
def test_a_translation_is_built_like_its_english(shipped: Help, address: str, code: str) -> None:
    """The same headings, steps, points, warnings and links, in the same order, and the same figures."""
    text, source = shipped.text(code, address), shipped.text("en", address)
    assert (text.language, text.translation, text.outdated) == (code, "machine", False)
    assert shape(text) == shape(source)
    assert sorted(re.findall(r"\d+", text.words)) == sorted(re.findall(r"\d+", source.words))
    assert len(text.title) <= 45


def test_no_text_has_a_telephone_number_or_the_address_of_a_site(shipped: Help) -> None:
    assert [text for text in shipped.texts if re.search(r"\d{4,}|www|https?:", text.words)] == []


def test_a_societys_own_text_takes_the_place_of_the_shipped(tmp_path: Path) -> None:
    write(tmp_path, OWN)
    known, errors = help.read(help.folders_of(tmp_path))
    assert errors == ()
    own = known.text("en", "now/child-alone")
    assert "Call Amal first" in own.html
    assert not known.is_draft(own)


def test_a_text_that_is_in_no_language_of_the_reader_is_there_in_english(shipped: Help) -> None:
    assert shipped.text("ti", "now/violence").language == "en"
    assert {text.language for _, texts in shipped.listed("ti") for text in texts} == {"en"}
    assert shipped.text("en", "now/unheard-of") is None


def test_a_text_that_cannot_be_used_leaves_the_others(tmp_path: Path, shipped: Help) -> None:
    write(tmp_path, "no front matter")
    known, errors = help.read(help.folders_of(tmp_path))
    assert "the title is missing" in str(errors[0])
    assert known.text("en", "now/child-alone") is None
    assert len(known.listed("en")[0][1]) == len(shipped.listed("en")[0][1]) - 1


def test_a_text_with_a_pictogram_that_is_not_there_gets_another(tmp_path: Path) -> None:
    write(tmp_path, OWN.replace("family", "klaxon"))
    known, errors = help.read(help.folders_of(tmp_path))
    assert "there is no pictogram klaxon" in str(errors[0])
    assert known.text("en", "now/child-alone").icon == help.ICON


def test_a_text_that_is_changed_is_read_again(tmp_path: Path) -> None:
    assert "Call Amal" not in current(tmp_path).text("en", "now/child-alone").html
    path = write(tmp_path, OWN)
    assert "Call Amal" in current(tmp_path).text("en", "now/child-alone").html
    path.write_text(OWN.replace("Amal", "Bashir"), "utf-8")
    os.utime(path, ns=(1, 1))
    assert "Call Bashir" in current(tmp_path).text("en", "now/child-alone").html
    assert current(tmp_path) is current(tmp_path)


def shape(text: pages.Page) -> list[tuple[str, str]]:
    """The headings, paragraphs, steps, points, warnings and stressed words of a text, and where its links lead."""
    return re.findall(r'<(h2|p|ol|ul|li|div|strong)\b|href="/[a-z]+(/[^"]*)"', text.html)


def write(safe_point: Path, text: str) -> Path:
    path = safe_point / "help" / "now" / "child-alone" / "en.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path
