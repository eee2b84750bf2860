"""The codes are those of the study, and each has a pictogram and words in every language."""

import csv
from pathlib import Path

import polib
import pytest

from fieldref import vocabulary
from fieldref.folders import folder
from fieldref.icons import icon
from fieldref.languages import BY_CODE, LANGUAGES

CATALOGS = sorted(folder("translations").glob("*/LC_MESSAGES/messages.po"))


def test_needs_and_steps_of_the_smart_practices_are_all_known() -> None:
    with (Path(__file__).parent / "data" / "smart_practices.csv").open(encoding="utf-8", newline="") as file:
        practices = list(csv.DictReader(file))
    assert {row["need"] for row in practices} - {""} <= vocabulary.CODES["need"]
    assert {row["step"] for row in practices} - {""} <= vocabulary.CODES["step"]


def test_there_are_fifteen_needs_in_six_dimensions_and_six_steps() -> None:
    assert len(vocabulary.NEEDS) == 15
    assert len({need.dimension for need in vocabulary.NEEDS}) == 6
    assert len(vocabulary.STEPS) == 6


@pytest.mark.parametrize("term", [*vocabulary.NEEDS, *vocabulary.STEPS, *vocabulary.SECTIONS], ids=lambda t: t.code)
def test_every_need_step_and_section_has_a_pictogram(term: vocabulary.Term) -> None:
    assert "<path" in icon(term.code) or "<circle" in icon(term.code)


def test_every_language_is_listed_once_and_knows_its_direction() -> None:
    assert len(BY_CODE) == len(LANGUAGES)
    assert {each.code for each in LANGUAGES if each.direction == "rtl"} == {"ar", "fa", "prs", "ps", "ur", "ckb"}


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_every_word_of_the_interface_is_translated(path: Path) -> None:
    catalog = polib.pofile(str(path))
    assert not [entry.msgid for entry in catalog if not entry.obsolete and not entry.translated()]


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_a_translation_keeps_the_places_of_figures_and_adds_no_html(path: Path) -> None:
    import re

    holes = re.compile(r"%\(\w+\)s")
    for entry in polib.pofile(str(path)):
        assert sorted(holes.findall(entry.msgid)) == sorted(holes.findall(entry.msgstr)), entry.msgid
        assert "<" not in entry.msgstr or "<" in entry.msgid, entry.msgid
