"""Files become one guide.db, whole, and readers see the old one or the new one."""

from pathlib import Path

import pytest

from fieldref import settings
from fieldref.folders import folder as shipped
from fieldref.guide import build
from fieldref.guide.opened import Guide, Shelf
from fieldref.refusal import Refusal


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A safe-point's folder with nothing of its own yet."""
    folder = tmp_path / "place"
    folder.mkdir()
    settings.write(folder, settings.Settings(name="Place", languages=("en", "ar"), latitude=36.5, longitude=15.0))
    return folder


def own_title(place: Path, title: str) -> None:
    """Give the safe-point its own words for the page on asylum."""
    page = place / "pages" / "rights" / "asylum" / "en.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    text = (shipped("seed") / "pages" / "rights" / "asylum" / "en.md").read_text("utf-8")
    page.write_text(text.replace("title: Asking for asylum", f"title: {title}"), "utf-8")


def test_only_the_languages_of_the_safe_point_are_offered(place: Path) -> None:
    guide = Guide(build.build(place))
    assert [language.code for language in guide.languages] == ["en", "ar"]


def test_the_same_files_make_the_same_version(place: Path) -> None:
    first = Guide(build.build(place)).version
    assert Guide(build.build(place)).version == first
    own_title(place, "Other words")
    assert Guide(build.build(place)).version != first


def test_a_sample_is_a_sample_until_there_is_a_directory(place: Path) -> None:
    assert Guide(build.build(place)).sample
    own = place / "directory"
    own.mkdir()
    for path in (shipped("seed") / "directory").glob("*.csv"):
        (own / path.name).write_bytes(path.read_bytes())
    assert not Guide(build.build(place)).sample


def test_a_shelf_shows_the_new_guide_and_the_old_one_stays_readable(place: Path) -> None:
    build.build(place)
    shelf = Shelf(place / "guide.db")
    old = shelf.guide()
    own_title(place, "New words")
    build.build(place)
    assert shelf.guide().page("en", "rights", "asylum").title == "New words"
    assert old.page("en", "rights", "asylum").title == "Asking for asylum"
    assert old.services("ar")


def test_a_build_that_fails_leaves_the_old_guide(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = build.build(place).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(build.search, "prepare", full)
    with pytest.raises(OSError, match="No space"):
        build.build(place)
    assert (place / "guide.db").read_bytes() == before
    assert not list(place.glob(".guide*"))


def test_a_guide_of_a_newer_fieldref_is_refused_in_words(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "FORMAT", 2)
    path = build.build(place)
    with pytest.raises(Refusal, match="update this one first"):
        Guide(path)


def test_no_secret_place_is_in_the_guides_bytes(place: Path) -> None:
    """The shipped shelter for women has a phone and nothing that leads to its door."""
    guide = Guide(build.build(place))
    assert guide.services("en")["womens-safe-house"].place is None
