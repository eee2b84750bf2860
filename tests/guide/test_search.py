"""What a person types, and what they are shown first: one table a language beside this file."""

from pathlib import Path

import pytest

from fieldref import settings
from fieldref.guide.build import build
from fieldref.guide.opened import Guide

TABLES = sorted((Path(__file__).parent / "search").glob("*.tsv"))
ASKED = [
    pytest.param(table.stem, *line.split("\t"), id=f"{table.stem}: {line}")
    for table in TABLES
    for line in table.read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Guide:
    """The shipped guide."""
    folder = tmp_path_factory.mktemp("safe-point")
    settings.write(folder, settings.Settings(name="Here", latitude=36.5, longitude=15.0))
    return Guide(build(folder))


@pytest.mark.parametrize(("language", "asked", "address"), ASKED)
def test_what_is_asked_for_comes_first(guide: Guide, language: str, asked: str, address: str) -> None:
    assert [found.address for found in guide.search(language, asked)][:1] == [address]


def test_every_language_has_a_table_of_twenty_or_more() -> None:
    assert {table.stem for table in TABLES} == {"en", "fr", "es", "ar", "fa", "bn"}
    assert all(len(table.read_text("utf-8").splitlines()) >= 20 for table in TABLES)


def test_a_need_a_page_and_a_service_each_say_what_they_are(guide: Guide) -> None:
    kinds = {found.address: found.kind for found in guide.search("en", "shelter, asylum and dentist")}
    assert kinds["needs/shelter"] == "need"
    assert kinds["rights/asylum"] == "page"
    assert kinds["service/port-clinic-dentist"] == "service"


def test_a_need_is_called_by_its_name_in_the_language(guide: Guide) -> None:
    assert guide.search("ar", "طبيب")[0].title == "صحة"


@pytest.mark.parametrize("asked", ["", " ", "؟", '"', "*", "a AND (", "{title} :", "NEAR(", "-", "\u200c", "_", "٪"])
def test_nothing_typed_is_an_error(guide: Guide, asked: str) -> None:
    assert isinstance(guide.search("en", asked), tuple)


def test_what_nobody_wrote_of_is_not_found(guide: Guide) -> None:
    assert guide.search("en", "xylophone") == ()


def test_a_language_that_is_not_offered_is_not_in_the_index(tmp_path: Path) -> None:
    settings.write(tmp_path, settings.Settings(name="Here", languages=("ar",)))
    guide = Guide(build(tmp_path))
    assert [language.code for language in guide.languages] == ["en", "ar"]
    assert guide.search("ar", "لجوء")
