"""A branch edits its services in a workbook and publishes; a safe-point takes the guide, shows it, and goes back."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from fieldref import settings
from fieldref.cli import commands
from fieldref.exchange import branch as branches
from fieldref.guide.build import build
from fieldref.refusal import Refusal


@pytest.fixture
def north(tmp_path: Path, words: str) -> Path:
    """The folder of a branch that has published nothing yet."""
    branches.make_branch(tmp_path / "north", "North", words)
    return tmp_path / "north"


@pytest.fixture
def bridge(new_safe_point: Any, north: Path, pair: Any) -> Path:
    """A safe-point with the shipped guide, paired with that branch."""
    folder = new_safe_point("Bridge")
    (folder / settings.FILE_NAME).unlink()
    settings.write(folder, settings.Settings(name="Bridge", languages=("en", "ar")))
    pair(north, folder)
    build(folder)
    return folder


@pytest.fixture
def fieldref(words: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Type a command for the folder of a branch or safe-point."""
    monkeypatch.setenv("FIELDREF_PASSPHRASE", words)

    def run(folder: Path, *arguments: object) -> Result:
        result = CliRunner().invoke(commands, ["--folder", str(folder), *map(str, arguments)])
        assert result.exit_code == 0 or isinstance(result.exception, Refusal), result.output
        return result

    return run


def test_a_service_edited_in_a_workbook_reaches_the_phones_in_arabic_and_can_be_taken_back(
    fieldref: Any, north: Path, bridge: Path, tmp_path: Path
) -> None:
    sheet, stick = tmp_path / "services.xlsx", tmp_path / "stick"
    stick.mkdir()
    assert "sample" in str(fieldref(north, "branch", "publish").exception)
    fieldref(north, "guide", "workbook", "-o", sheet, "--sample")
    book = load_workbook(sheet)
    for row in book["texts"].iter_rows(min_row=2):
        if [cell.value for cell in row[:4]] == ["services", "safe-point-first-aid", "ar", "name"]:
            row[4].value = "إسعافات عند الجسر"
    book.save(sheet)
    assert "36 services taken." in fieldref(north, "guide", "take-workbook", sheet).output
    made = fieldref(north, "branch", "publish", "-o", stick)
    assert "Edition 1 of" in made.output
    assert "36 services" in made.output

    page = ("get", "/ar/service/safe-point-first-aid")
    assert "إسعافات عند الجسر" not in fieldref(bridge, *page).output
    taken = fieldref(bridge, "pack", "take", stick / "guide-0001.pack")
    assert "before it was the guide of this safe-point's own files" in taken.output
    assert "إسعافات عند الجسر" in fieldref(bridge, *page).output
    status = json.loads(fieldref(bridge, "pack", "status", "--json").output)
    assert (status["edition"], status["other"]) == (1, 0)
    assert "own files" in fieldref(bridge, "pack", "back").output
    assert "إسعافات عند الجسر" not in fieldref(bridge, *page).output


def test_the_next_safe_points_of_the_branch_stand_on_the_page_of_the_way_on(
    fieldref: Any, north: Path, bridge: Path, tmp_path: Path
) -> None:
    fieldref(north, "guide", "workbook", "-o", tmp_path / "s.xlsx", "--sample")
    book = load_workbook(tmp_path / "s.xlsx")
    book["route"]["B2"] = "Safe-point Three Wells"
    book.save(tmp_path / "s.xlsx")
    fieldref(north, "guide", "take-workbook", tmp_path / "s.xlsx")
    fieldref(north, "branch", "publish", "-o", tmp_path / "guide.pack")
    fieldref(bridge, "pack", "take", tmp_path / "guide.pack")
    assert "Safe-point Three Wells" in fieldref(bridge, "get", "/en/onward/").output


def test_a_published_error_is_named_and_anyway_is_said(fieldref: Any, north: Path, tmp_path: Path) -> None:
    (north / "directory").mkdir()
    rows = "id,name,status,needs\na,Kitchen,active,food\na,Clinic,active,food\n"
    (north / "directory" / "services.csv").write_text(rows, "utf-8")
    refused = fieldref(north, "branch", "publish")
    assert "the id a is already that of “Kitchen”" in refused.output
    assert "nothing was published" in str(refused.exception)
    assert "Published with" in fieldref(north, "branch", "publish", "--anyway").output


def test_a_pack_that_is_refused_is_one_sentence(fieldref: Any, bridge: Path, tmp_path: Path) -> None:
    (tmp_path / "x.pack").write_bytes(b"FRP1\0\0\0\x02{}" + bytes(64))
    assert str(fieldref(bridge, "pack", "take", tmp_path / "x.pack").exception) == "it is not a pack"
