"""Commands, as people type them."""

import pytest
from click.testing import CliRunner

from fieldref.cli import commands


@pytest.fixture
def run(words):
    """Run fieldref on a folder; a Refusal is raised, as main() prints it."""

    def command(folder, *arguments):
        everything = ["--folder", str(folder), *map(str, arguments)]
        result = CliRunner().invoke(commands, everything, env={"FIELDREF_PASSPHRASE": words})
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return command
