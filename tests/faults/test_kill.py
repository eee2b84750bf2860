"""The staff door is killed while volunteers record; no referral is lost for which a browser had its answer.

A kill is not a power cut (the kernel still writes what it was given); it proves the order of answer and commit.
FIELDREF_KILLS says how often; `make soak` says 200.
"""

import hashlib
import http.client
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from fieldref import settings
from fieldref.exchange import keys
from fieldref.guide.build import build
from fieldref.register import shift
from fieldref.register.schema import open_register

KILLS = int(os.environ.get("FIELDREF_KILLS", "15"))
PASSPHRASE, PIN = "nine quiet boats at dawn", "482915"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
REFERRAL = {
    "person": "ar",
    "need": "shelter",
    "service": "lighthouse-hostel-beds",
    "sure": "lighthouse-hostel-beds",
    "who": "female/18-59",
    "travelling": "family",
    "way": "slip",
    "priority": "normal",
    "consent": "yes",
}


@pytest.fixture
def quick_hashing() -> None:
    """Not here: the door is another process, and hashes as it does in the field."""


@pytest.fixture
def border_post(tmp_path: Path) -> Path:
    folder = tmp_path / "border-post"
    folder.mkdir()
    settings.write(folder, settings.Settings(name="Border Post", latitude=36.5, longitude=15.0, step="border"))
    keys.make_device(folder, PASSPHRASE)
    build(folder)
    shift.open_shift(folder, PASSPHRASE, PIN)
    return folder


class Answer(NamedTuple):
    status: int
    location: str
    cookie: str
    page: str


class Door:
    """The staff door as a process of its own, to be killed."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "fieldref.web.listen", "staff", str(folder), "127.0.0.1", str(self.port)]
        self.process = subprocess.Popen(command, start_new_session=True)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(self, method: str, path: str, cookie: str = "", **fields: str) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request(method, path, urlencode(fields) if fields else None, FORM | {"Cookie": cookie})
            answer = connection.getresponse()
            cookies = answer.headers.get_all("Set-Cookie") or [""]
            return Answer(answer.status, answer.headers.get("Location", ""), cookies[-1], answer.read().decode())

    def sign_in(self) -> tuple[str, str]:
        """Wait until it is open, sign in, and return the cookie and the token of its forms."""
        for _ in range(200):
            try:
                answer = self.ask("POST", "/en/sign-in", pin=PIN)
                break
            except OSError:
                time.sleep(0.05)
        cookie = answer.cookie.split(";")[0]
        found = re.search(r'name="token" value="([^"]+)"', self.ask("GET", "/en/", cookie).page)
        assert found
        return cookie, found[1]


def record(door: Door, acknowledged: set[str], unsure: set[str]) -> None:
    """Send referral after referral until the door is gone, those first that were left without an answer."""
    cookie, token = door.sign_in()
    waiting = sorted(unsure)
    while True:
        once = waiting.pop() if waiting else secrets.token_hex(8)
        unsure.add(once)
        try:
            answer = door.ask("POST", "/en/refer", cookie, token=token, once=once, **REFERRAL)
        except (OSError, http.client.HTTPException):
            return
        if answer.status == 303 and answer.location == "/en/slip":
            acknowledged.add(once)
            unsure.discard(once)


def test_no_acknowledged_referral_is_lost_when_the_door_is_killed(border_post: Path) -> None:
    acknowledged: set[str] = set()
    unsure: set[str] = set()
    wait = random.Random(2026)  # noqa: S311 (not a secret)
    for _ in range(KILLS):
        door = Door(border_post)
        volunteer = threading.Thread(target=record, args=(door, acknowledged, unsure))
        before = len(acknowledged)
        volunteer.start()
        deadline = time.monotonic() + 20
        while len(acknowledged) == before and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(wait.uniform(0.0, 0.15))
        door.kill()
        volunteer.join(timeout=20)
        assert not volunteer.is_alive()
    db = open_register(border_post)
    used = {key for (key,) in db.conn.execute("SELECT key FROM once")}
    referrals = db.table("referral").count
    db.close()
    assert len(acknowledged) >= KILLS, "the volunteers did record"
    lost = [once for once in acknowledged if hashlib.sha256(once.encode()).hexdigest() not in used]
    assert lost == []
    assert referrals == len(used), "and none was recorded twice"
    print(f"\n{KILLS} kills, {len(acknowledged)} referrals acknowledged, 0 lost, {len(unsure)} without an answer")
