import json

import pytest
from click.testing import CliRunner

from fieldref.cli import commands
from fieldref.register.importing import ImportRefused


@pytest.fixture
def import_(safe_point, open_shift, tmp_path):
    """Import these lines with fieldref register import."""

    def command(text, *options):
        sheet = tmp_path / "sheet.csv"
        sheet.write_text(text, "utf-8")
        return CliRunner().invoke(commands, ["--folder", str(safe_point), "register", "import", str(sheet), *options])

    return command


def test_referrals_are_imported_and_counted(import_, open_shift):
    agreed = "day,need,consent\n2026-11-22,food,yes\n"
    assert import_(agreed).stdout == "1 referral imported.\n"
    assert json.loads(import_(agreed, "--json").stdout) == {"imported": 1, "counted": 0, "problems": []}
    assert open_shift["referral"].count == 2


def test_it_says_how_many_were_only_counted(import_, open_shift):
    said = import_("day,need,consent\n2026-11-22,food,yes\n2026-11-22,food,no\n2026-11-22,food,\n").stdout
    assert said == "1 referral imported. 2 counted only: consent is not yes there.\n"
    assert (open_shift["referral"].count, open_shift["tally"].count) == (1, 2)


def test_what_is_wrong_is_said_and_nothing_imported(import_, open_shift):
    refused = import_("day,need\n2026-11-22,gold\n")
    assert isinstance(refused.exception, ImportRefused)
    answer = import_("day,need\n2026-11-22,gold\n", "--json")
    assert answer.exit_code == 1
    assert 'need is "gold"' in json.loads(answer.stdout)["problems"][0]
    assert open_shift["referral"].count == 0
