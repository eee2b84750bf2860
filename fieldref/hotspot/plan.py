"""What an installation would change, file by file, against what is on the disk now."""

import difflib
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fieldref.hotspot.files import File
from fieldref.hotspot.manifest import Manifest, digest

State = Literal["new", "changed", "same", "gone"]


@dataclass(frozen=True)
class Change:
    """One file. `gone` is no longer wanted and goes. `edited` was changed by somebody else since we wrote it."""

    path: str
    state: State
    why: str
    found: bytes | None
    wanted: File | None
    edited: bool = False

    @property
    def diff(self) -> str:
        """From what is there to what would be, as `diff -u` has it."""
        before = (self.found or b"").decode("utf-8", "replace").splitlines(keepends=True)
        after = self.wanted.content.splitlines(keepends=True) if self.wanted else []
        names = (self.path if self.found is not None else "/dev/null", self.path if self.wanted else "/dev/null")
        return "".join(difflib.unified_diff(before, after, *names))


def changes(files: tuple[File, ...], root: Path, installed: Manifest | None) -> tuple[Change, ...]:
    """Compare *files* with what stands below *root*, and with what an earlier installation put there."""
    ours = installed.files if installed else {}
    sure = installed is not None and installed.finished  # otherwise a file may be the one before
    wanted = {str(file.path): file for file in files}
    found = [_change(file, root, ours[path].digest if sure and path in ours else "") for path, file in wanted.items()]
    for path in ours.keys() - wanted.keys():
        there = _read(root / path.lstrip("/"))
        edited = sure and there is not None and digest(there) != ours[path].digest
        found.append(Change(path, "gone", "It is no longer wanted.", there, None, edited))
    return tuple(sorted(found, key=lambda change: change.path))


def _change(file: File, root: Path, wrote: str) -> Change:
    path = root / str(file.path).lstrip("/")
    found = _read(path)
    if found is None:
        return Change(str(file.path), "new", file.why, None, file)
    same = found == file.content.encode() and stat.S_IMODE(path.stat().st_mode) == file.mode
    edited = bool(wrote) and digest(found) != wrote and not same
    return Change(str(file.path), "same" if same else "changed", file.why, found, file, edited)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
