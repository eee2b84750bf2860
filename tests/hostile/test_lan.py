"""The staff door over TLS as a process that listens, and what somebody on the same Wi-Fi can do to it.

127.0.0.2 stands for the box's address on its Wi-Fi: another one of this machine's than that of the staff door in clear.
"""

import hashlib
import http.client
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from fieldref import settings
from fieldref.cli import commands
from fieldref.exchange import keys
from fieldref.guide.build import FILE_NAME
from fieldref.refusal import Refusal
from fieldref.register import shift
from fieldref.web.certificate import certificate

WIFI, PIN = "127.0.0.2", "482915"
SLOW = 260
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def any_certificate() -> ssl.SSLContext:
    """What a phone is after somebody compared the fingerprint and went on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class LanDoor:
    """The staff door of *folder* on `WIFI`, open until `stop`."""

    def __init__(self, folder: Path, room: Path) -> None:
        with socket.socket() as free:
            free.bind((WIFI, 0))
            self.port = free.getsockname()[1]
        self.said = room / "said.txt"
        command = [sys.executable, "-m", "fieldref.web.listen", "staff-lan", str(folder), WIFI, str(self.port)]
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(command, stdout=said, stderr=said)
        for _ in range(400):
            with closing(socket.socket()) as knocking:
                if knocking.connect_ex((WIFI, self.port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError(self.said.read_text("utf-8"))

    def ask(self, method: str, path: str, cookie: str = "", **fields: str) -> tuple[http.client.HTTPResponse, str]:
        """One request over TLS; *fields* are a form of the door's own page."""
        there = f"https://{WIFI}:{self.port}"
        connection = http.client.HTTPSConnection(WIFI, self.port, timeout=30, context=any_certificate())
        with closing(connection):
            headers = {"Cookie": cookie, "Origin": there} | (FORM if fields else {})
            connection.request(method, path, urlencode(fields).encode() if fields else None, headers)
            answer = connection.getresponse()
            return answer, answer.read().decode("utf-8", "replace")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=15)


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory, built_guide: bytes) -> Path:
    """A safe-point whose shift is open."""
    folder = tmp_path_factory.mktemp("bridge")
    settings.write(folder, settings.Settings(name="Bridge", step="border"))
    keys.make_device(folder, "nine quiet boats at dawn")
    (folder / FILE_NAME).write_bytes(built_guide)
    shift.open_shift(folder, "nine quiet boats at dawn", PIN)
    return folder


@pytest.fixture(scope="module")
def lan_door(bridge: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanDoor]:
    door = LanDoor(bridge, tmp_path_factory.mktemp("room"))
    yield door
    door.stop()


def test_nothing_older_than_tls_1_3_is_spoken(lan_door: LanDoor) -> None:
    with closing(any_certificate().wrap_socket(socket.create_connection((WIFI, lan_door.port), 10))) as phone:
        assert phone.version() == "TLSv1.3"
    old = any_certificate()
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        closing(
            old.wrap_socket(socket.create_connection((WIFI, lan_door.port), 10), do_handshake_on_connect=False)
        ) as phone,
        pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"),
    ):
        phone.do_handshake()


def test_the_fingerprint_on_the_card_is_that_of_the_certificate_that_is_served(
    lan_door: LanDoor, bridge: Path, tmp_path: Path
) -> None:
    card = tmp_path / "card.html"
    arguments = ["staff-card", "--lan-host", WIFI, "--lan-port", str(lan_door.port), "-o", str(card)]
    said = CliRunner().invoke(commands, ["--folder", str(bridge), *arguments], catch_exceptions=False)
    rows = re.findall(r"<code>([0-9A-F ]+)</code>", card.read_text("utf-8"))
    served = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((WIFI, lan_door.port)))
    assert bytes.fromhex(" ".join(rows)) == hashlib.sha256(served).digest()
    assert all(row in said.output for row in rows)


def test_in_clear_nothing_is_answered(lan_door: LanDoor) -> None:
    with closing(socket.create_connection((WIFI, lan_door.port), 10)) as phone:
        phone.sendall(b"GET /en/sign-in HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"HTTP" not in phone.recv(1000)


def test_it_listens_at_the_address_of_the_wifi_and_at_no_other(lan_door: LanDoor) -> None:
    with closing(socket.socket()) as knocking:
        assert knocking.connect_ex(("127.0.0.1", lan_door.port)) != 0


def test_whoever_guesses_without_a_card_locks_nobody_out(lan_door: LanDoor, bridge: Path) -> None:
    word = certificate(bridge, ()).word
    for number in range(60):
        assert lan_door.ask("POST", "/en/sign-in", pin=f"{number:06}")[0].status == 403
        assert lan_door.ask("GET", f"/card/{number:08}")[0].status == 403
    card = lan_door.ask("GET", f"/card/{word}")[0].headers["Set-Cookie"].split(";")[0]
    start = time.monotonic()
    answer, _ = lan_door.ask("POST", "/en/sign-in", card, pin=PIN)
    assert (answer.status, answer.headers["Location"]) == (303, "/en/")
    cookies = answer.headers.get_all("Set-Cookie")
    assert all("Secure" in each and each.startswith("__Host-") for each in cookies)
    print(f"\nafter 120 guesses a volunteer is in within {time.monotonic() - start:.2f} s")


def test_half_handshakes_keep_nobody_out(lan_door: LanDoor, bridge: Path) -> None:
    """Phones that connect and say nothing, that say half of hello, and that fall silent after shaking hands."""
    with ExitStack() as stay:
        for number in range(SLOW):
            phone = stay.enter_context(socket.create_connection((WIFI, lan_door.port), 10))
            if number % 3:
                phone.sendall(b"\x16\x03\x01\x02\x00\x01\x00"[: 1 + number % 7])
        for _ in range(SLOW // 4):
            phone = socket.create_connection((WIFI, lan_door.port), 10)
            inside = stay.enter_context(closing(any_certificate().wrap_socket(phone)))
            inside.sendall(b"POST /en/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\nX-Ha")
        start = time.monotonic()
        answer, _ = lan_door.ask("GET", f"/card/{certificate(bridge, ()).word}")
        took = time.monotonic() - start
    assert answer.status == 303
    assert took < 10
    print(f"\n{SLOW} half handshakes and {SLOW // 4} half requests stay; a phone is served in {took:.3f} s")


def test_in_clear_the_door_refuses_to_start_and_says_why(bridge: Path) -> None:
    command = [sys.executable, "-m", "fieldref.web.listen", "staff", str(bridge), WIFI, "8081"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "anybody near could read it" in done.stderr
    assert "--staff-lan" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--lan-host", "192.0.2.7"], "is not an address of this machine"),
        (["--lan-host", "0.0.0.0"], "needs one address"),
    ],
)
def test_an_address_that_is_not_ours_is_said_before_any_door_opens(bridge: Path, arguments, why: str) -> None:
    result = CliRunner().invoke(commands, ["--folder", str(bridge), "serve", "--staff-lan", *arguments])
    assert isinstance(result.exception, Refusal)
    assert why in str(result.exception)
