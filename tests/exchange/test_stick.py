"""A stick that is full, fails or is pulled: "safe to remove" is never said too early, and no half file is a bundle."""

import hashlib
import os
import shutil
from collections import namedtuple

import pytest

from fieldref.exchange import keys, seal, stick
from fieldref.exchange.merge import merge_files
from fieldref.exchange.stick import Sealed, StickRefused
from fieldref.register.records import Referral

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def made(tmp_path):
    """Three files of an outbox."""
    files = []
    for number in range(3):
        path = tmp_path / f"{number:032x}.bin"
        path.write_bytes(os.urandom(70_000))
        files.append(Sealed(path, hashlib.sha256(path.read_bytes()).hexdigest()))
    return files


@pytest.fixture
def a_stick(tmp_path):
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_files_are_copied_whole_and_nothing_else_is_left(made, a_stick):
    told = []
    stick.copy(made, a_stick, told.append)
    assert names(a_stick) == [each.file.name for each in made]
    assert all((a_stick / each.file.name).read_bytes() == each.file.read_bytes() for each in made)
    assert sum(told) == 3 * 70_000


def test_what_is_there_already_is_read_and_not_written_again(made, a_stick):
    stick.copy(made, a_stick)
    (a_stick / made[1].file.name).write_bytes(b"damaged since")
    told = []
    stick.copy(made, a_stick, told.append)
    assert sum(told) == 70_000
    assert all(stick.is_there(each, a_stick) for each in made)


def test_a_stick_without_room_is_refused_before_anything_is_written(made, a_stick, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9 - 10**6, 10**6))
    with pytest.raises(StickRefused, match="not enough room on the stick: 2 MB are needed, 1 MB are free"):
        stick.copy(made, a_stick)
    assert names(a_stick) == []


def test_a_folder_that_is_not_there_is_no_stick(made, a_stick):
    with pytest.raises(StickRefused, match="is the stick in"):
        stick.copy(made, a_stick / "gone")


def test_a_stick_that_forgets_what_was_written_is_noticed(made, a_stick, monkeypatch):
    real = stick._write

    def forgetful(source, beside, progress):
        real(source, beside, progress)
        beside.write_bytes(beside.read_bytes()[:-1] + b"?")

    monkeypatch.setattr(stick, "_write", forgetful)
    with pytest.raises(StickRefused, match="does not read back"):
        stick.copy(made, a_stick)
    assert names(a_stick) == []


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_stick_that_is_pulled_keeps_what_was_whole_and_says_so(made, a_stick, monkeypatch, after):
    real, written = stick._write, []

    def pulled(source, beside, progress):
        if len(written) == after:
            beside.write_bytes(source.read_bytes()[:1000])
            raise OSError(5, "Input/output error")
        written.append(source)
        real(source, beside, progress)

    with monkeypatch.context() as trouble:
        trouble.setattr(stick, "_write", pulled)
        with pytest.raises(StickRefused, match=r"Input/output error.*try again"):
            stick.copy(made, a_stick)
    assert names(a_stick) == [each.file.name for each in made[:after]]
    stick.copy(made, a_stick)
    assert all(stick.is_there(each, a_stick) for each in made)


def test_no_part_of_a_bundle_passes_for_one(branch, safe_point, close_with, words):
    """Where a rename is not atomic, a torn file may stand under the name: cut at any byte, or with zeros behind."""
    sealed = close_with(safe_point, Referral()).read_bytes()
    key = keys.open_branch(branch, words).sealing
    assert not [length for length in range(len(sealed)) if length in seal.SIZES]
    for length in range(0, len(sealed), 512):
        for torn in (sealed[:length], sealed[:length].ljust(len(sealed), b"\0"), bytes(length) + sealed[length + 1 :]):
            with pytest.raises(seal.SealRefused):
                seal.unseal(torn, key)


def test_what_is_torn_on_a_stick_is_refused_at_the_branch_and_copied_again(
    branch, safe_point, close_with, words, a_stick
):
    bundle = close_with(safe_point, Referral())
    made = [Sealed(bundle, hashlib.sha256(bundle.read_bytes()).hexdigest())]
    (a_stick / bundle.name).write_bytes(bundle.read_bytes()[:40_000])
    (a_stick / f".{bundle.name}.new").write_bytes(bundle.read_bytes())
    assert [each.state for each in merge_files(branch, [a_stick], words)] == ["refused"]
    stick.copy(made, a_stick)
    assert [each.state for each in merge_files(branch, [a_stick], words)] == ["new"]
