"""The doors of a demo-like safe-point, asked without a server."""

import errno
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from fieldref import settings
from fieldref.exchange import keys
from fieldref.guide.build import build
from fieldref.register import shift
from fieldref.register.schema import open_register
from fieldref.web import incoming, patience
from fieldref.web.branch import create_branch
from fieldref.web.lan import Lan, lan_at
from fieldref.web.public import create_public
from fieldref.web.staff import create_staff

HERE = "http://127.0.0.1:8081"


@pytest.fixture(scope="session")
def port_miralo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A safe-point with the shipped guide and sample directory; its register is never used."""
    folder = tmp_path_factory.mktemp("port-miralo")
    settings.write(folder, settings.Settings(name="Port Miralo", latitude=36.5, longitude=15.0, step="border"))
    build(folder)
    return folder


@pytest.fixture(scope="session")
def phone(port_miralo: Path) -> Client:
    """A phone at the public door."""
    return Client(create_public(port_miralo))


@pytest.fixture
def border_post(tmp_path: Path, words: str, pin: str, port_miralo: Path) -> Path:
    """A safe-point whose shift is open."""
    folder = tmp_path / "border-post"
    folder.mkdir()
    settings.write(folder, settings.Settings(name="Border Post", latitude=36.5, longitude=15.0, step="border"))
    keys.make_device(folder, words)
    (folder / "guide.db").write_bytes((port_miralo / "guide.db").read_bytes())
    shift.open_shift(folder, words, pin)
    return folder


class Volunteer:
    """A browser at the staff door that fills in the forms it is shown."""

    def __init__(self, folder: Path, served: Lan | None = None) -> None:
        self.client = Client(create_staff(folder, served))
        self.here = served.address if served else HERE
        self.page = ""

    def get(self, path: str) -> TestResponse:
        answer = self.client.get(path, base_url=self.here)
        self.page = answer.text
        return answer

    def post(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> TestResponse:
        answer = self.client.post(
            path, data=fields, base_url=self.here, headers={"Origin": self.here} | (headers or {})
        )
        if answer.status_code < 300 or answer.status_code >= 400:
            self.page = answer.text
        return answer

    def hidden(self, name: str) -> str:
        """What the page that was shown last holds in the hidden field *name*."""
        found = re.search(f'type="hidden" name="{name}" value="([^"]*)"', self.page)
        assert found, f"no {name} on the page"
        return found[1]

    def sign_in(self, pin: str) -> TestResponse:
        return self.post("/en/sign-in", pin=pin)

    def refer(self, **changed: str) -> TestResponse:
        """The usual referral, by the taps a volunteer makes."""
        self.get("/en/")
        self.post("/en/begin", token=self.hidden("token"), person=changed.get("person", "ar"))
        self.post("/en/begin", token=self.hidden("token"), need="shelter")
        self.get("/en/refer")
        usual = {
            "token": self.hidden("token"),
            "once": self.hidden("once"),
            "person": self.hidden("person"),
            "need": self.hidden("need"),
            "service": "lighthouse-hostel-beds",
            "who": "female/18-59",
            "sure": "lighthouse-hostel-beds",  # whatever the hour is at which the tests run
            "travelling": "unsaid",
            "disability": "unsaid",
            "way": "slip",
            "priority": "normal",
            "consent": "yes",
        }
        return self.post("/en/refer", **(usual | changed))


@pytest.fixture
def volunteer(border_post: Path, pin: str) -> Iterator[Volunteer]:
    """A volunteer who has signed in."""
    someone = Volunteer(border_post)
    someone.sign_in(pin)
    yield someone


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever types something wrong waits as long as he is told; tests/web/test_patience.py is about how long."""
    monkeypatch.setattr(patience, "LONGEST", 0)


@pytest.fixture
def newcomer(border_post: Path) -> Volunteer:
    """Somebody in front of the staff door."""
    return Volunteer(border_post)


@pytest.fixture
def lan_door(border_post: Path) -> Lan:
    """The staff door of the border post as volunteers' phones find it, over TLS."""
    return lan_at(border_post, "10.42.0.1:8443")


@pytest.fixture
def stranger(border_post: Path, lan_door: Lan) -> Volunteer:
    """A phone on the same Wi-Fi."""
    return Volunteer(border_post, lan_door)


@pytest.fixture
def phone_with_card(stranger: Volunteer, lan_door: Lan) -> Volunteer:
    """A phone that has read the staff card."""
    stranger.get(f"/card/{lan_door.certificate.word}")
    return stranger


@pytest.fixture
def recorded(border_post: Path) -> Callable[[str], list[tuple[object, ...]]]:
    """The rows of a table of the register as they are on the disk."""

    def rows(table: str) -> list[tuple[object, ...]]:
        db = open_register(border_post)
        try:
            return db.conn.execute(f"SELECT * FROM {table}").fetchall()
        finally:
            db.close()

    return rows


class Laptop(Volunteer):
    """A browser at the branch door."""

    def __init__(self, door: Any) -> None:
        self.door, self.client = door, Client(door)
        self.here = "http://127.0.0.1:8082"
        self.page = ""
        self.signed_in: Any = None

    def get(self, path: str) -> TestResponse:
        answer = self.client.get(path, base_url=self.here)
        self.page = answer.text if answer.mimetype == "text/html" else ""
        return answer

    @property
    def sessions(self) -> Any:
        return self.door.extensions["fieldref_sessions"]

    def enter(self, words: str, number: str = "1") -> "Laptop":
        self.signed_in = self.post("/en/sign-in", passphrase=words, number=number)
        assert self.signed_in.status_code == 303
        return self

    def send(
        self, name: str, content: bytes, path: str = "/en/take", field: str = "files", **more: str
    ) -> TestResponse:
        """Send one file in, as the page that was shown last would."""
        return self.send_all([(name, content)], path, field, **more)

    def send_all(
        self, files: list[tuple[str, bytes]], path: str = "/en/take", field: str = "files", **more: str
    ) -> TestResponse:
        self.get("/en/")
        sent = [(BytesIO(content), name) for name, content in files]
        data = {"token": self.hidden("token"), field: sent} | more
        return self.client.post(path, data=data, base_url=self.here, headers={"Origin": self.here})


@pytest.fixture
def branch_door(branch: Path) -> Any:
    """The door of the branch."""
    return create_branch(branch)


@pytest.fixture
def outsider(branch_door: Any) -> Laptop:
    """Somebody at the manager's laptop who does not know the passphrase."""
    return Laptop(branch_door)


@pytest.fixture
def manager(branch_door: Any, words: str) -> Laptop:
    """The branch's manager, signed in."""
    return Laptop(branch_door).enter(words)


@pytest.fixture
def second_manager(branch_door: Any, words: str) -> Laptop:
    """Another window, of another manager."""
    return Laptop(branch_door).enter(words, "2")


@pytest.fixture
def its_keys(branch: Path, words: str) -> keys.BranchKeys:
    """The branch's keys."""
    return keys.open_branch(branch, words)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Have the disk take no incoming file any more."""

    def fill() -> None:
        def write(self: incoming.Capped, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "no space left")

        monkeypatch.setattr(incoming.Capped, "write", write)

    return fill
