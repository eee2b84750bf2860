"""The real doors, as processes that listen on this machine, and what people do to them."""

import http.client
import os
import re
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from fieldref import settings
from fieldref.exchange import branch as branches
from fieldref.exchange import keys
from fieldref.guide.build import FILE_NAME, build
from fieldref.register import shift

WIFI = "127.0.0.2"  # stands for the box's address on its Wi-Fi, or a laptop's on its network
OVER_TLS = ("staff-lan", "sync")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Answer(NamedTuple):
    status: int
    location: str
    cookie: str
    page: str


class Door:
    """A door of `folder`, open until `stop`. What it says is in `said`; its temporary files are in `room`.

    The doors for other machines listen at `WIFI`, over TLS.
    """

    def __init__(self, name: str, folder: Path, room: Path, **around: str) -> None:
        self.host = WIFI if name in OVER_TLS else "127.0.0.1"
        with socket.socket() as free:
            free.bind((self.host, 0))
            self.port = free.getsockname()[1]
        self.room, self.said = room, room / f"{name}-said.txt"
        room.mkdir(exist_ok=True)
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "fieldref.web.listen", name, str(folder), self.host, str(self.port)],
                stdout=said, stderr=said, env=os.environ | {"TMPDIR": str(room)} | around, start_new_session=True,
            )  # fmt: skip
        for _ in range(400):
            with closing(socket.socket()) as knocking:
                if knocking.connect_ex((self.host, self.port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError(self.said.read_text("utf-8"))

    def ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        address: str = "127.0.0.1",
        **fields: str,
    ) -> Answer:
        """Send one request, from an *address* of this machine; *fields* are a form."""
        sent = urlencode(fields).encode() if fields else body
        connection = self._call(address)
        with closing(connection):
            connection.request(method, path, sent, (FORM if fields else {}) | (headers or {}))
            answer = connection.getresponse()
            cookies = answer.headers.get_all("Set-Cookie") or [""]
            page = answer.read().decode("utf-8", "replace")
            return Answer(answer.status, answer.headers.get("Location", ""), cookies[-1], page)

    def _call(self, address: str) -> http.client.HTTPConnection:
        if self.host != WIFI:
            return http.client.HTTPConnection(self.host, self.port, timeout=30, source_address=(address, 0))
        anybodys = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        anybodys.check_hostname, anybodys.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(
            self.host, self.port, timeout=30, source_address=(address, 0), context=anybodys
        )

    def sign_in(self, pin: str) -> tuple[str, str]:
        """The cookie and the token of a volunteer who has signed in; two empty words if the door refuses."""
        return self.let_in("/en/sign-in", pin=pin)

    def let_in(self, path: str, card: str = "", **fields: str) -> tuple[str, str]:
        """The same for any who sign in; *card* is the cookie of a phone that has read the staff card."""
        cookie = self.ask("POST", path, {"Cookie": card} if card else None, **fields).cookie.split(";")[0]
        cookie = f"{card}; {cookie}" if card else cookie
        found = re.search(r'name="token" value="([^"]+)"', self.ask("GET", "/en/", {"Cookie": cookie}).page)
        return (cookie, found[1]) if found else ("", "")

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def quick_hashing() -> None:
    """Not here: the doors are other processes, and hash as they do in the field."""


@pytest.fixture(scope="session")
def built_guide(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The shipped guide with its sample directory, as a file's bytes."""
    folder = tmp_path_factory.mktemp("guide")
    settings.write(folder, settings.Settings(name="Border Post", latitude=36.5, longitude=15.0, step="border"))
    build(folder)
    return (folder / FILE_NAME).read_bytes()


@pytest.fixture
def border_post(tmp_path: Path, words: str, pin: str, built_guide: bytes, pair: Callable[..., object]) -> Path:
    """A safe-point with a guide and an open shift, paired with the branch in the folder `north` beside it."""
    folder = tmp_path / "border-post"
    folder.mkdir()
    settings.write(folder, settings.Settings(name="Border Post", latitude=36.5, longitude=15.0, step="border"))
    keys.make_device(folder, words)
    (folder / FILE_NAME).write_bytes(built_guide)
    branches.make_branch(tmp_path / "north", "North", words)
    pair(tmp_path / "north", folder)
    shift.open_shift(folder, words, pin)
    return folder


@pytest.fixture
def open_door(border_post: Path, tmp_path: Path) -> Iterator[Callable[..., Door]]:
    """Open a real door of `border_post`, or of another folder, by its name."""
    doors: list[Door] = []

    def opened(name: str, folder: Path = border_post, **around: str) -> Door:
        doors.append(Door(name, folder, tmp_path / "room", **around))
        return doors[-1]

    yield opened
    for door in doors:
        door.stop()


@pytest.fixture
def referral() -> Callable[..., dict[str, str]]:
    """The fields of a referral's form, to a tap that is open day and night, whatever the volunteer is warned of."""

    def fields(**changed: str) -> dict[str, str]:
        return {
            "once": secrets.token_hex(8),
            "person": "ar",
            "need": "wash",
            "service": "drinking-water",
            "sure": "drinking-water",
            "who": "female/18-59",
            "travelling": "family",
            "way": "slip",
            "priority": "normal",
            "consent": "yes",
        } | changed

    return fields
