"""What the command line repeats of names and files from elsewhere moves no cursor, rings no bell, sets no title."""

from pathlib import Path

import pytest

from fieldref import settings
from fieldref.cli import asking, main
from fieldref.settings import SettingsError

EVIL = "north\x1b]52;c;ZXZpbA==\x07\x1b[2J\x9b31m\rgood"


def test_no_refusal_repeats_a_control_character(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / EVIL
    folder.mkdir()
    for arguments in (["shift"], ["restore", str(folder / "no"), str(tmp_path / "x")], ["guide", "check"]):
        with pytest.raises(SystemExit):
            main(["--folder", str(folder), *arguments])
    said = "".join(capfd.readouterr())
    assert "north?" in said
    assert not set(said) & set("\x1b\x07\r\x9b")


def test_letters_of_all_scripts_are_shown_as_they_are() -> None:
    assert asking.plain("نقطة می\u200cخواهم কেন্দ্র\nሰላም") == "نقطة می\u200cخواهم কেন্দ্র\nሰላም"


def test_a_place_is_named_on_one_line() -> None:
    with pytest.raises(SettingsError, match="control character"):
        settings.Settings(name=EVIL)
