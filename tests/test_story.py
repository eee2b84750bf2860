"""A day in the field, by the commands that people type: a shift, its bundle, the branch, the table."""

import csv
import io
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data" / "smart_practices.csv"
ENVIRONMENT = os.environ | {"FIELDREF_PASSPHRASE": "nine quiet boats at dawn"}


def fieldref(*words: object, status: int = 0, **environment: str) -> str:
    """Run the command as a person would; its standard output, or its standard error where it has to refuse."""
    command = [sys.executable, "-c", "from fieldref.cli import main; main()", *map(str, words)]
    done = subprocess.run(
        command,
        env=ENVIRONMENT | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr if status else done.stdout


@pytest.fixture
def paired(tmp_path: Path) -> tuple[Path, Path]:
    """A safe-point and its branch, made and paired by commands."""
    safe_point, branch = tmp_path / "bridge", tmp_path / "north"
    fieldref("init", safe_point, "--name", "Bridge", "--languages", "en,ar", "--lat", 36.5, "--lon", 15)
    fieldref("branch", "init", branch, "--name", "North")
    fieldref("--folder", branch, "branch", "pair", safe_point / "keys" / "device.card", "--yes")
    return safe_point, branch


@pytest.fixture
def practices(tmp_path: Path) -> Path:
    """The 59 smart practices as coded referrals, each practice once."""
    path = tmp_path / "practices.csv"
    with DATA.open(encoding="utf-8", newline="") as file, path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["code", "day", "step", "need", "service", "consent"])
        for row in csv.DictReader(file):
            writer.writerow(["", "2026-11-22", row["step"] or "unsaid", row["need"] or "other", "unsaid", "yes"])
    return path


def test_the_59_practices_come_out_as_they_went_in(paired: tuple[Path, Path], practices: Path) -> None:
    safe_point, branch = paired
    fieldref("--folder", safe_point, "shift", "open")
    fieldref("--folder", safe_point, "register", "import", practices)
    fieldref("--folder", safe_point, "shift", "close")
    [bundle] = (safe_point / "outbox").glob("*.bin")
    [first] = json.loads(fieldref("--folder", branch, "branch", "merge", bundle, "--json"))["files"]
    [again] = json.loads(fieldref("--folder", branch, "branch", "merge", bundle, "--json"))["files"]
    assert (first["state"], again["state"]) == ("new", "already here")
    told = fieldref("--folder", branch, "branch", "report", "needs-by-step", "--csv", "--exact")
    table = {row["need"]: row for row in csv.DictReader(io.StringIO(told.lstrip("\ufeff")))}
    with practices.open(encoding="utf-8", newline="") as file:
        counted = Counter((row["need"], row["step"]) for row in csv.DictReader(file))
    assert sum(counted.values()) == 59
    for (need, step), number in counted.items():
        assert int(table[need][step]) == number
    assert int(table["total"]["total"]) == 59


def test_what_leaves_the_branch_hides_small_numbers(paired: tuple[Path, Path], practices: Path) -> None:
    safe_point, branch = paired
    fieldref("--folder", safe_point, "shift", "open")
    fieldref("--folder", safe_point, "register", "import", practices)
    fieldref("--folder", safe_point, "shift", "close")
    fieldref("--folder", branch, "branch", "merge", safe_point / "outbox")
    told = fieldref("--folder", branch, "branch", "report", "needs-by-step", "--csv")
    assert "<5" in told
    assert not {"1", "2", "3", "4"} & {cell for line in told.splitlines() for cell in line.split(",")}


def test_nothing_is_closed_into_nothing(tmp_path: Path) -> None:
    fieldref("init", tmp_path / "alone", "--name", "Alone")
    fieldref("--folder", tmp_path / "alone", "shift", "open")
    said = fieldref("--folder", tmp_path / "alone", "shift", "close", status=1)
    assert "branch" in said
    assert said.count("\n") == 1
    assert json.loads(fieldref("--folder", tmp_path / "alone", "shift", "status", "--json"))["open"]


def test_a_demo_is_ready_and_closes_from_the_first_minute(tmp_path: Path) -> None:
    fieldref("--folder", tmp_path / "demo", "demo", "--no-serve")
    facts = json.loads((tmp_path / "demo" / "demo.json").read_text("utf-8"))
    assert len(facts["pin"]) == 6
    fieldref("--folder", tmp_path / "demo", "shift", "close", FIELDREF_PASSPHRASE=facts["passphrase"])
    assert list((tmp_path / "demo" / "outbox").glob("*.bin"))


def test_a_demo_started_again_goes_on(tmp_path: Path) -> None:
    fieldref("--folder", tmp_path / "demo", "demo", "--no-serve")
    before = json.loads((tmp_path / "demo" / "demo.json").read_text("utf-8"))
    fieldref("--folder", tmp_path / "demo", "demo", "--no-serve")
    assert json.loads((tmp_path / "demo" / "demo.json").read_text("utf-8")) == before


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--folder", "nowhere", "shift", "status"], 1, "nowhere is not a fieldref folder"),
        (["init", "x", "--name", "X", "--languages", "en,klingon"], 1, "there is no language klingon"),
        (["init", "x", "--name", "X", "--lat", "95", "--lon", "1"], 1, "between -90 and 90"),
        (["init", "x", "--name", "X", "--lat", "9"], 1, "go together"),
        (["init"], 2, "Usage"),
        (["get", "en"], 2, "begins with a slash"),
        (["no-such-command"], 2, "No such command"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_is_one_sentence_and_a_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], status: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in fieldref(*words, status=status)
    assert not (tmp_path / "x").exists()


def test_a_weak_passphrase_makes_no_safe_point(tmp_path: Path) -> None:
    fieldref("init", tmp_path / "x", "--name", "X", status=1, FIELDREF_PASSPHRASE="too short")
    assert not (tmp_path / "x").exists()


def test_one_answer_is_printed_without_a_server(paired: tuple[Path, Path]) -> None:
    assert '<html lang="ar" dir="rtl">' in fieldref("--folder", paired[0], "get", "/ar/rights/asylum")
    assert "404" in fieldref("--folder", paired[0], "get", "/ar/no/such", status=1)
    assert "/en/sign-in" in fieldref("--folder", paired[0], "get", "/en/", "--door", "staff", status=1)
