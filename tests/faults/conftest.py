"""A disk that loses power: what a real process wrote, recorded with strace, and cut anywhere.

The process is the register's own code on the SQLite it ships with; nothing of it is replaced. strace says what it
asked of the kernel, in order; `Disk` says what a power cut may leave of that.
"""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

STRACE = shutil.which("strace")
CALLS = (
    "open,openat,creat,write,pwrite64,fsync,fdatasync,ftruncate,truncate,unlink,unlinkat,rename,renameat,renameat2,"
    # Not known to `Disk`; a line of these in the folder fails the test, so that nothing is passed over.
    "writev,pwritev,fallocate,link,linkat,symlink,symlinkat,copy_file_range,sendfile,mmap"
)
PIECE = 512  # bytes of a sector: what a disk writes whole or not at all
LINE = re.compile(r"(\w+)\((.*)\) += (-?\d+)(?:<([^>]*)>)?.*")
HEX = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def _text(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


@dataclass(frozen=True)
class Call:
    """One thing that was asked of the disk: a kind, the file's name in the folder, and what belongs to it."""

    kind: str
    name: str
    at: int = 0
    data: bytes = b""
    to: str = ""


@dataclass
class File:
    """What is surely on the disk, and what was written since and may be."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Call] = field(default_factory=list)

    def sync(self) -> None:
        for call in self.pending:
            _apply(self.durable, call)
        self.pending.clear()

    def cut(self, chance: random.Random) -> bytearray:
        """One of the contents that a power cut now may leave: each write there, not there, or torn."""
        left, luck = bytearray(self.durable), chance.random()
        for call in self.pending if luck > 0.25 else []:
            if luck > 0.85:
                _apply(left, call)
            elif chance.random() < 0.6:
                _apply(left, call, chance if chance.random() < 0.3 else None)
        return left


def _apply(content: bytearray, call: Call, torn: random.Random | None = None) -> None:
    if call.kind == "truncate":
        del content[call.at :]
        content.extend(bytes(call.at - len(content)))
        return
    for start in range(0, len(call.data), PIECE) if torn else (0,):
        if torn is None or torn.random() < 0.5:
            piece = call.data[start : start + PIECE] if torn else call.data
            content.extend(bytes(max(0, call.at + start - len(content))))
            content[call.at + start : call.at + start + len(piece)] = piece


class Disk:
    """The folder as it lies on a disk. A file's bytes are sure once it was synced, its name once its folder was."""

    def __init__(self, folder: Path) -> None:
        self.names: dict[str, File] = {}
        for path in folder.rglob("*"):
            if path.is_file():
                self.names[str(path.relative_to(folder))] = File(bytearray(path.read_bytes()))
        self._durable = dict(self.names)
        self._pending: list[tuple[str, File | None, str]] = []

    def do(self, call: Call) -> None:
        if call.kind in ("write", "truncate"):
            self.names[call.name].pending.append(call)
        elif call.kind == "sync":
            self.names[call.name].sync()
        elif call.kind == "sync folder":
            here = call.name.rstrip("/")
            kept = [change for change in self._pending if _parent(change[0]) != here]
            _rename(self._durable, [change for change in self._pending if _parent(change[0]) == here])
            self._pending = kept
        else:
            file = self.names.get(call.name) if call.kind == "rename" else None
            change = (call.name, File() if call.kind == "create" else file, call.to)
            _rename(self.names, [change])
            self._pending.append(change)

    def cut(self, chance: random.Random) -> dict[str, bytearray]:
        """One of the folders that a power cut now may leave, as name: content."""
        names = dict(self._durable)
        _rename(names, [change for change in self._pending if chance.random() < 0.5])
        return {name: file.cut(chance) for name, file in names.items()}

    @property
    def sure(self) -> bool:
        """Whether a power cut now can leave only one state."""
        return not self._pending and not any(file.pending for file in self.names.values())


def _parent(name: str) -> str:
    return name.rpartition("/")[0]


def _rename(names: dict[str, File], changes: list[tuple[str, File | None, str]]) -> None:
    for name, file, to in changes:
        if file is None or to:
            names.pop(name, None)
        if file is not None:
            names[to or name] = file


def _calls(lines: list[str], folder: Path, before: Path) -> Iterator[Call]:
    """What strace's *lines* say was done in *folder*, once a copy of *before*; an "ack" went to standard output."""
    root, positions = f"{folder}/", {}
    there = {root + str(path.relative_to(before)) for path in before.rglob("*")}
    for line in lines:
        match = LINE.fullmatch(line)
        if match is None or match[3] == "-1" or (match[1] == "mmap" and "MAP_SHARED" not in match[2]):
            continue
        name, words, result = match[1], match[2], int(match[3])
        strings = [_text(found) for found in HEX.findall(words)]
        on = re.match(r"(\d+)<([^>]*)>", words)
        path = _text(on[2]).decode() if on else strings[0].decode() if strings else ""
        path = path.removesuffix(" (deleted)")
        if name == "write" and on and on[1] == "1":
            yield Call("ack", "", data=strings[0])
        elif name in ("open", "openat", "creat"):
            path = strings[-1].decode()
            if path.startswith(root) and ("O_CREAT" in words or name == "creat") and path not in there:
                there.add(path)
                yield Call("create", path.removeprefix(root))
            elif path.startswith(root) and "O_TRUNC" in words:
                yield Call("truncate", path.removeprefix(root))
            positions[result] = 0
        elif not f"{path}/".startswith(root):
            continue
        elif name in ("write", "pwrite64"):
            number, data = int(on[1]) if on else -1, strings[-1][:result]
            at = int(words.rpartition(", ")[2]) if name == "pwrite64" else positions[number]
            positions[number] = positions.get(number, 0) + (result if name == "write" else 0)
            yield Call("write", path.removeprefix(root), at, data)
        elif name == "ftruncate":
            yield Call("truncate", path.removeprefix(root), int(words.rpartition(", ")[2]))
        elif name in ("fsync", "fdatasync"):
            if Path(path).is_dir():
                yield Call("sync folder", f"{path}/".removeprefix(root))
            else:
                yield Call("sync", path.removeprefix(root))
        elif name.startswith(("unlink", "rename")):
            there.discard(path)
            to = strings[1].decode().removeprefix(root) if name.startswith("rename") else ""
            there.update({root + to} if to else ())
            yield Call(name[:6], path.removeprefix(root), to=to)
        elif not path.endswith("-shm"):  # an index of the log, made anew after a power cut
            raise AssertionError(f"strace recorded what Disk does not know: {line[:200]}")


@dataclass(frozen=True)
class Cut:
    """What one power cut left, in `folder`: `acknowledged` is what had been said to be done, `coming` what not yet."""

    folder: Path
    acknowledged: list[Any]
    coming: list[Any]


class Recording:
    """All that one process did to a folder, and the states in which the power can go."""

    def __init__(self, before: Path, calls: list[Call], room: Path) -> None:
        self._before, self._room = before, room
        self.calls = calls
        self.acks = [json.loads(call.data) for call in calls if call.kind == "ack"]

    def cuts(self, states: int, seed: int) -> Iterator[Cut]:
        """*states* cuts, evenly over all calls after which there is more than one; the same for the same *seed*."""
        disk, done, due, chance = Disk(self._before), 0, 0.0, random.Random(seed)  # noqa: S311
        each = states / self._unsure()
        for call in self.calls:
            if call.kind == "ack":
                done += 1
            else:
                disk.do(call)
            due += 0 if disk.sure else each
            while due >= 1 or (disk.sure and call.kind == "ack"):
                yield self._cut(disk.cut(chance), done)
                due -= 1
                if disk.sure:
                    due = max(due, 0.0)
                    break

    def _unsure(self) -> int:
        disk, unsure = Disk(self._before), 0
        for call in self.calls:
            if call.kind != "ack":
                disk.do(call)
            unsure += not disk.sure
        return unsure

    def _cut(self, left: dict[str, bytearray], done: int) -> Cut:
        room = self._room / str(os.getpid())
        for path in [path for path in room.rglob("*") if path.is_file()]:
            path.unlink()
        for name, content in left.items():
            path = room / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return Cut(room, self.acks[:done], self.acks[done:])


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Callable[..., Recording]]:
    """Run a program on a folder under strace and return what it did. It says "done" as JSON on standard output."""
    assert STRACE, "strace is not installed: see tests/programs"
    memory = Path("/dev/shm")  # noqa: S108 (no secret; a disk would be worn out)
    room = (memory if os.access(memory, os.W_OK) else tmp_path) / f"fieldref-cuts-{os.getpid()}"

    def run(folder: Path, program: str, *words: str) -> Recording:
        before, log = tmp_path / "before", tmp_path / "strace.txt"
        shutil.rmtree(before, ignore_errors=True)
        shutil.copytree(folder, before)
        tracing = [STRACE, "-y", "-xx", "-s", "99999999", "-qq", "-o", str(log), "-e", f"trace={CALLS}"]
        subprocess.run(
            [*tracing, sys.executable, "-c", program, str(folder), *words],
            check=True, timeout=120, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        return Recording(before, list(_calls(log.read_text("ascii").splitlines(), folder, before)), room)

    yield run
    shutil.rmtree(room, ignore_errors=True)
