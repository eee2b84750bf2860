"""The power goes, or the stick, while bundles are copied, a receipt is taken, bundles are tidied away.

FIELDREF_POWER_CUTS says in how many states, a tenth of them for each; FIELDREF_DISK_FAULTS, a tenth of it, how many
calls fail; `make soak` says 100,000 and 500.
"""

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fieldref.exchange import keys, outbox, receipt, seal
from fieldref.exchange.cards import read_card
from fieldref.exchange.keys import DEVICE_CARD
from fieldref.exchange.merge import merge_files
from fieldref.register.records import Referral
from fieldref.register.schema import open_register

CUTS = int(os.environ.get("FIELDREF_POWER_CUTS", "5000")) // 10
FAULTS = max(10, int(os.environ.get("FIELDREF_DISK_FAULTS", "100")) // 10)
BUNDLES = 3
EXPORT = """
import json, os, sys
from datetime import date
from pathlib import Path
from fieldref.exchange import outbox
from fieldref.refusal import Refusal
from fieldref.register.schema import open_register
folder = Path(sys.argv[1])
db = open_register(folder)
try:
    outbox.export(db, outbox.bundles(db, folder), folder / "stick", date(2026, 12, 1))
except Refusal as refusal:
    print(refusal, file=sys.stderr)
    os._exit(1)
os.write(1, json.dumps("safe to remove").encode())
os._exit(0)
"""
TIDY = """
import json, os, sys
from datetime import date
from pathlib import Path
from fieldref.exchange import outbox, receipt
from fieldref.register.schema import open_register
folder = Path(sys.argv[1])
receipt.take(folder, Path(sys.argv[2]).read_bytes(), day=date(2026, 12, 1))
os.write(1, json.dumps("received").encode())
db = open_register(folder)
kept = outbox.bundles(db, folder)
outbox.delete(db, folder, outbox.received(kept))
os.write(1, json.dumps("tidied").encode())
os._exit(0)
"""


@pytest.fixture
def sealed(branch: Path, safe_point: Path, close_with) -> dict[str, str]:
    """The bundles of three shifts in the outbox, a stick in a folder beside it: file name and SHA-256 of each."""
    (safe_point / "stick").mkdir()
    (safe_point / "stick" / "photo.jpg").write_bytes(b"somebody's")
    made = [close_with(safe_point, Referral()) for _ in range(BUNDLES)]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made}


def on_the_stick(folder: Path) -> dict[str, str]:
    """What a branch would look at: every *.bin that is no hidden file."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (folder / "stick").glob("*.bin")
        if path.name[0] != "."
    }


def listed(folder: Path) -> list[outbox.Kept]:
    db = open_register(folder)
    try:
        return outbox.bundles(db, folder)
    finally:
        db.close()


def test_a_power_cut_in_copying_leaves_no_half_bundle_and_undoes_nothing_that_was_said(
    safe_point, sealed, record, branch, words
) -> None:
    key, seen = keys.open_branch(branch, words).sealing, {"none": 0, "some": 0, "all": 0}
    for cut in record(safe_point, EXPORT).cuts(CUTS, seed=2060):
        found = on_the_stick(cut.folder)
        for name, digest in found.items():
            if digest != sealed[name]:
                with pytest.raises(seal.SealRefused):
                    seal.unseal((cut.folder / "stick" / name).read_bytes(), key)
        whole = {name for name, digest in found.items() if digest == sealed[name]}
        if cut.acknowledged:
            assert whole == set(sealed)
        marked = {each.file.name for each in listed(cut.folder) if each.exported}
        assert marked <= whole, "it is said to be copied and is not on the stick"
        assert (cut.folder / "stick" / "photo.jpg").read_bytes() == b"somebody's"
        assert all(each.there for each in listed(cut.folder))
        seen["all" if len(whole) == BUNDLES else "some" if whole else "none"] += 1
    print(f"\n{sum(seen.values())} power cuts: {seen}")
    assert min(seen.values()) > CUTS // 20


def test_a_power_cut_in_tidying_deletes_nothing_that_has_no_receipt(
    safe_point, sealed, record, branch, words, tmp_path, open_books
) -> None:
    merge_files(branch, [safe_point / "outbox" / name for name in sorted(sealed)[:2]], words)
    device = read_card(safe_point / DEVICE_CARD, "device").id
    text = receipt.issue(open_books(branch), keys.open_branch(branch, words), device)
    (tmp_path / "some.receipt").write_bytes(text)
    seen = {"waiting": 0, "received": 0, "tidied": 0}
    for cut in record(safe_point, TIDY, str(tmp_path / "some.receipt")).cuts(CUTS, seed=2070):
        kept = listed(cut.folder)
        assert not any(each.lost for each in kept)
        received = {each.file.name for each in kept if each.received}
        assert received in (set(), set(sorted(sealed)[:2])), "a receipt counts as a whole"
        if "received" in cut.acknowledged:
            assert received
        if "tidied" in cut.acknowledged:
            assert not any(each.there for each in kept if each.received)
        gone = len([each for each in kept if not each.there])
        seen["tidied" if gone == 2 else "received" if received else "waiting"] += 1
    print(f"\n{sum(seen.values())} power cuts: {seen}")
    assert min(seen.values()) > 0


CALLS = {"write": 3, "fsync": 6, "openat": 9, "rename": 3, "read": 12}
TROUBLES = ("EIO", "ENOSPC", "EROFS", "ENODEV")


def test_whatever_the_stick_refuses_it_is_said_and_the_next_copy_puts_it_right(safe_point, sealed) -> None:
    chance, refused = random.Random(2080), 0  # noqa: S311
    stick = safe_point / "stick"
    files = [place for name in sealed for place in (stick / name, stick / f".{name}.new")]
    watched = [word for path in (stick, *files) for word in ("-P", str(path))]
    for _ in range(FAULTS):
        call = chance.choice(sorted(CALLS))
        injection = f"{call}:error={chance.choice(TROUBLES)}:when={chance.randint(1, CALLS[call])}+"
        for path in stick.glob("*.bin"):
            path.unlink()
        run = subprocess.run(
            [shutil.which("strace") or "strace", "-qq", "-o", os.devnull, *watched, "-e", f"inject={injection}",
             sys.executable, "-c", EXPORT, str(safe_point)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        said, found = run.stdout == json.dumps("safe to remove"), on_the_stick(safe_point)
        assert said == (run.returncode == 0), f"{injection}: {run.stderr}"
        assert said or run.stderr.startswith("the stick could not be written"), f"{injection}: {run.stderr}"
        assert all(found[name] == sealed[name] for name in found), injection
        assert not said or found == sealed, f"{injection}: said too early"
        refused += not said
    again = subprocess.run([sys.executable, "-c", EXPORT, str(safe_point)], capture_output=True, check=True)
    assert json.loads(again.stdout) == "safe to remove"
    assert on_the_stick(safe_point) == sealed
    print(f"\n{FAULTS} faults, {refused} of them refused")
    assert refused > FAULTS // 3
