import csv
import io
import json

import pytest

from fieldref.exchange.cards import read_card
from fieldref.refusal import Refusal
from fieldref.register.records import Referral, TurnedAway


def test_a_branch_is_made_and_paired_by_a_yes(run, tmp_path, safe_point):
    branch = tmp_path / "north"
    made = run(tmp_path, "branch", "init", branch, "--name", "North")
    card = read_card(branch / "keys" / "branch.card", "branch")
    assert card.fingerprint in made.stdout
    asked = run(branch, "branch", "pair", safe_point, "--yes")
    assert read_card(safe_point / "keys" / "device.card", "device").fingerprint in asked.stderr
    assert "Bridge is paired" in asked.stdout
    assert card.fingerprint in run(safe_point, "pair", branch / "keys" / "branch.card", "--yes").stderr


def test_without_a_yes_nothing_is_paired(run, tmp_path, safe_point):
    run(tmp_path, "branch", "init", tmp_path / "north", "--name", "North")
    with pytest.raises(Refusal, match="--yes"):
        run(tmp_path / "north", "branch", "pair", safe_point)
    assert not (safe_point / "keys" / "branch.card").exists()


def test_merging_says_a_line_a_file_and_fails_if_one_was_refused(run, branch, safe_point, close_with, tmp_path):
    close_with(safe_point, Referral())
    (safe_point / "outbox" / "zzz.bin").write_bytes(b"?")
    result = run(branch, "branch", "merge", safe_point / "outbox")
    assert result.exit_code == 1
    first, second = result.stdout.splitlines()
    assert "new (Bridge, shift of" in first
    assert "refused: its size" in second


def test_merging_answers_in_json_with_gaps(run, branch, safe_point, close_with):
    close_with(safe_point, Referral()).unlink()
    second = close_with(safe_point, Referral())
    answer = json.loads(run(branch, "branch", "merge", second, "--json").stdout)
    assert answer["files"][0]["state"] == "new"
    assert answer["troubles"] == ["Bridge: bundle 1 is missing"]


def test_the_report_hides_small_numbers_unless_exact(run, branch, safe_point, close_with):
    bundle = close_with(safe_point, *(Referral(need="food", step="camp") for _ in range(3)))
    run(branch, "branch", "merge", bundle)
    report = ("branch", "report", "needs-by-step")
    assert "<5" in run(branch, *report).stdout
    exact = run(branch, *report, "--exact").stdout
    assert exact.startswith("Exact numbers: for the branch alone")
    assert "<5" not in exact


def test_who_was_turned_away_is_reported_by_reason_and_by_step(run, branch, safe_point, close_with):
    run(branch, "branch", "merge", close_with(safe_point, TurnedAway(need="shelter", reason="capacity", people=7)))
    report = ("branch", "report", "turned-away")
    assert "No place free" in run(branch, *report).stdout
    assert "In a camp" in run(branch, *report, "--by", "step").stdout
    assert b"shelter,7,0," in run(branch, *report, "--csv").stdout_bytes


def test_the_reports_csv_is_for_a_spreadsheet(run, branch, safe_point, close_with):
    run(branch, "branch", "merge", close_with(safe_point, Referral(need="food", day="2026-11-22")))
    args = ("--csv", "--exact", "--from", "2026-11-22", "--to", "2026-11-22")
    content = run(branch, "branch", "report", "needs-by-step", *args).stdout_bytes
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert content.startswith(b"\xef\xbb\xbf")
    assert len(rows) == 19
    assert rows[-1] == ["total", "0", "0", "0", "0", "0", "0", "1", "1"]
