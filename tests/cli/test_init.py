"""A safe-point is made, with a passphrase that somebody chose or that was made for it."""

import re

import pytest
from click.testing import CliRunner

from fieldref.cli import commands
from fieldref.refusal import Refusal
from fieldref.register import shift
from fieldref.register.strength import words


def run(*arguments, **settings):
    result = CliRunner().invoke(commands, [str(each) for each in arguments], env=settings)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


@pytest.mark.parametrize("command", [("init",), ("branch", "init")], ids=" ".join)
def test_a_passphrase_of_six_words_is_made_and_shown_once(tmp_path, command) -> None:
    folder = tmp_path / "bridge"
    said = run(*command, folder, "--name", "Bridge", "--generate", FIELDREF_PASSPHRASE="of something else")
    [made] = re.findall(r"^The passphrase of .*: ((?:[a-z]+ ){5}[a-z]+)$", said, re.MULTILINE)
    assert set(made.split()) <= set(words())
    assert not [path for path in folder.rglob("*") if path.is_file() and made.encode() in path.read_bytes()]
    if command == ("init",):
        assert shift.check_passphrase(folder, made)


def test_it_is_either_made_or_given(tmp_path) -> None:
    given = tmp_path / "passphrase"
    given.write_text("nine quiet boats at dawn")
    with pytest.raises(Refusal, match="either"):
        run("init", tmp_path / "bridge", "--name", "Bridge", "--generate", "--passphrase-file", given)
    assert not (tmp_path / "bridge").exists()


def test_none_is_made_for_what_is_there_already(tmp_path) -> None:
    """Nobody writes down a passphrase that opens nothing."""
    run("init", tmp_path, "--name", "Bridge", FIELDREF_PASSPHRASE="nine quiet boats at dawn")
    with pytest.raises(Refusal, match="nothing was changed"):
        run("init", tmp_path, "--name", "Bridge", "--generate")
