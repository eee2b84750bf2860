import json

import pytest
from click.testing import CliRunner

from fieldref.cli import commands
from fieldref.exchange.pairing import NotPaired
from fieldref.register.records import Referral, append
from fieldref.register.schema import open_register


@pytest.fixture
def run(safe_point, words):
    """Run fieldref at the safe-point; a Refusal is raised, as main() prints it."""

    def command(*arguments, environment=None):
        given = {"FIELDREF_PASSPHRASE": words, **(environment or {})}
        result = CliRunner().invoke(
            commands, ["--folder", str(safe_point), *arguments], env=given, catch_exceptions=True
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return command


def test_a_shift_is_opened_used_and_closed(run, branch, safe_point):
    pin = json.loads(run("shift", "open", "--json").stdout)["pin"]
    assert len(pin) == 6
    db = open_register(safe_point)
    append(db, Referral(need="food"))
    db.close()
    assert "referrals 1," in run("shift", "status").stdout
    closed = json.loads(run("shift", "close", "--json").stdout)
    assert closed["counts"]["referral"] == 1
    assert "No shift is open. 1 sealed bundle" in run("shift", "status").stdout


def test_the_pin_may_be_given(run, pin):
    assert pin in run("shift", "open", environment={"FIELDREF_PIN": pin}).stdout


def test_status_needs_no_passphrase(run):
    found = json.loads(run("shift", "status", "--json", environment={"FIELDREF_PASSPHRASE": None}).stdout)
    assert found == {"open": False, "bundles": 0}


def test_the_passphrase_may_stand_in_a_file(run, tmp_path, words):
    file = tmp_path / "words"
    file.write_text(f"{words}\n")
    no_passphrase = {"FIELDREF_PASSPHRASE": None}
    assert run("shift", "open", "--passphrase-file", str(file), environment=no_passphrase).exit_code == 0


def test_without_a_branch_closing_is_refused_in_words(run):
    run("shift", "open")
    with pytest.raises(NotPaired):
        run("shift", "close")
