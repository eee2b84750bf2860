"""fieldref guide import, export, build and check, as a branch manager types them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from fieldref import settings
from fieldref.cli import commands
from fieldref.refusal import Refusal

ROWS = "id,name,status,needs,assured_date\na,Kitchen,active,food,2014-01-01\na,Clinic,active,food,2014-01-01\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of a safe-point that was just made."""
    folder = tmp_path / "home"
    folder.mkdir()
    settings.write(folder, settings.Settings("Bridge", languages=("en",)))
    return folder


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A directory of two services with one id."""
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / "services.csv").write_text(ROWS, "utf-8")
    return folder


def guide(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(commands, ["--folder", str(home), "guide", *arguments])


def test_import_says_what_was_taken_and_builds_the_guide(home: Path, stick: Path) -> None:
    result = guide(home, "import", str(stick))
    assert result.exit_code == 0, result.output
    assert "1 service taken, 1 refused." in result.output
    assert "services.csv line 3: the id a is already that of “Kitchen”" in result.output
    assert (home / "guide.db").exists()
    assert (home / "directory" / "services.csv").read_text("utf-8") == ROWS


def test_an_import_that_cannot_be_read_changes_nothing(home: Path, stick: Path) -> None:
    (stick / "phones.csv").write_bytes(b"id,number\n1,\xff\xfe")
    result = guide(home, "import", str(stick))
    assert isinstance(result.exception, Refusal)
    assert [path.name for path in home.iterdir()] == ["fieldref.toml"]


def test_an_import_without_a_usable_service_changes_nothing(home: Path, stick: Path) -> None:
    (stick / "services.csv").write_text("id,name,status\na,,active\n", "utf-8")
    result = guide(home, "import", str(stick))
    assert "no service that can be used; nothing was changed" in str(result.exception)
    assert [path.name for path in home.iterdir()] == ["fieldref.toml"]


def test_import_is_only_for_a_safe_point(tmp_path: Path, stick: Path) -> None:
    assert "is not a fieldref folder" in str(guide(tmp_path, "import", str(stick)).exception)


def test_check_finds_again_what_the_import_found_and_fails_on_errors(home: Path, stick: Path) -> None:
    guide(home, "import", str(stick))
    result = guide(home, "check")
    assert result.exit_code == 1
    assert "Rows whose id is already taken: 1 (error)" in result.output
    assert "Services that should be verified again: 1 (warning)" in result.output


def test_check_with_only_warnings_succeeds(home: Path, stick: Path) -> None:
    (stick / "services.csv").write_text("\n".join(ROWS.splitlines()[:2]), "utf-8")
    guide(home, "import", str(stick))
    result = guide(home, "check")
    assert result.exit_code == 0, result.output
    assert "0 errors, " in result.output


def test_check_answers_programs_in_json(home: Path, stick: Path) -> None:
    guide(home, "import", str(stick))
    findings = json.loads(guide(home, "check", "--json").output)
    assert findings[0]["kind"] == "duplicate"
    assert set(findings[0]) == {"weight", "kind", "where", "sentence"}


def test_check_shows_a_few_of_each_kind_or_all(home: Path, stick: Path) -> None:
    rows = "".join(f"{id},Kitchen {id},active,food,2014-01-01\n" for id in "abcde")
    (stick / "services.csv").write_text(ROWS.splitlines()[0] + "\n" + rows, "utf-8")
    guide(home, "import", str(stick))
    assert "  and " in guide(home, "check").output
    assert "  and " not in guide(home, "check", "--all").output


def test_what_is_exported_can_be_imported(home: Path, stick: Path, tmp_path: Path) -> None:
    guide(home, "import", str(stick))
    out = tmp_path / "out"
    assert "1 service written" in guide(home, "export", str(out)).output
    assert "1 service taken, 0 refused." in guide(home, "import", str(out)).output


def test_one_file_goes_out_and_in_and_nothing_is_written_over(home: Path, stick: Path, tmp_path: Path) -> None:
    guide(home, "import", str(stick))
    out = tmp_path / "services.json"
    assert "1 service written" in guide(home, "export", "--json", str(out)).output
    assert "is there already" in str(guide(home, "export", "--json", str(out)).exception)
    assert "1 service taken, 0 refused." in guide(home, "import", str(out)).output


def test_import_says_what_the_guide_has_no_place_for(home: Path) -> None:
    package = Path(__file__).parents[1] / "data" / "hsds3" / "package" / "datapackage.json"
    output = guide(home, "import", str(package)).output
    assert "3 services taken, 1 refused." in output
    assert "What was left out because the guide has no place for it: " in output
    assert "contacts.csv: 1 row left out: the names of people are not kept" in output


def test_export_of_the_sample_says_so(home: Path, tmp_path: Path) -> None:
    assert "services of the sample written" in guide(home, "export", str(tmp_path / "out")).output


def test_build_makes_the_guide_anew(home: Path) -> None:
    result = guide(home, "build")
    assert result.output.strip() == f"The guide is built: {home / 'guide.db'}"


def test_help_says_what_the_exit_status_means(home: Path) -> None:
    assert "status is 1 if there is an error" in guide(home, "check", "--help").output


def test_services_go_out_and_in_as_a_workbook(home: Path, stick: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    assert "36 services written" in guide(home, "workbook", "-o", str(path), "--sample").output
    taken = guide(home, "take-workbook", str(path))
    assert "36 services taken." in taken.output
    assert "is there already" in str(guide(home, "workbook", "-o", str(path)).exception)


def test_without_services_the_workbook_is_empty(home: Path, tmp_path: Path) -> None:
    assert "0 services written" in guide(home, "workbook", "-o", str(tmp_path / "s.xlsx")).output
    refused = guide(home, "take-workbook", str(tmp_path / "s.xlsx"))
    assert "no service in it" in str(refused.exception)


def test_a_workbook_with_mistakes_names_each_and_changes_nothing(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    guide(home, "workbook", "-o", str(path), "--sample")
    book = load_workbook(path)
    book["services"]["F2"], book["services"]["A3"] = "bread", "Not An Id"
    book.save(path)
    refused = guide(home, "take-workbook", str(path))
    assert "services!F2: “bread” is not known as one of needs" in refused.output
    assert "services!A3: the id “Not An Id”" in refused.output
    assert not (home / "directory").exists()
