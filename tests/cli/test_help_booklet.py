from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fieldref import settings
from fieldref.cli import commands
from fieldref.refusal import Refusal
from fieldref.settings import Settings


def run(place: Path, *arguments: str) -> Result:
    settings.write(place, Settings(name="Port Miralo"))
    result = CliRunner().invoke(commands, ["--folder", str(place), "help-booklet", *arguments])
    if isinstance(result.exception, Refusal):
        raise result.exception
    return result


def test_the_booklet_is_one_file_in_the_language_asked_for(tmp_path: Path) -> None:
    result = run(tmp_path, "--language", "ar", "-o", str(tmp_path / "help.html"))
    assert result.exit_code == 0
    written = (tmp_path / "help.html").read_text("utf-8")
    assert '<html lang="ar" dir="rtl">' in written
    assert "<link" not in written
    assert "src=" not in written


def test_a_language_without_help_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="there is no help in Tigrinya"):
        run(tmp_path, "--language", "ti", "-o", str(tmp_path / "help.html"))
    assert not (tmp_path / "help.html").exists()
