"""A phone's way into the guide: lease, names, probe, page; and what is not there. Real programs, our installed files.

The bridge stands for the radio. That the radio keeps phones apart (`ap-isolation`) is asked of the bridge here and was
not tried on the air.
"""

import json
import re
import subprocess
import time
from typing import Any

import pytest

HOME = "http://10.42.0.1/"
APPLE = "CaptiveNetworkSupport-480.120.1 wispr"
PROBES = {
    "Android": ("connectivitycheck.gstatic.com", "/generate_204", "Dalvik/2.1.0"),
    "Samsung": ("d2uzsrnmmf6tds.cloudfront.net", "/generate_204", "Dalvik/2.1.0"),
    "Huawei": ("connectivitycheck.platform.hicloud.com", "/generate_204", "Dalvik/2.1.0"),
    "iPhone": ("captive.apple.com", "/hotspot-detect.html", APPLE),
    "Windows": ("www.msftconnecttest.com", "/connecttest.txt", "Microsoft NCSI"),
    "Firefox": ("detectportal.firefox.com", "/canonical.html", "Mozilla/5.0 Firefox/131.0"),
}
REFUSED, SILENCE = 7, 28


@pytest.fixture(scope="module")
def lease(air: Any) -> list[str]:
    """What phone 1 was told when it joined."""
    return air.join("phone1")


@pytest.fixture(scope="module")
def other(air: Any) -> str:
    """The address of phone 2."""
    return air.join("phone2")[0]


def test_a_phone_gets_an_address_and_the_box_as_its_router_and_name_server(lease: list[str]) -> None:
    address, router, names = lease
    assert re.fullmatch(r"10\.42\.0\.\d+", address)
    assert (router, names) == ("10.42.0.1", "10.42.0.1")


@pytest.mark.parametrize("name", [host for host, _, _ in PROBES.values()])
def test_every_name_leads_to_the_address_that_is_nobodys(air: Any, lease: list[str], name: str) -> None:
    assert air.dig(name) == ("NOERROR", ["198.51.100.1"])
    assert air.dig(name, "AAAA") == ("NOERROR", [])


def test_the_boxs_own_name_leads_to_the_box(air: Any, lease: list[str]) -> None:
    assert air.dig("help.lan") == ("NOERROR", ["10.42.0.1"])


@pytest.mark.parametrize("kind", ["TYPE65", "TYPE64", "TXT", "MX"])
def test_what_else_is_asked_of_a_name_is_answered_with_nothing_and_not_refused(
    air: Any, lease: list[str], kind: str
) -> None:
    assert air.dig("captive.apple.com", kind) == ("NOERROR", [])


@pytest.mark.parametrize("name", ["mask.icloud.com", "mask-h2.icloud.com", "mask-api.icloud.com"])
def test_a_private_relay_is_said_not_to_be_there(air: Any, lease: list[str], name: str) -> None:
    assert air.dig(name)[0] == "NXDOMAIN"


def test_with_a_server_to_ask_an_iphones_question_is_refused(air: Any, tmp_path_factory: Any) -> None:
    """The control: without no-resolv, and with a name server that cannot be reached, the answer is another."""
    ours = next((air.machine / "etc" / "NetworkManager" / "dnsmasq-shared.d").iterdir()).read_text("utf-8")
    asking = air.place / "asking"
    asking.mkdir()
    (asking / "x.conf").write_text(ours.replace("no-resolv", "server=192.0.2.53"))
    subprocess.run(["ip", "netns", "add", f"{air.mark}-alone"], check=True)
    air.do("alone", "ip", "address", "add", "10.42.0.1/32", "dev", "lo")
    air.do("alone", "ip", "link", "set", "lo", "up")
    air.start_dnsmasq("alone", drop_in=asking)
    for _ in range(50):
        if air.dig("captive.apple.com", where="alone")[0]:
            break
        time.sleep(0.1)
    assert air.dig("captive.apple.com", where="alone") == ("NOERROR", ["198.51.100.1"])
    assert air.dig("captive.apple.com", "TYPE65", where="alone")[0] == "REFUSED"


@pytest.mark.parametrize("phone", PROBES)
def test_a_phone_that_looks_for_an_internet_finds_the_guide(air: Any, lease: list[str], phone: str) -> None:
    host, path, agent = PROBES[phone]
    _, (address,) = air.dig(host)
    answer = air.curl("-A", agent, "--resolve", f"{host}:80:{address}", f"http://{host}{path}")
    assert answer.stdout.startswith("HTTP/1.1 302")
    assert re.search(r"(?i)^location: (\S+)", answer.stdout, re.MULTILINE)[1] == HOME
    page = air.curl("-H", "Accept-Language: ar", HOME).stdout
    assert page.startswith("HTTP/1.1 200")
    assert '<html lang="ar" dir="rtl">' in page


def test_the_name_on_the_poster_opens_the_guide_too(air: Any, lease: list[str]) -> None:
    assert "HTTP/1.1 200" in air.curl("--resolve", "help.lan:80:10.42.0.1", "http://help.lan/fa/").stdout


KNOCK = """
import socket, select, sys
for host in ("10.42.0.1", "198.51.100.1"):
    for port in PORTS:
        door = socket.socket(); door.setblocking(False); door.connect_ex((host, port))
        heard = select.select([], [door], [], 0.4)[1]
        print(host, port, "answers" if heard else "silent")
"""


def test_every_other_port_is_silent(air: Any, lease: list[str]) -> None:
    said = air.do("phone1", "python3", "-c", KNOCK.replace("PORTS", "(80, 443, 5223, 22, 8081, 8443)")).stdout.split(
        "\n"
    )
    assert [line for line in said if "answers" in line] == ["10.42.0.1 80 answers", "198.51.100.1 80 answers"]


def test_without_the_wall_these_ports_refuse_at_once(air: Any, lease: list[str]) -> None:
    """The control: it is the wall that is silent."""
    air.take_down_wall()
    try:
        assert air.curl("http://10.42.0.1:443/").returncode == REFUSED
    finally:
        air.put_up_wall()


def test_a_question_by_quic_is_dropped_too(air: Any, lease: list[str]) -> None:
    ask = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(1);"
    ask += "s.connect(('198.51.100.1', 443)); s.send(b'x'); s.recv(1)"
    assert "TimeoutError" in air.do("phone1", "python3", "-c", ask, check=False).stderr
    air.take_down_wall()
    try:
        assert "ConnectionRefusedError" in air.do("phone1", "python3", "-c", ask, check=False).stderr
    finally:
        air.put_up_wall()


def test_nothing_is_passed_on_to_a_network_behind_the_box(air: Any, lease: list[str]) -> None:
    air.start("upstream", "python3", "-m", "http.server", "--directory", "/var/empty", "80")
    behind = "http://203.0.113.2/"
    for _ in range(50):
        if air.curl(behind, where="upstream").returncode == 0:
            break
        time.sleep(0.1)
    assert air.curl(behind, where="box").returncode == 0
    assert air.curl(behind).returncode == SILENCE
    air.take_down_wall()
    try:
        assert air.curl(behind).returncode == 0, "the control: the box does pass on what the wall does not stop"
    finally:
        air.put_up_wall()
    assert air.curl("http://203.0.113.1/").returncode == SILENCE, "the box's address in that network"


def reaches(air: Any, other: str) -> bool:
    """Whether phone 1 hears from the other, be it a refusal."""
    ask = f"import socket; s = socket.socket(); s.settimeout(1.5); print(s.connect_ex(('{other}', 9)) == 111)"
    return air.do("phone1", "python3", "-c", ask, check=False).stdout.strip() == "True"


def test_a_phone_does_not_reach_another_by_way_of_the_box(air: Any, lease: list[str], other: str) -> None:
    """As a router, the box is asked to pass on what the radio would not."""
    air.do("phone1", "ip", "route", "add", f"{other}/32", "via", "10.42.0.1")
    air.do("phone2", "ip", "route", "add", f"{lease[0]}/32", "via", "10.42.0.1")
    assert not reaches(air, other)
    air.take_down_wall()
    try:
        assert reaches(air, other), "the control: without the wall it does"
    finally:
        air.put_up_wall()
        air.do("phone1", "ip", "route", "del", f"{other}/32")
        air.do("phone2", "ip", "route", "del", f"{lease[0]}/32")


def test_a_phone_does_not_reach_another_in_the_same_network(air: Any, lease: list[str], other: str) -> None:
    """On the air this is the radio's doing. Here the bridge does it, and the profile has what asks the radio for it."""
    profile = next((air.machine / "etc" / "NetworkManager" / "system-connections").iterdir()).read_text("utf-8")
    assert "ap-isolation=1" in profile
    assert reaches(air, other), "the control: a bridge without isolation"
    for port in ("to-phone1", "to-phone2"):
        air.do("box", "bridge", "link", "set", "dev", port, "isolated", "on")
    for phone in ("phone1", "phone2"):
        air.do(phone, "ip", "neigh", "flush", "all")
    assert not reaches(air, other)
    assert air.curl(HOME).returncode == 0


def test_one_phone_does_not_take_all_the_places(air: Any, lease: list[str], other: str) -> None:
    hold = """
import socket, time
held = []
for _ in range(60):
    phone = socket.socket(); phone.settimeout(0.05)
    try: phone.connect(("10.42.0.1", 80)); held.append(phone)
    except TimeoutError: pass
print(len(held))
"""
    assert 6 <= int(air.do("phone1", "python3", "-c", hold).stdout) <= 30
    assert air.curl(HOME, where="phone2").returncode == 0


def test_a_voice_from_a_phone_is_kept_and_sealed_by_the_other_user(air: Any, lease: list[str]) -> None:
    said = air.curl("-X", "POST", "-d", "answer=yes", "http://10.42.0.1/en/heard/rights/asylum").stdout
    assert said.startswith("HTTP/1.1 303")
    close = f"""
from pathlib import Path
from fieldref.exchange.bundle import close_shift
print(close_shift(Path({str(air.folder)!r}), "nine quiet boats at dawn").counts["rating"])
"""
    closed = air.as_user(64101, close)
    assert (closed.stdout.strip(), closed.stderr) == ("1", "")
    again = air.curl("-X", "POST", "-d", "answer=capacity", "http://10.42.0.1/en/heard/rights/police").stdout
    assert not again.startswith("HTTP/1.1 5"), (
        "after the staff door has taken all voices, the public door is heard again"
    )


LOOK = """
import json, os, sys
from pathlib import Path
said = {}
for name in sys.argv[1:] or NAMES:
    try:
        path = Path(FOLDER, name)
        said[name] = bool(os.listdir(path)) or True if path.is_dir() else bool(path.open("rb").read()) or True
    except OSError as error:
        said[name] = type(error).__name__
for name in ("register.db-journal", "voices/.x", "fieldref.toml", "guide.db"):
    try:
        Path(FOLDER, name).open("ab").close(); said["write " + name] = True
    except OSError as error:
        said["write " + name] = type(error).__name__
print(json.dumps(said))
"""
OPEN = ["fieldref.toml", "guide.db", "announcements.json", "today.json", "clock.json", "voices/voices.db"]
SHUT = [".", "register.db", "keys", "keys/device.key", "keys/device.card", "outbox"]


def test_the_public_doors_user_can_open_no_record_and_no_key(air: Any) -> None:
    program = LOOK.replace("FOLDER", repr(str(air.folder))).replace("NAMES", repr([*OPEN, *SHUT]))
    public = json.loads(air.as_user(64102, program).stdout)
    assert {name: public[name] for name in OPEN} == dict.fromkeys(OPEN, True)
    assert {name: public[name] for name in SHUT} == dict.fromkeys(SHUT, "PermissionError")
    assert public["write register.db-journal"] == "PermissionError", "SQLite would believe a journal that lies there"
    assert public["write guide.db"] == public["write fieldref.toml"] == "PermissionError"
    staff = json.loads(air.as_user(64101, program).stdout)
    assert {name: staff[name] for name in SHUT} == dict.fromkeys(SHUT, True), "the control: the other user can"


def test_what_the_staff_door_wrote_for_phones_is_read_by_the_public_door(air: Any, lease: list[str]) -> None:
    write = f"""
import os; os.umask(0o077)
from datetime import datetime, timedelta
from pathlib import Path
from fieldref.guide.announcements import Announcement, announce
from fieldref import clock, today
from fieldref.guide.build import build
folder = Path({str(air.folder)!r})
build(folder)
clock.use(folder)
clock.confirm(datetime.now(), sure=True)
today.set_languages(folder, ["ar"], datetime.now())
until = datetime.now() + timedelta(hours=2)
announce(folder, Announcement("00112233445566aa", "boat", "", until), datetime.now())
"""
    assert air.as_user(64101, write).stderr == ""
    said = air.curl("http://10.42.0.1/en/").stdout
    assert "The boat is late" in said
    assert "We speak:" in said


def test_nothing_of_a_phone_is_on_the_disk_or_in_what_the_programs_say(air: Any, lease: list[str], other: str) -> None:
    """Last, because it stops everything: leases are in memory while dnsmasq runs, and nowhere afterwards."""
    told = {"hardware": b"02:f1:e1:d0", "hardware packed": bytes.fromhex("02f1e1d0"), "name": b"Canarys"}
    told |= {"address": lease[0].encode(), "address of another": other.encode()}
    memory = [path for path in air.rooms() if path.name.endswith("leases")]
    assert b"02:f1:e1:d0" in memory[0].read_bytes(), "the control: this is how it would look"
    assert b"Canarys" not in memory[0].read_bytes(), "a phone's name is not even there"
    files = [path for path in air.place.rglob("*") if path.is_file()]
    air.end()
    assert len(files) > 15
    for path in files:
        content = path.read_bytes()
        assert not [what for what, canary in told.items() if canary in content], path
    assert not memory[0].exists()
