"""What of the hotspot is there and works, as far as this machine can tell without a phone."""

import re
from dataclasses import dataclass
from pathlib import Path

from fieldref.hotspot import commands, manifest
from fieldref.hotspot.install import SYSTEM, doors_in
from fieldref.hotspot.manifest import digest


@dataclass(frozen=True)
class Status:
    """`changed` names files that are no longer as they were installed. None: it cannot be told here.

    `phones` is how many are joined just now; which ones is not looked at.
    """

    installed: bool
    finished: bool = False
    changed: tuple[str, ...] = ()
    wifi: bool | None = None
    wall: bool | None = None
    doors: dict[str, bool | None] | None = None
    phones: int | None = None

    @property
    def works(self) -> bool:
        """Nothing speaks against it."""
        told = (self.wifi, self.wall, *(self.doors or {}).values())
        return self.installed and self.finished and not self.changed and False not in told


def status(root: Path, interface: str) -> Status:
    """Return how the hotspot below *root* is; only on this very system is it asked what runs."""
    noted = manifest.read(root)
    if noted is None:
        return Status(installed=False)
    changed = tuple(
        path for path, file in noted.files.items() if not _is_as_written(root / path.lstrip("/"), file.digest)
    )
    if root != SYSTEM:
        return Status(True, noted.finished, changed)
    return Status(
        True,
        noted.finished,
        changed,
        wifi=_says("nmcli -g GENERAL.STATE connection show fieldref", "^activated"),
        wall=_says("nft list table inet fieldref", "chain input"),
        doors={name: _says(f"systemctl is-active {name}", "^active") for name in doors_in(noted)},
        phones=_phones(interface),
    )


def _is_as_written(path: Path, wrote: str) -> bool:
    try:
        return digest(path.read_bytes()) == wrote
    except FileNotFoundError:
        return False


def _says(words: str, expected: str) -> bool:
    answer = commands.ask(words)
    return answer is not None and re.search(expected + r"\b", answer) is not None


def _phones(interface: str) -> int | None:
    answer = commands.ask(f"iw dev {interface} station dump")
    return None if answer is None else sum(line.startswith("Station") for line in answer.splitlines())
