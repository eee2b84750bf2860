"""The disk is full, fails or cannot be written: a volunteer reads a sentence, and the form sent again counts once.

strace makes single calls of the kernel fail under the staff door's own code. FIELDREF_DISK_FAULTS says how many
points; `make soak` says 500.
"""

import ctypes
import hashlib
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client

from fieldref import settings
from fieldref.exchange import keys
from fieldref.guide.build import FILE_NAME as GUIDE
from fieldref.guide.build import build
from fieldref.register import records, shift
from fieldref.register.schema import FILE_NAME, open_register
from fieldref.web import access, staff
from fieldref.web.staff import create_staff

FAULTS = int(os.environ.get("FIELDREF_DISK_FAULTS", "100"))
STRACE = shutil.which("strace")
ANYBODY_MAY_TRACE = (0x59616D61, -1)  # prctl: PR_SET_PTRACER, PR_SET_PTRACER_ANY (where Yama guards)
TROUBLES = {
    "ENOSPC": {"pwrite64": 16, "fdatasync": 6, "openat": 2},
    "EIO": {"pwrite64": 16, "fdatasync": 6, "ftruncate": 2, "pread64": 16},
    "EROFS": {"pwrite64": 16, "ftruncate": 2, "openat": 2},
}
PASSPHRASE, PIN = "nine quiet boats at dawn", "482915"
REFERRAL = {
    "person": "ar",
    "need": "wash",
    "service": "drinking-water",
    "sure": "drinking-water",
    "who": "female/18-59",
    "travelling": "family",
    "way": "slip",
    "priority": "normal",
    "consent": "yes",
}
ADDRESS = "http://127.0.0.1:8081"


@pytest.fixture(scope="module")
def built_guide(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("guide")
    settings.write(folder, settings.Settings(name="Border Post", latitude=36.5, longitude=15.0, step="border"))
    build(folder)
    return (folder / GUIDE).read_bytes()


@pytest.fixture
def border_post(tmp_path: Path, built_guide: bytes) -> Path:
    """A safe-point whose shift is open."""
    folder = tmp_path / "border-post"
    folder.mkdir()
    settings.write(folder, settings.Settings(name="Border Post", latitude=36.5, longitude=15.0, step="border"))
    keys.make_device(folder, PASSPHRASE)
    (folder / GUIDE).write_bytes(built_guide)
    shift.open_shift(folder, PASSPHRASE, PIN)
    return folder


class Volunteer:
    """A volunteer in this process, signed in, who sends the same form until it is taken."""

    def __init__(self, folder: Path) -> None:
        self.client = Client(create_staff(folder))
        self.client.post("/ar/sign-in", data={"pin": PIN}, base_url=ADDRESS)
        found = re.search(r'name="token" value="([^"]+)"', self.client.get("/ar/", base_url=ADDRESS).text)
        assert found
        self.token, self.first = found[1], ""

    def send(self, once: str) -> tuple[int, str]:
        fields = REFERRAL | {"token": self.token, "once": once}
        answer = self.client.post("/ar/refer", data=fields, base_url=ADDRESS)
        return answer.status_code, answer.text


@pytest.fixture
def volunteer(border_post: Path) -> Volunteer:
    someone = Volunteer(border_post)
    assert someone.send("the first, so that all is loaded")[0] == 303
    (someone.first,) = codes(border_post)
    return someone


def codes(folder: Path) -> list[str]:
    db = open_register(folder)
    try:
        return [code for (code,) in db.conn.execute("SELECT code FROM referral")]
    finally:
        db.close()


def recorded(folder: Path) -> tuple[set[str], int]:
    """The used keys of forms, and how many referrals there are."""
    db = open_register(folder)
    try:
        assert db.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {key for (key,) in db.conn.execute("SELECT key FROM once")}, db.table("referral").count
    finally:
        db.close()


def send_in_trouble(volunteer: Volunteer, folder: Path, once: str, injection: str) -> tuple[int, str]:
    """Send the form from a copy of this process whose calls on the register fail as *injection* says."""
    (hears, says), (start, go) = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        ctypes.CDLL(None).prctl(*ANYBODY_MAY_TRACE)
        os.read(start, 1)
        answer: tuple[int, str] = (0, "")
        try:
            answer = volunteer.send(once)
        except BaseException as error:
            answer = (-1, repr(error))
        os.write(says, json.dumps(answer).encode())
        os._exit(0)
    files = [word for name in (FILE_NAME, f"{FILE_NAME}-journal") for word in ("-P", str(folder / name))]
    tracer = subprocess.Popen(
        [STRACE, "-p", str(child), "-o", os.devnull, *files, "-e", f"inject={injection}"], stderr=subprocess.DEVNULL
    )
    while "TracerPid:\t0\n" in Path(f"/proc/{child}/status").read_text("ascii"):
        time.sleep(0.001)
        assert tracer.poll() is None, "strace cannot look into a process here"
    os.write(go, b"!")
    os.close(says)
    with os.fdopen(hears, "rb") as answers:
        answer = json.loads(answers.read())
    os.waitpid(child, 0)
    tracer.wait(timeout=20)
    for handle in (start, go):
        os.close(handle)
    return answer[0], answer[1]


def points() -> Iterator[str]:
    """One call that fails, or all from one on, over and over; the same each time."""
    chance = random.Random(2026)  # noqa: S311
    for _ in range(FAULTS):
        trouble = chance.choice(sorted(TROUBLES))
        call = chance.choice(sorted(TROUBLES[trouble]))
        number = chance.randint(1, TROUBLES[trouble][call])
        yield f"{call}:error={trouble}:when={number}{chance.choice(('', '+'))}"


def test_whatever_the_disk_refuses_the_volunteer_reads_a_sentence_and_can_send_again(border_post, volunteer) -> None:
    seen: Counter[int] = Counter()
    for number, injection in enumerate(points()):
        once = f"form {number}"
        digest = hashlib.sha256(once.encode()).hexdigest()
        keys_before, before = recorded(border_post)
        status, page = send_in_trouble(volunteer, border_post, once, injection)
        seen[status] += 1
        keys_after, after = recorded(border_post)
        assert status in (303, 503, 507), f"{injection}: {status} {page[-300:]}"
        assert keys_before <= keys_after, f"{injection}: an acknowledged referral is lost"
        assert after == before + (digest in keys_after), injection
        if status == 303:
            assert digest in keys_after, f"{injection}: it was acknowledged"
            continue
        assert '<html lang="ar" dir="rtl">' in page
        assert "Nothing was recorded" not in page or digest not in keys_after
        assert f'name="once" value="{once}"' in page, "the page offers to send the same form again"
        assert volunteer.send(once)[0] == 303
        assert recorded(border_post)[1] == before + 1, f"{injection}: sent again, it is there once"
    print(f"\n{FAULTS} points: {dict(seen)}")
    assert seen[503] > FAULTS * 0.2
    assert seen[507] > FAULTS * 0.05


def test_a_form_sent_again_after_an_unsure_commit_shows_its_own_slip(border_post, volunteer, monkeypatch) -> None:
    """The disk failed at the last sync: the record is there, and nobody was told. The next slip must be this one."""
    real = records.append_all

    def saved_but_unsure(*words, **fields):
        real(*words, **fields)
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as trouble:
        trouble.setattr(records, "append_all", saved_but_unsure)
        assert volunteer.send("unsure")[0] == 503
    codes_before = codes(border_post)
    assert volunteer.send("unsure")[0] == 303
    assert codes(border_post) == codes_before
    slip = re.sub(r"<[^>]*>|-", "", volunteer.client.get("/ar/slip", base_url=ADDRESS).text)
    (unsure,) = set(codes_before) - {volunteer.first}
    assert (unsure in slip, volunteer.first in slip) == (True, False)


@pytest.mark.parametrize("path", ["/ar/", "/ar/refer", "/ar/sign-in"])
def test_a_page_that_cannot_be_read_is_refused_in_words_too(border_post, volunteer, monkeypatch, path: str) -> None:
    def fails(folder):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(access, "open_register", fails)
    answer = volunteer.client.get(path, base_url=ADDRESS)
    assert (answer.status_code, '<html lang="ar" dir="rtl">' in answer.text) == (503, True)


def test_a_pin_is_never_sent_back_in_a_page(border_post, volunteer, monkeypatch) -> None:
    monkeypatch.setattr(staff, "check_pin", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    answer = volunteer.client.post("/ar/sign-in", data={"pin": PIN, "token": "x"}, base_url=ADDRESS)
    assert (answer.status_code, PIN in answer.text) == (507, False)


@pytest.fixture
def small_disk(border_post: Path) -> Iterator[Path]:
    """The safe-point on a disk of its own with hardly any room left."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can mount a disk; the calls that fail are tested above")
    disk = border_post.with_name("disk")
    disk.mkdir()
    size = sum(path.stat().st_size for path in border_post.rglob("*")) // 1024 + 160
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "none", str(disk)], check=False).returncode:
        pytest.skip("no disk may be mounted here")
    try:
        shutil.copytree(border_post, disk, dirs_exist_ok=True)
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_really_full_disk_loses_nothing_and_goes_on_when_there_is_room(small_disk) -> None:
    volunteer = Volunteer(small_disk)
    acknowledged = 0
    while (answer := volunteer.send(f"form {acknowledged}"))[0] == 303:
        acknowledged += 1
        assert acknowledged < 5_000
    assert answer[0] == 507
    assert recorded(small_disk)[1] == acknowledged
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    assert volunteer.send(f"form {acknowledged}")[0] == 303
    assert recorded(small_disk)[1] == acknowledged + 1
    print(f"\n{acknowledged} referrals acknowledged until the disk was full, 0 lost")


def test_a_disk_that_turns_read_only_is_said_in_words(small_disk) -> None:
    volunteer = Volunteer(small_disk)
    assert volunteer.send("before")[0] == 303
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert volunteer.send("while")[0] == 503
    assert volunteer.client.get("/ar/", base_url=ADDRESS).status_code in (200, 503)
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert volunteer.send("while")[0] == 303
    assert recorded(small_disk)[1] == 2
