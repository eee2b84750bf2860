"""The sticks that are in this machine, as the system has mounted them (Linux and macOS; none elsewhere)."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TABLE = Path("/proc/self/mounts")
PLACES = ("/media/", "/run/media/", "/mnt/")
VOLUMES = Path("/Volumes")
OCTAL = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True)
class Stick:
    """Where a stick is mounted, what it is called, and how many bytes are free on it."""

    path: Path
    name: str
    free: int

    @property
    def room(self) -> str:
        """The free bytes as people say them: 28 GB, 512 MB."""
        return f"{self.free // 10**9} GB" if self.free >= 10**9 else f"{self.free // 10**6} MB"


def sticks() -> list[Stick]:
    """Return the sticks that can be written to, by name. One that fails while it is looked at is left out."""
    return sorted(_found(), key=lambda stick: (stick.name, str(stick.path)))


def _found() -> Iterator[Stick]:
    for path in _on_macos() if sys.platform == "darwin" else _on_linux():
        try:
            if os.access(path, os.W_OK):
                yield Stick(path, path.name, shutil.disk_usage(path).free)
        except OSError:
            continue


def _on_linux() -> Iterator[Path]:
    if not TABLE.exists():
        return
    for line in TABLE.read_text("utf-8", "replace").splitlines():
        _, place, _, options, *_ = line.split(" ")
        where = OCTAL.sub(lambda found: chr(int(found[1], 8)), place)  # a space in a name stands there as \040
        if where.startswith(PLACES) and "ro" not in options.split(","):
            yield Path(where)


def _on_macos() -> Iterator[Path]:
    yield from (path for path in VOLUMES.iterdir() if path.is_mount() and not path.is_symlink())
