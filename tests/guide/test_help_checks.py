"""fieldref guide check looks through the volunteers' help as well."""

from datetime import date
from pathlib import Path

import pytest

from fieldref import settings
from fieldref.guide.checks import Finding, check
from fieldref.settings import Settings

OWN = """---
title: Our own rule
icon: family
order: 99
translation: source
source_rev: 2
checked: 2026-11-22
sources:
  - title: "Our procedure of 2026"
---
Call Amal first. See [A child alone](/now/child-alone).
"""


@pytest.fixture
def bridge(tmp_path: Path) -> Path:
    """A safe-point with a text of its own in its help."""
    settings.write(tmp_path, Settings(name="Bridge"))
    write(tmp_path, "en", OWN)
    return tmp_path


def test_a_text_of_ones_own_is_missing_in_the_languages_that_have_the_others(bridge: Path) -> None:
    names = "French, Spanish, Arabic, Persian, Bengali"
    (missing,) = found(bridge, "page_missing")
    assert missing.where == "help/now/our-rule"
    assert set(missing.sentence.partition("missing in ")[2].split(", ")) == set(names.split(", "))


def test_a_translation_behind_its_source_is_found(bridge: Path) -> None:
    write(bridge, "ar", "---\ntitle: قاعدتنا\ntranslation: human\nsource_rev: 1\n---\nاتصل بأمل أولًا.\n")
    assert [each.where for each in found(bridge, "page_outdated")] == ["help/now/our-rule/ar.md"]


def test_a_link_that_leads_to_no_text_of_the_help_is_an_error(bridge: Path) -> None:
    write(bridge, "en", OWN.replace("/now/child-alone", "/rights/asylum"))
    (link,) = found(bridge, "link")
    assert (link.weight, "/en/rights/asylum" in link.sentence) == ("error", True)


def test_a_text_that_cannot_be_used_and_one_too_long_are_found(bridge: Path) -> None:
    write(bridge, "en", OWN + "word " * 300)
    assert [each.where for each in found(bridge, "page_long")] == ["help/now/our-rule/en.md"]
    write(bridge, "en", "nothing")
    assert "the title is missing" in found(bridge, "page")[0].sentence


def test_nothing_is_wrong_with_the_shipped_help(tmp_path: Path) -> None:
    settings.write(tmp_path, Settings(name="Bridge"))
    assert [each for each in check(tmp_path, date(2026, 11, 23)) if each.where.startswith("help")] == []


def found(safe_point: Path, kind: str) -> list[Finding]:
    findings = check(safe_point, date(2026, 11, 23))
    return [each for each in findings if each.kind == kind and each.where.startswith("help")]


def write(safe_point: Path, code: str, text: str) -> None:
    path = safe_point / "help" / "now" / "our-rule" / f"{code}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
