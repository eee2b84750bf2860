"""A page is its files: one source that states the facts, and translations that say only their words."""

from pathlib import Path

import pytest

from fieldref.folders import folder
from fieldref.guide import pages

SOURCE = """---
title: Asking for asylum
icon: rights
order: 10
safety: critical
need: regulatory
translation: source
source_rev: 2
checked: 2026-11-20
sources:
  - title: Convention of 1951
---
You may ask.
"""
ARABIC = "---\ntitle: طلب اللجوء\ntranslation: machine\nsource_rev: 1\n---\nيحق لك أن تطلب.\n"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder of pages with one page in English and Arabic."""
    page = tmp_path / "rights" / "asylum"
    page.mkdir(parents=True)
    (page / "en.md").write_text(SOURCE, "utf-8")
    (page / "ar.md").write_text(ARABIC, "utf-8")
    return tmp_path


def test_a_translation_takes_the_facts_from_the_source(texts: Path) -> None:
    (arabic, english), errors = sorted_pages(texts)
    assert errors == ()
    assert (arabic.title, english.title) == ("طلب اللجوء", "Asking for asylum")
    assert arabic.critical and arabic.need == "regulatory" and arabic.sources == english.sources
    assert arabic.checked == english.checked


def test_a_pictogram_that_is_not_there_is_named_and_its_sections_is_shown(texts: Path) -> None:
    path = texts / "rights" / "asylum" / "en.md"
    path.write_text(SOURCE.replace("icon: rights", "icon: unicorn"), "utf-8")
    (arabic, english), errors = sorted_pages(texts)
    assert (arabic.icon, english.icon) == ("rights", "rights")
    assert "no pictogram unicorn" in str(errors[0])


def test_a_translation_of_an_older_revision_is_outdated(texts: Path) -> None:
    (arabic, english), _ = sorted_pages(texts)
    assert arabic.outdated
    assert not english.outdated


def test_the_safe_points_own_text_replaces_the_shipped_one(texts: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "rights" / "asylum"
    own.mkdir(parents=True)
    (own / "ar.md").write_text(ARABIC.replace("machine", "reviewed"), "utf-8")
    found, _ = pages.read((texts, tmp_path / "own"))
    assert {page.language: page.translation for page in found} == {"en": "source", "ar": "reviewed"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("need: regulatory", "need: gold"), "there is no need gold"),
        (("safety: critical", "safety: maybe"), "safety is critical or normal"),
        (("order: 10", "order: first"), "order must be a whole number"),
        (("checked: 2026-11-20", "checked: yesterday"), "checked must be a day"),
        (("source_rev: 2", "source_rev: 0"), "source_rev starts at 1"),
        (("sources:\n  - title: Convention of 1951\n", ""), "no source is named"),
        (("icon: rights", "icons: rights"), "icons does not belong"),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
def test_a_mistake_in_the_source_leaves_the_page_out_and_is_named(
    texts: Path, change: tuple[str, str], said: str
) -> None:
    (texts / "rights" / "asylum" / "en.md").write_text(SOURCE.replace(*change), "utf-8")
    found, [error] = pages.read([texts])
    assert found == ()
    assert said in str(error)
    assert "en.md" in str(error)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("translation: machine", "translation: source"), "translation must be one of"),
        (("source_rev: 1", "source_rev: 1\nneed: food"), "only en.md says it"),
        (("title: طلب اللجوء", "title:"), "the title is missing"),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
def test_a_mistake_in_a_translation_leaves_only_it_out(texts: Path, change: tuple[str, str], said: str) -> None:
    (texts / "rights" / "asylum" / "ar.md").write_text(ARABIC.replace(*change), "utf-8")
    found, [error] = pages.read([texts])
    assert [page.language for page in found] == ["en"]
    assert said in str(error)


def test_a_folder_that_is_no_section_and_a_file_that_is_no_language_are_named(texts: Path) -> None:
    for path in ("rumours/x/en.md", "rights/asylum/klingon.md"):
        (texts / path).parent.mkdir(parents=True, exist_ok=True)
        (texts / path).write_text(SOURCE, "utf-8")
    _, errors = pages.read([texts])
    assert sorted(str(error).rsplit(": ", 1)[1] for error in errors) == [
        "there is no language klingon",
        "there is no section rumours",
    ]


def test_all_shipped_pages_can_be_used_and_link_only_to_pages_that_exist() -> None:
    import re

    found, errors = pages.read([folder("seed") / "pages"])
    assert errors == ()
    addresses = {f"/{page.language}/{page.address}" for page in found}
    for page in found:
        links = set(re.findall(r'href="([^"]*)"', page.html))
        assert links <= addresses, f"{page.language}/{page.address}"


def test_every_shipped_page_is_in_all_six_languages_and_says_what_it_is() -> None:
    found, _ = pages.read([folder("seed") / "pages"])
    by_page: dict[str, set[str]] = {}
    for page in found:
        by_page.setdefault(page.address, set()).add(page.language)
        assert (page.translation == "source") == (page.language == "en")
    assert len(by_page) >= 40
    assert [address for address, has in by_page.items() if has != {"en", "fr", "es", "ar", "fa", "bn"}] == []


def test_a_shipped_english_page_is_short() -> None:
    found, _ = pages.read([folder("seed") / "pages"])
    long = [page.address for page in found if page.language == "en" and len(page.words.split()) > 320]
    assert long == []


def sorted_pages(texts: Path) -> tuple[list[pages.Page], tuple[pages.PageError, ...]]:
    found, errors = pages.read([texts])
    return sorted(found, key=lambda page: page.language), errors
