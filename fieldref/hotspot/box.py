"""What a machine says of itself: its model, its disk, its power, its radio. Nothing is changed, nothing is kept.

Everything is read below a root, which is the system's own unless a test lays out another. None is said where a
machine does not tell: a laptop knows nothing of its voltage, Windows nothing of /sys.
"""

import os
import platform
import re
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path

from fieldref import __version__

LOW_NOW, LOW_ONCE = 0x1, 0x10000  # bits of vcgencmd get_throttled: under-voltage now; since the machine started
LIFE = Path("sys/block/mmcblk0/device/life_time")  # JEDEC eMMC 5.0: two estimates, in tenths, each as hexadecimal
USED_UP = 0x0B


@dataclass(frozen=True)
class Disk:
    """The disk that a folder lies on: bytes free and in all; whether it takes what is written; what it complains of.

    `errors` counts what its file system has noted since it was made; `worn` is how much of a card's life is used, in
    percent.
    """

    free: int
    total: int
    writable: bool
    errors: int | None = None
    worn: int | None = None


@dataclass(frozen=True)
class Box:
    """A machine, looked at below *root*."""

    root: Path = Path("/")

    def model(self) -> str:
        """What a Raspberry Pi calls itself; of others, their kind of system."""
        try:
            return (self.root / "proc/device-tree/model").read_text("utf-8", errors="replace").strip("\0\n")
        except OSError:
            return f"{platform.system()} {platform.machine()}"

    def disk(self, folder: Path) -> Disk:
        """The disk that *folder* lies on. A file is made there and removed, to see whether it takes one."""
        usage = shutil.disk_usage(folder)
        return Disk(usage.free, usage.total, _takes(folder), self._errors(), self._worn())

    def power_is_low(self) -> str | None:
        """ "now", "earlier" (since the machine started), "" for never; None where the machine does not say."""
        answer = _ask("vcgencmd", "get_throttled")
        found = re.fullmatch(r"throttled=(0x[0-9a-fA-F]+)", answer.strip()) if answer else None
        if found is None:
            return None
        bits = int(found[1], 16)
        return "now" if bits & LOW_NOW else "earlier" if bits & LOW_ONCE else ""

    def radios(self) -> list[str]:
        """The names of its Wi-Fi interfaces."""
        return sorted(path.parent.name for path in self.root.glob("sys/class/net/*/wireless"))

    def versions(self) -> dict[str, str]:
        """What runs here: fieldref, Python, SQLite and the system."""
        return {
            "fieldref": __version__,
            "Python": platform.python_version(),
            "SQLite": sqlite3.sqlite_version,
            "system": platform.platform(terse=True),
        }

    def _errors(self) -> int | None:
        counts = [_number(path) for path in self.root.glob("sys/fs/ext4/*/errors_count")]
        known = [count for count in counts if count is not None]
        return sum(known) if known else None

    def _worn(self) -> int | None:
        try:
            tenths = [int(each, 16) for each in (self.root / LIFE).read_text("ascii").split()]
        except (OSError, ValueError):
            return None
        used = [each for each in tenths if 1 <= each <= USED_UP]
        return min(max(used) * 10, 100) if used else None


def _takes(folder: Path) -> bool:
    trial = folder / ".takes"
    try:
        trial.write_bytes(b"")
        trial.unlink()
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text("ascii"))
    except (OSError, ValueError):
        return None


def _ask(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=5, check=False).stdout  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
