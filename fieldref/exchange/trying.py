"""Has a pack tried in a process of its own (`fieldref.web.trial`), which leaves the guide it built."""

import json
import os
import subprocess
import sys
from pathlib import Path

from fieldref.folders import PACKAGE
from fieldref.guide.packfile import PackRefused

# By its name: it stands on the floor of the doors, and runs apart from whoever asks for it.
PROGRAM = "fieldref.web.trial"
SECONDS = 600
SECRETS = ("FIELDREF_PASSPHRASE", "FIELDREF_PIN")


def try_out(folder: Path, pack: Path, guide: Path) -> None:
    """Build *guide* of the *pack* for the place in *folder*, and show it. Raises PackRefused, and leaves none then."""
    # -P and our own path: a stick's folder, where one may stand, must not offer a module of the same name.
    command = [sys.executable, "-P", "-m", PROGRAM, *map(str, (folder, pack, guide))]
    around = {name: value for name, value in os.environ.items() if name not in SECRETS}
    around["PYTHONPATH"] = str(PACKAGE.parent)
    try:
        done = subprocess.run(command, env=around, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        if done.returncode != 0:
            raise PackRefused(f"the guide in it cannot be shown: {_reason(done.stdout)}", "cannot be shown")
    except subprocess.TimeoutExpired:
        raise PackRefused("the guide in it takes too long to build", "cannot be shown") from None
    except BaseException:
        guide.unlink(missing_ok=True)
        raise


def _reason(said: bytes) -> str:
    try:
        return str(json.loads(said.splitlines()[-1]))[:300]
    except (ValueError, IndexError):
        return "it takes too much memory or time, or holds what no page can"
