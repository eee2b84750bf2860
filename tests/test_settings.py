"""A mistake in fieldref.toml stops the start with a sentence."""

from pathlib import Path

import pytest

from fieldref import settings


def written(folder: Path, text: str) -> Path:
    (folder / "fieldref.toml").write_text(text, "utf-8")
    return folder


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    place = settings.Settings(name='Port "Miralo" \\ ميناء', languages=("en", "ar"), latitude=36.5, longitude=15.0)
    settings.write(tmp_path, place)
    assert settings.read(tmp_path) == place


def test_a_folder_without_settings_is_not_a_safe_point(tmp_path: Path) -> None:
    with pytest.raises(settings.SettingsError, match="fieldref init makes one"):
        settings.read(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the name of the place is missing"),
        ("name = ''", "name of the place is empty"),
        ("name = 'A'\nlatitude = 36.5", "go together"),
        ("name = 'A'\nlatitude = 136.5\nlongitude = 15", "between -90 and 90"),
        ("name = 'A'\nlatitude = 36.5\nlongitude = 215", "between -180 and 180"),
        ("name = 'A'\nlatitude = 'north'\nlongitude = 15", "must be a number"),
        ("name = 'A'\ncountry = 'Italy'", "two capital letters"),
        ("name = 'A'\nkind = 'office'", "must be"),
        ("name = 'A'\ncolour = 'red'", "there is no setting colour"),
        ("name = 3", "must be words in quotes"),
        ("name = ['A']", "must be words in quotes"),
        ("name = 'A'\nemergency_number = ['1']", "must be words in quotes"),
        ("name = 'A'\nlanguages = 'en'", "languages must be a list"),
        ("name = 'A'\nlanguages = ['en', 'klingon']", "there is no language klingon"),
        ("name = 'A'\nstep = 'nonsense'", "there is no journey step nonsense"),
        ("name = 'A'\npassword = 'short'", "8 to 63"),
        ("name = 'A'\nnetwork = 'a name that is much too long for a network'", "32 bytes"),
        ("name = [", "fieldref.toml"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(settings.SettingsError, match=said):
        settings.read(written(tmp_path, text))


def test_settings_are_never_overwritten(tmp_path: Path) -> None:
    settings.write(tmp_path, settings.Settings(name="First"))
    with pytest.raises(FileExistsError):
        settings.write(tmp_path, settings.Settings(name="Second"))
    assert settings.read(tmp_path).name == "First"
