from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from fieldref.cli import branch_keys, commands
from fieldref.exchange.cards import read_card
from fieldref.exchange.keys import BRANCH_CARD, DEVICE_CARD
from fieldref.refusal import Refusal
from fieldref.register.records import Referral


@pytest.fixture
def north(run, tmp_path):
    """A branch that is paired with nobody."""
    run(tmp_path, "branch", "init", tmp_path / "north", "--name", "North")
    return tmp_path / "north"


def card_text(run, folder):
    return run(folder, "card").stdout.splitlines()[-1]


def test_two_screens_and_a_telephone_are_enough(run, north, safe_point):
    run(north, "branch", "pair", "--from-text", card_text(run, safe_point), "--yes")
    said = run(safe_point, "pair", "--from-text", card_text(run, north), "--yes")
    assert read_card(north / BRANCH_CARD, "branch").fingerprint in said.stderr
    assert "sealed to North from now on" in said.stdout


def test_without_a_yes_to_the_figures_nobody_is_paired(run, north, safe_point):
    for folder, other, words in ((safe_point, north, ("pair",)), (north, safe_point, ("branch", "pair"))):
        with pytest.raises(Refusal, match="read the same figures aloud"):
            run(folder, *words, "--from-text", card_text(run, other))
    assert not (safe_point / BRANCH_CARD).exists()


def test_a_card_is_a_sheet_to_show(run, safe_point, tmp_path):
    run(safe_point, "card", "-o", tmp_path / "card.html", "--language", "ar")
    assert 'dir="rtl"' in (tmp_path / "card.html").read_text("utf-8")


def test_new_keys_need_no_second_comparison(run, branch, safe_point):
    before = read_card(safe_point / DEVICE_CARD, "device")
    run(safe_point, "change-keys")
    assert read_card(safe_point / DEVICE_CARD, "device").follows(before)
    assert "is paired" in run(branch, "branch", "pair", safe_point).stdout
    with pytest.raises(Refusal, match="have the card of that change"):
        run(safe_point, "change-keys")
    run(branch, "change-keys", "--yes")
    assert "sealed to North" in run(safe_point, "pair", branch / BRANCH_CARD).stdout


def test_a_branch_is_brought_back_from_its_words(run, branch, tmp_path):
    (tmp_path / "words.txt").write_text(run(branch, "branch", "backup").stdout, "utf-8")
    run(tmp_path, "branch", "restore", tmp_path / "again", "--name", "North", "--words-file", tmp_path / "words.txt")
    again = read_card(tmp_path / "again" / BRANCH_CARD, "branch")
    assert again == read_card(branch / BRANCH_CARD, "branch")


def test_the_file_with_the_keys_is_its_makers_alone_and_is_never_written_over(run, branch, tmp_path):
    run(branch, "branch", "backup", "-o", tmp_path / "paper.html")
    assert (tmp_path / "paper.html").stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        run(branch, "branch", "backup", "-o", tmp_path / "paper.html")


def test_words_with_a_slip_make_no_branch(run, branch, tmp_path):
    lines = run(branch, "branch", "backup").stdout.splitlines()
    (tmp_path / "words.txt").write_text("\n".join([*lines[:3], *lines[4:]]), "utf-8")
    with pytest.raises(Refusal, match="line 4"):
        run(tmp_path, "branch", "restore", tmp_path / "again", "--name", "N", "--words-file", tmp_path / "words.txt")
    assert not (tmp_path / "again").exists()


def test_words_are_asked_for_line_by_line_until_each_is_right(run, branch, tmp_path, words, monkeypatch):
    lines = run(branch, "branch", "backup").stdout.splitlines()
    slip = lines[0].replace(lines[0].split()[3], "nothing")
    keyboard = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(branch_keys, "sys", keyboard)
    typed = "\n".join([slip, *lines, ""])
    arguments = ["branch", "restore", str(tmp_path / "again"), "--name", "North"]
    said = CliRunner().invoke(commands, arguments, input=typed, env={"FIELDREF_PASSPHRASE": words})
    assert 'line 1, word 3: "nothing" is not one of the words' in said.stderr
    assert read_card(tmp_path / "again" / BRANCH_CARD, "branch") == read_card(branch / BRANCH_CARD, "branch")


def test_a_region_reads_along(run, branch, safe_point, close_with, tmp_path):
    region = tmp_path / "region"
    run(tmp_path, "branch", "init", region, "--name", "Region")
    run(branch, "branch", "second", region / BRANCH_CARD, "--yes")
    assert "second recipient" in run(safe_point, "pair", branch / BRANCH_CARD).stdout
    run(branch, "branch", "roll", "-o", tmp_path / "north.roll")
    assert "1 safe-points of North" in run(region, "branch", "follow", tmp_path / "north.roll", "--yes").stdout
    bundle = close_with(safe_point, Referral())
    assert [run(folder, "branch", "merge", bundle).exit_code for folder in (branch, region)] == [0, 0]
    run(branch, "branch", "second", "--none")
    assert read_card(branch / BRANCH_CARD, "branch").second == b""


def test_a_lost_safe_point_is_revoked_by_its_name(run, branch, safe_point, close_with):
    bundle = close_with(safe_point, Referral())
    with pytest.raises(Refusal, match="for good"):
        run(branch, "branch", "revoke", "Bridge")
    run(branch, "branch", "revoke", "Bridge", "--yes")
    assert "Bridge  (revoked)" in run(branch, "branch", "devices").stdout
    assert "which was revoked" in run(branch, "branch", "merge", bundle).stdout
    with pytest.raises(Refusal, match="no paired safe-point"):
        run(branch, "branch", "revoke", "Harbour", "--yes")
