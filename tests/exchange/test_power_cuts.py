"""A power cut at every line of closing: the process is gone at once, and nothing was lost or left behind."""

import os
import shutil
import sys

import pytest

from fieldref import database, voices
from fieldref.exchange import bundle, envelope, keys
from fieldref.exchange.bundle import close_shift
from fieldref.exchange.pairing import paired_branch
from fieldref.register import shift
from fieldref.register.records import Referral, append_all
from fieldref.register.schema import open_register
from fieldref.voices import MissingService

OURS = {module.__file__ for module in (bundle, shift, database, voices)}
DIED = 86

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def close_and_die(folder, words, line):
    """Close in a process that dies before the *line*-th line of closing; return whether it got that far."""
    child = os.fork()
    if child == 0:
        left = line

        def trace(frame, event, _):
            nonlocal left
            if frame.f_code.co_filename not in OURS:
                return None
            if event == "line":
                left -= 1
                if left < 0:
                    os._exit(DIED)
            return trace

        sys.settrace(trace)
        try:
            close_shift(folder, words)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == DIED


def sealed_keys(branch_keys, folder, device_key, table, rows_of):
    content = b"".join(path.read_bytes() for path in (folder / "outbox").iterdir())
    _, payload = envelope.disclose(content, "bundle", branch_keys, lambda _: device_key)
    return {row[1] for row in rows_of(payload) if row[0] == table}


def waiting(folder):
    """The ids of what visitors told that is still in voices.db."""
    db = voices.open_voices(folder)
    try:
        return {row["id"] for row in db["missing_service"].rows}
    finally:
        db.close()


def test_a_power_cut_at_any_line_of_closing_loses_nothing(branch, safe_point, tmp_path, words, rows_of):
    records = [Referral() for _ in range(30)]
    codes = {record.code for record in records}
    shift.open_shift(safe_point, words)
    db = open_register(safe_point)
    append_all(db, records)
    db.close()
    said = [MissingService(language="ar", need="food") for _ in range(30)]
    ids = {voice.id for voice in said}
    voices.hear_all(safe_point, said)
    branch_keys = keys.open_branch(branch, words)
    device_key = keys.open_device(safe_point, words).public_key()
    assert paired_branch(safe_point)

    line, after = 0, {"open": 0, "closed": 0, "waiting": 0}
    while True:
        box = tmp_path / f"box-{line}"
        shutil.copytree(safe_point, box)
        died = close_and_die(box, words, line)
        db = open_register(box)
        still_open = shift.current(db) is not None
        if still_open:
            assert {row["code"] for row in db["referral"].rows} == codes
            assert waiting(box) == ids
            close_shift(box, words)
        else:
            shift.tidy(db, box)
        db.close()
        after["open" if still_open else "closed"] += 1
        assert (
            sealed_keys(branch_keys, box, device_key, "referral", rows_of) == codes
        )  # one file, whole, with everything
        assert sealed_keys(branch_keys, box, device_key, "missing_service", rows_of) == ids
        # Cut between the two commits they wait for the next bundle, where the same ids count once.
        assert waiting(box) in (set(), ids)
        after["waiting"] += bool(waiting(box))
        everything = b"".join(path.read_bytes() for path in box.rglob("*") if path.is_file())
        assert not any(code.encode() in everything for code in codes)
        shutil.rmtree(box)
        if not died:
            break
        line += 1
    assert after["open"] > 60
    assert after["closed"] > 5
    assert 0 < after["waiting"] < after["closed"]


def test_a_full_disk_leaves_the_shift_open_and_a_retry_closes_it(branch, safe_point, open_shift, words, monkeypatch):
    append_all(open_shift, [Referral() for _ in range(5)])

    def full(path, content):
        path.with_name(f".{path.name}.new").write_bytes(content[:1000])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as trouble:
        trouble.setattr(bundle, "write_whole", full)
        with pytest.raises(OSError, match="No space"):
            close_shift(safe_point, words)
    assert open_shift["referral"].count == 5
    closed = close_shift(safe_point, words)
    assert closed.counts["referral"] == 5
    assert list((safe_point / "outbox").iterdir()) == [closed.file]


def test_a_disk_that_writes_something_else_is_noticed_before_anything_is_deleted(
    branch, safe_point, open_shift, words, monkeypatch
):
    append_all(open_shift, [Referral()])
    monkeypatch.setattr(bundle, "write_whole", lambda path, content: path.write_bytes(content[:-1] + b"?"))
    with pytest.raises(bundle.CloseRefused, match="does not read back"):
        close_shift(safe_point, words)
    assert open_shift["referral"].count == 1
