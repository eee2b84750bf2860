"""What is in the wheel, and what the public door cannot reach."""

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DATA = {"fieldref.seed", "fieldref.static", "fieldref.translations"}


def test_every_package_of_the_tree_is_in_the_wheel() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = set(setup["options"]["packages"].split())
    found = {".".join(init.parent.relative_to(ROOT).parts) for init in (ROOT / "fieldref").rglob("__init__.py")}
    assert listed == found | DATA


@pytest.mark.parametrize("hidden", ["register", "exchange", "reports", "guide.help"])
def test_opening_the_public_door_loads_nothing_that_is_not_for_visitors(hidden: str) -> None:
    """import-linter does not follow a package's __init__; a fresh interpreter does."""
    program = f"import sys, fieldref.web.public; sys.exit(any(m.startswith('fieldref.{hidden}') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_staff_door_does_load_the_register() -> None:
    """The test above can fail: this door is what it would look like."""
    program = "import sys, fieldref.web.staff; sys.exit('fieldref.register.records' not in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
