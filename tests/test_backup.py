"""A folder as one file and back: nothing is lost, nothing readable gets in, nothing damaged gets out."""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldref.backup import INDEX, BackupRefused, back_up, look, restore
from fieldref.exchange.bundle import close_shift
from fieldref.exchange.merge import merge_files
from fieldref.refusal import Refusal
from fieldref.register.passphrase import PassphraseRefused
from fieldref.register.records import Tally, append
from fieldref.register.shift import open_shift as open_it

Close = Callable[..., Path]


@pytest.fixture
def quiet(safe_point: Path, branch: Path, close_with: Close) -> Path:
    """A safe-point with a sealed bundle in its outbox, and no shift open."""
    close_with(safe_point, Tally(need="food"))
    return safe_point


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith("-journal")
    }


def test_a_safe_point_comes_back_as_it_was_and_works_on(quiet: Path, tmp_path: Path, words: str, branch: Path) -> None:
    made = back_up(quiet, tmp_path / "bridge.backup", words)
    back = tmp_path / "new-box"
    assert restore(tmp_path / "bridge.backup", back) == made
    assert contents(back) == contents(quiet)
    assert (back / "keys").stat().st_mode & 0o077 == 0
    open_it(back, words)
    close_shift(back, words)
    assert [each.state for each in merge_files(branch, [back / "outbox"], words)] == ["new", "new"]


def test_a_branch_comes_back_with_what_was_merged(quiet: Path, branch: Path, tmp_path: Path, words: str) -> None:
    merge_files(branch, [quiet / "outbox"], words)
    back_up(branch, tmp_path / "north.backup", words)
    restore(tmp_path / "north.backup", tmp_path / "new-laptop")
    assert [each.state for each in merge_files(tmp_path / "new-laptop", [quiet / "outbox"], words)] == ["already here"]


def test_an_open_shift_has_no_backup(open_shift: Any, safe_point: Path, tmp_path: Path, words: str) -> None:
    append(open_shift, Tally(need="food"))
    with pytest.raises(BackupRefused, match="close it first"):
        back_up(safe_point, tmp_path / "x", words)
    assert not list(tmp_path.glob("*x*"))


def test_a_wrong_passphrase_or_a_name_that_is_taken_makes_no_file(quiet: Path, tmp_path: Path, words: str) -> None:
    with pytest.raises(PassphraseRefused):
        back_up(quiet, tmp_path / "x", words + "!")
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(BackupRefused, match="already"):
        back_up(quiet, tmp_path / "taken", words)
    assert (tmp_path / "taken").read_text() == "mine"
    assert not (tmp_path / "x").exists()


def test_any_damage_is_noticed_and_nothing_is_put_back(quiet: Path, tmp_path: Path, words: str) -> None:
    back_up(quiet, tmp_path / "whole", words)
    whole = (tmp_path / "whole").read_bytes()
    damaged = tmp_path / "damaged"
    for place in range(600, len(whole) - 10240, len(whole) // 60):
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        if contents_of(damaged) != contents_of(tmp_path / "whole"):
            with pytest.raises(Refusal):
                restore(damaged, tmp_path / "back")
    for length in (0, 100, 512, len(whole) // 3, len(whole) // 2):
        damaged.write_bytes(whole[:length])
        with pytest.raises(Refusal):
            restore(damaged, tmp_path / "back")
    assert not (tmp_path / "back").exists()


def contents_of(file: Path) -> object:
    """What a tar file gives out; None for one that cannot be read. Padding and times do not count."""
    try:
        with tarfile.open(file) as tar:
            return [(each.name, each.mode, extracted.read()) for each in tar if (extracted := tar.extractfile(each))]
    except (tarfile.TarError, OSError, ValueError):
        return None


@pytest.mark.parametrize("name", ["../out", "/out", "keys/../../out", "C:out"])
def test_a_file_that_would_lie_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    evil = tmp_path / "evil"
    with tarfile.open(evil, "w") as tar:
        for each, text in ((INDEX, b'{"format": 1, "files": {}, "name": "x", "kind": "branch", "day": "2026-11-27"}'),
                           (name, b"x")):  # fmt: skip
            member = tarfile.TarInfo(each)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))
    with pytest.raises(BackupRefused):
        restore(evil, tmp_path / "back")
    assert not (tmp_path / "out").exists()


def test_links_and_devices_are_no_files_of_ours(tmp_path: Path) -> None:
    evil = tmp_path / "evil"
    with tarfile.open(evil, "w") as tar:
        text = b'{"format": 1, "files": {"fieldref.toml": ""}, "name": "x", "kind": "branch", "day": "2026-11-27"}'
        index = tarfile.TarInfo(INDEX)
        index.size = len(text)
        tar.addfile(index, io.BytesIO(text))
        link = tarfile.TarInfo("fieldref.toml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(BackupRefused):
        look(evil)


def test_a_folder_that_holds_something_is_not_written_over(quiet: Path, tmp_path: Path, words: str) -> None:
    back_up(quiet, tmp_path / "whole", words)
    (tmp_path / "busy").mkdir()
    (tmp_path / "busy" / "mine").write_text("mine")
    with pytest.raises(BackupRefused, match="not empty"):
        restore(tmp_path / "whole", tmp_path / "busy")
    assert contents(tmp_path / "busy") == {"mine": b"mine"}


def test_a_backup_of_a_newer_fieldref_says_so(tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    with tarfile.open(newer, "w") as tar:
        text = b'{"format": 2, "files": {}}'
        index = tarfile.TarInfo(INDEX)
        index.size = len(text)
        tar.addfile(index, io.BytesIO(text))
    with pytest.raises(BackupRefused, match="update"):
        look(newer)


def with_holes(name: str, size: int) -> bytes:
    """The head of a file of *size* bytes of which none stands in the tar (GNU's old way to keep a sparse file)."""
    member = tarfile.TarInfo(name)
    member.type = tarfile.GNUTYPE_SPARSE
    head = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    number = tarfile.itn(size, 12, tarfile.GNU_FORMAT)
    head[386:398], head[398:410], head[483:495] = number, tarfile.itn(0, 12, tarfile.GNU_FORMAT), number
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


def test_a_few_bytes_do_not_become_a_full_disk(tmp_path: Path) -> None:
    evil = tmp_path / "evil"
    with evil.open("wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
        text = b'{"format": 1, "files": {"big": "x"}, "name": "x", "kind": "branch", "day": "2026-11-27"}'
        index = tarfile.TarInfo(INDEX)
        index.size = len(text)
        tar.addfile(index, io.BytesIO(text))
        file.write(with_holes("big", 2**40) + bytes(1024))
    with tarfile.open(evil) as tar:
        assert [each.size for each in tar][1] == 2**40
    with pytest.raises(BackupRefused):
        restore(evil, tmp_path / "back")


@pytest.mark.parametrize("day", ['"yesterday"', "7", "null"])
def test_a_backup_that_says_nonsense_of_itself_is_refused_in_words(tmp_path: Path, day: str) -> None:
    evil = tmp_path / "evil"
    with tarfile.open(evil, "w") as tar:
        text = b'{"format": 1, "files": {}, "name": "x", "kind": "branch", "day": %s}' % day.encode()
        index = tarfile.TarInfo(INDEX)
        index.size = len(text)
        tar.addfile(index, io.BytesIO(text))
    with pytest.raises(BackupRefused):
        look(evil)


def test_what_cannot_be_put_back_whole_is_not_there_at_all(quiet: Path, tmp_path: Path, words: str) -> None:
    """A file and a folder of one name: each is sound, both together cannot be."""
    evil, one = tmp_path / "evil", hashlib.sha256(b"x").hexdigest()
    with tarfile.open(evil, "w") as tar:
        text = json.dumps({"format": 1, "files": {"a": one, "a/b": one}, "name": "\x1b[2Jx", "kind": "branch"})
        for name, content in ((INDEX, text[:-1] + ', "day": "2026-11-27"}'), ("a", "x"), ("a/b", "x")):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content.encode()))
    assert look(evil).name == "[2Jx"
    with pytest.raises(OSError):
        restore(evil, tmp_path / "back")
    assert sorted(path.name for path in tmp_path.glob("*back*")) == []
    back_up(quiet, tmp_path / "sound", words)
    restore(tmp_path / "sound", tmp_path / "back")
