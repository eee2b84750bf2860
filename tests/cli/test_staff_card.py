"""fieldref staff-card, and serve --staff-lan: what whoever sets a box up types, and reads."""

import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fieldref import settings
from fieldref.cli import commands
from fieldref.guide.build import build
from fieldref.refusal import Refusal
from fieldref.register.schema import open_register
from fieldref.web.certificate import FILE, certificate

WIFI = "127.0.0.2"


@pytest.fixture
def bridge(tmp_path: Path) -> Path:
    """A safe-point at its hotspot's address."""
    folder = tmp_path / "bridge"
    folder.mkdir()
    settings.write(folder, settings.Settings(name="Bridge", address="10.42.0.1", network="FREE INFO"))
    return folder


def run(folder: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(commands, ["--folder", str(folder), *arguments])
    if isinstance(result.exception, Refusal):
        raise result.exception
    return result


def test_a_card_says_where_and_what_to_compare(bridge: Path) -> None:
    said = run(bridge, "staff-card", "-o", str(bridge / "card.html")).output
    card, made = (bridge / "card.html").read_text("utf-8"), certificate(bridge, ())
    assert "It opens https://10.42.0.1:8443" in said
    assert all(row in said and row in card for row in made.rows)
    assert f'aria-label="https://10.42.0.1:8443/card/{made.word}"' in card
    assert "<bdi>FREE INFO</bdi>" in card
    assert not re.search(r"src=|href=|url\(|@import|<script", card), "it needs no other file"


def test_a_card_is_in_the_volunteers_language(bridge: Path) -> None:
    run(bridge, "staff-card", "--language", "ar", "-o", str(bridge / "card.html"))
    assert 'class="staffcard" lang="ar" dir="rtl"' in (bridge / "card.html").read_text("utf-8")


def test_the_second_card_is_of_the_same_certificate(bridge: Path) -> None:
    first = run(bridge, "staff-card", "-o", str(bridge / "1.html")).output
    assert run(bridge, "staff-card", "-o", str(bridge / "1.html")).output == first


def test_a_lost_card_is_made_worthless_by_a_yes(bridge: Path) -> None:
    run(bridge, "staff-card", "-o", str(bridge / "card.html"))
    before = (bridge / FILE).read_bytes()
    with pytest.raises(Refusal, match="worth nothing"):
        run(bridge, "staff-card", "--renew", "-o", str(bridge / "card.html"))
    assert (bridge / FILE).read_bytes() == before
    said = run(bridge, "staff-card", "--renew", "--yes", "-o", str(bridge / "card.html")).output
    assert (bridge / FILE).read_bytes() != before
    assert "Start the doors again" in said


@pytest.mark.parametrize("option", [["--lan-host", "10.42.0.1"], ["--coordinator-lan"]])
def test_what_is_for_phones_goes_with_the_door_for_phones(bridge: Path, option: list[str]) -> None:
    result = run(bridge, "serve", *option)
    assert (result.exit_code, "go with --staff-lan" in result.output) == (2, True)


def ports(number: int) -> list[int]:
    """So many ports that are free at every address of this machine."""
    taken = [socket.create_server(("0.0.0.0", 0)) for _ in range(number)]
    found = [each.getsockname()[1] for each in taken]
    for each in taken:
        each.close()
    return found


def test_serve_opens_three_doors_and_closes_them(bridge: Path, tmp_path: Path) -> None:
    build(bridge)
    open_register(bridge).close()
    public, staff, lan = ports(3)
    options = ["--port", public, "--host", "127.0.0.1", "--staff-port", staff, "--staff-lan", "--lan-host", WIFI]
    command = [sys.executable, "-c", "from fieldref.cli import main; main()", "--folder", bridge, "serve", *options]
    with (tmp_path / "said").open("wb") as said:
        doors = subprocess.Popen([*map(str, command), "--lan-port", str(lan)], stdout=said, stderr=said)
    anyone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
    for address in (f"http://127.0.0.1:{public}/en/", f"http://127.0.0.1:{staff}/en/", f"https://{WIFI}:{lan}/en/"):
        wait_for_answer(address, anyone)
    doors.send_signal(signal.SIGTERM)
    assert doors.wait(timeout=20) == 0
    for where in (("127.0.0.1", public), ("127.0.0.1", staff), (WIFI, lan)):
        with closing(socket.socket()) as knocking:
            assert knocking.connect_ex(where) != 0
    words = (tmp_path / "said").read_text("utf-8")
    assert f"https://{WIFI}:{lan}" in words
    assert "Traceback" not in words


def wait_for_answer(address: str, context: ssl.SSLContext) -> None:
    """Wait until somebody answers at *address*, whatever it is."""
    for _ in range(300):
        try:
            return urllib.request.urlopen(address, timeout=5, context=context).close()
        except urllib.error.HTTPError as error:
            return error.close()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nobody answers at {address}")
