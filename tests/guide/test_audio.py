"""Recordings lie beside their texts, go into the guide, and are left out with a reason where they cannot."""

from datetime import date
from pathlib import Path

import pytest

from fieldref import settings
from fieldref.database import Database, open_in_memory
from fieldref.guide import audio, checks
from fieldref.guide.build import build
from fieldref.guide.opened import Guide

TONE = (Path(__file__).parents[1] / "data" / "tone.mp3").read_bytes()
ASYLUM = ("rights", "asylum", "ar")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A safe-point that has recorded the page on asylum in Arabic."""
    folder = tmp_path / "place"
    folder.mkdir()
    settings.write(folder, settings.Settings(name="Place", languages=("en", "ar")))
    lay(folder / "pages", "rights/asylum/ar.mp3", TONE)
    return folder


def lay(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_recording_beside_its_text_is_in_the_guide(place: Path) -> None:
    guide = Guide(build(place))
    recording = guide.recording("ar", "rights", "asylum")
    assert recording is not None
    assert (recording.kind, recording.bytes, recording.kilobytes) == ("audio/mpeg", len(TONE), 2)
    assert guide.sound(recording) == TONE
    assert guide.recording("en", "rights", "asylum") is None


def test_another_recording_is_another_guide(place: Path) -> None:
    before = Guide(build(place)).version
    lay(place / "pages", "rights/asylum/ar.mp3", TONE + b"more")
    assert Guide(build(place)).version != before


def test_a_later_folder_goes_before_an_earlier(tmp_path: Path) -> None:
    lay(tmp_path / "seed", "rights/asylum/ar.mp3", TONE)
    own = lay(tmp_path / "own", "rights/asylum/ar.ogg", b"OggS and more")
    found, errors = audio.read((tmp_path / "seed", tmp_path / "own"), {ASYLUM})
    assert ([*found.values()], errors) == ([own], ())


def test_words_that_were_replaced_are_not_played(tmp_path: Path) -> None:
    lay(tmp_path / "seed", "rights/asylum/ar.mp3", TONE)
    lay(tmp_path / "own", "rights/asylum/ar.md", b"other words")
    assert audio.read((tmp_path / "seed", tmp_path / "own"), {ASYLUM}) == ({}, ())


def test_of_two_in_one_folder_the_one_that_every_phone_plays_is_taken(tmp_path: Path) -> None:
    for ending in ("wav", "opus", "MP3", "m4a"):
        lay(tmp_path, f"rights/asylum/ar.{ending}", TONE)
    found, _ = audio.read((tmp_path,), {ASYLUM})
    assert [recording.ending for recording in found] == ["mp3"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("rights/asylum/ar.mp3", b"ID3" + bytes(audio.LARGEST), "it has 3.0 MB; at most 3 MB are kept"),
        ("rights/asylum/ar.mp3", b"RIFF....WAVE", "it is not a sound of the kind that its name says (mp3)"),
        ("rights/asylum/ar.ogg", b"", "it is not a sound of the kind that its name says (ogg)"),
        ("rights/asylum/ar.wav", b"RIFF....WAVE", "not every phone plays wav; make it one of mp3, m4a, opus, ogg"),
        ("rights/asylum/xx.mp3", TONE, "there is no text that can be used beside it"),
        ("gold/asylum/ar.mp3", TONE, "there is no text that can be used beside it"),
    ],
)
def test_what_cannot_be_played_is_left_out_and_the_reason_said(
    tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    path = lay(tmp_path, name, content)
    found, (error,) = audio.read((tmp_path,), {ASYLUM})
    assert found == {}
    assert str(error).startswith(f"{path}: ") and why in str(error)


def test_the_largest_that_is_kept_is_kept(tmp_path: Path) -> None:
    lay(tmp_path, "rights/asylum/ar.mp3", b"ID3" + bytes(audio.LARGEST - 3))
    assert len(audio.read((tmp_path,), {ASYLUM})[0]) == 1


def test_guide_check_names_what_the_build_leaves_out(place: Path) -> None:
    path = lay(place / "pages", "rights/police/en.mp3", b"not a sound")
    found = [each for each in checks.check(place, date(2026, 11, 22)) if each.kind == "recording"]
    assert [(each.weight, str(path) in each.sentence) for each in found] == [("warning", True)]
    assert Guide(build(place)).recording("en", "rights", "police") is None


def test_a_guide_older_than_recordings_has_none() -> None:
    db: Database = open_in_memory()
    assert audio.stored(db) == {}
    db.close()
