"""Phones that join at once are all served, also beside phones that never finish a head. `make joining` times it."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PHONES, HALF = 16, 100


def test_phones_that_join_at_once_are_all_served() -> None:
    words = ["--phones", str(PHONES), "--half", str(HALF), "--rounds", "1", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.joining", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    measured = json.loads(done.stdout)
    assert len(measured) == 3
    for name, figures in measured.items():
        assert (figures["errors"], figures["phones"], figures["requests"]) == (0, PHONES, 7 * PHONES), name
