"""A safe-point that is to be a hotspot; a machine to make it on; and the hotspot on the air, in network namespaces."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fieldref import settings
from fieldref.exchange import branch as branches
from fieldref.exchange import keys, pairing
from fieldref.guide.build import build
from fieldref.hotspot import sharing
from fieldref.hotspot.install import install
from fieldref.hotspot.wanted import Hotspot, hotspot_of
from fieldref.register import shift

WORDS = "nine quiet boats at dawn"
PYTHON = Path("/opt/fieldref/bin/python")
PLACE = settings.Settings(name="Bridge", country="GR", address="10.42.0.1", network="SAFE-POINT INFO")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The root of a machine without a hotspot."""
    root = tmp_path / "machine"
    (root / "etc").mkdir(parents=True)
    return root


@pytest.fixture
def wanted(machine: Path) -> Callable[..., Hotspot]:
    """The hotspot of a usual safe-point; what is named is otherwise."""

    def of(**otherwise: object) -> Hotspot:
        return hotspot_of(replace(PLACE, **otherwise), Path("/srv/fieldref"), PYTHON, root=machine)  # type: ignore[arg-type]

    return of


ROOT = Path(__file__).parents[2]
STAFF, PUBLIC = 64101, 64102  # the two users; no names are needed
OWN_NAME = "Canarys-Phone"
LEASED = """#!/bin/sh
[ "$1" = bound ] || exit 0
ip address add "$ip/$mask" dev eth0
ip route add default via "$router"
echo "$ip $router $dns" > "$LEASE"
"""

QUIET = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "HOME": "/nowhere"}


def closed(path: Path) -> list[Path]:
    """The folders above *path* that other users may not pass, from the outermost."""
    return [each for each in reversed(path.parents) if not each.stat().st_mode & 0o001]


def rooms() -> list[str]:
    """What begins a command that sees a /run of its own, and this Python and checkout even if they lie where only
    root may look (a home, in some CI): all else in there is then gone.
    """
    shown = [Path(path) for path in dict.fromkeys([str(ROOT), sys.prefix, sys.base_prefix])]
    script = ["set -e", "mount -t tmpfs tmpfs /run"]
    for number, path in enumerate(shown):
        script.append(f"mkdir /run/{number} && mount --bind {path} /run/{number}")
    for folder in {closed(path)[0] for path in shown if closed(path)}:
        script.append(f"mount -t tmpfs -o mode=755 tmpfs {folder}")
    for number, path in enumerate(shown):
        if closed(path):
            script.append(f"mkdir -p {path} && mount --bind /run/{number} {path}")
    return ["unshare", "-m", "sh", "-c", "\n".join([*script, 'exec "$@"']), "sh"]


ROOMS = rooms()


class Air:
    """A box and its phones, as network namespaces: real DHCP, DNS, firewall and public door, from installed files.

    `wlan0` of the box is a bridge instead of a radio. `upstream` is a network behind a cable in the box, which passes
    packets on and hides them (as NetworkManager does for a shared connection) unless the wall keeps it from that.
    """

    def __init__(self, place: Path) -> None:
        self.place, self.machine, self.folder = place, place / "machine", place / "bridge"
        self.mark = f"fr{os.getpid()}"
        self.running: list[subprocess.Popen[bytes]] = []
        (self.machine / "etc").mkdir(parents=True)

    # -- doing things in a namespace

    def do(self, where: str, *words: object, check: bool = True, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run a command in the namespace *where*."""
        command = ["ip", "netns", "exec", f"{self.mark}-{where}", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=check, **more)

    def start(self, where: str, *words: object, user: int | None = None) -> subprocess.Popen[bytes]:
        """Run a program in *where* until the end, with a /run of its own; what it says is in `said`."""
        command = ["ip", "netns", "exec", f"{self.mark}-{where}", *ROOMS]
        if user is not None:
            capability = "+net_bind_service" if user == PUBLIC else "-all"
            command += ["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups", "--no-new-privs"]
            command += ["--inh-caps", capability, "--ambient-caps", capability]
        command += [str(word) for word in words]
        with (self.place / f"said-{len(self.running)}.txt").open("wb") as said:
            process = subprocess.Popen(command, stdout=said, stderr=said, env=QUIET, start_new_session=True)
        self.running.append(process)
        return process

    def as_user(self, user: int, program: str) -> subprocess.CompletedProcess[str]:
        """Run a Python *program* in the box as *user*, once."""
        groups = ["--groups", str(PUBLIC)] if user == STAFF else ["--clear-groups"]
        command = [
            *ROOMS,
            "setpriv",
            "--reuid",
            str(user),
            "--regid",
            str(user),
            *groups,
            sys.executable,
            "-c",
            program,
        ]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, env=QUIET, check=False)

    # -- putting it up

    def make_networks(self) -> None:
        for name in ("box", "phone1", "phone2", "upstream"):
            subprocess.run(["ip", "netns", "add", f"{self.mark}-{name}"], check=True)
            self.do(name, "ip", "link", "set", "lo", "up")
        self.do("box", "ip", "link", "add", "wlan0", "type", "bridge")
        for number, name in enumerate(("phone1", "phone2", "upstream")):
            port = f"to-{name}"
            self.do(
                "box", "ip", "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", f"{self.mark}-{name}"
            )
            self.do(name, "ip", "link", "set", "eth0", "address", f"02:f1:e1:d0:00:{number:02x}", "up")
            self.do("box", "ip", "link", "set", port, "up")
            if name != "upstream":
                self.do("box", "ip", "link", "set", port, "master", "wlan0")
        self.do("box", "ip", "address", "add", "10.42.0.1/24", "dev", "wlan0")
        self.do("box", "ip", "link", "set", "wlan0", "up")
        self.do("box", "ip", "address", "add", "203.0.113.1/24", "dev", "to-upstream")
        self.do("upstream", "ip", "address", "add", "203.0.113.2/24", "dev", "eth0")
        # What NetworkManager does for a shared connection.
        self.do("box", "sysctl", "-qw", "net.ipv4.ip_forward=1")
        # A radio does not show the wall what it hands from phone to phone; nor shall this bridge.
        self.do("box", "sysctl", "-qwe", "net.bridge.bridge-nf-call-iptables=0")
        shared = 'type nat hook postrouting priority 100\noifname "to-upstream" masquerade'
        shared = f"table ip shared {{\nchain out {{\n{shared}\n}}\n}}\n"
        self.do("box", "nft", "-f", "-", input=shared)

    def put_up_wall(self) -> None:
        """What fieldref-wall.service does when it is started."""
        for line in self.unit("fieldref-wall").get("ExecStart", []):
            self.do("box", *line.replace("/etc/fieldref", f"{self.machine}/etc/fieldref").split())

    def take_down_wall(self) -> None:
        self.do("box", "nft", "delete", "table", "inet", "fieldref")

    def start_dnsmasq(self, where: str = "box", address: str = "10.42.0.1", drop_in: Path | None = None) -> Any:
        """As NetworkManager 1.42 starts it; the lease file that it names is the one that our drop-in replaces."""
        named = self.machine / "var" / "lib" / "NetworkManager"
        named.mkdir(parents=True, exist_ok=True)
        folder = drop_in or self.machine / "etc" / "NetworkManager" / "dnsmasq-shared.d"
        return self.start(
            where, "dnsmasq", "--conf-file=/dev/null", "--no-hosts", "--keep-in-foreground", "--bind-interfaces",
            "--except-interface=lo", "--clear-on-reload", "--strict-order", f"--listen-address={address}",
            "--dhcp-range=10.42.0.10,10.42.0.254,60m", f"--dhcp-leasefile={named}/dnsmasq-wlan0.leases",
            "--pid-file=/run/dnsmasq.pid", f"--conf-dir={folder}", f"--log-facility={self.place}/journal.txt",
        )  # fmt: skip

    def start_public_door(self) -> None:
        """As its unit says, by its own user."""
        unit = self.unit("fieldref-public")
        assert unit["User"] == [sharing.PUBLIC]
        assert unit["AmbientCapabilities"] == ["CAP_NET_BIND_SERVICE"]
        self.start("box", *unit["ExecStart"][0].split(), user=PUBLIC)
        for _ in range(300):
            if self.do("box", "curl", "-s", "-o", "/dev/null", "http://10.42.0.1/en/", check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise TimeoutError("\n".join(path.read_text() for path in self.place.glob("said-*.txt")))

    def unit(self, name: str) -> dict[str, list[str]]:
        """The settings of an installed unit, each with all its values."""
        settings: dict[str, list[str]] = {}
        for line in (self.machine / "etc" / "systemd" / "system" / f"{name}.service").read_text().splitlines():
            if "=" in line and not line.startswith("#"):
                key, value = line.split("=", 1)
                settings.setdefault(key, []).append(value)
        return settings

    # -- what phones do

    def join(self, phone: str) -> list[str]:
        """Ask for a lease; return the phone's address, the router and the DNS server that it was told."""
        script, lease = self.place / "leased.sh", self.place / f"{phone}.lease"
        script.write_text(LEASED)
        script.chmod(0o755)
        asked = (
            "udhcpc",
            "-i",
            "eth0",
            "-n",
            "-q",
            "-f",
            "-t",
            "10",
            "-T",
            "1",
            "-x",
            f"hostname:{OWN_NAME}",
            "-s",
            script,
        )
        self.do(phone, *asked, env=os.environ | {"LEASE": str(lease)})
        said = lease.read_text().split()
        lease.unlink()  # the phone's memory, and none of the box's
        return said

    def dig(
        self, name: str, kind: str = "A", where: str = "phone1", server: str = "10.42.0.1"
    ) -> tuple[str, list[str]]:
        """The status of an answer and what it holds."""
        said = self.do(where, "dig", "+tries=1", "+time=5", f"@{server}", name, kind, check=False).stdout
        status = re.search(r"status: (\w+)", said)
        found = re.findall(rf"^[^;\s]\S*\s+\d+\s+IN\s+{kind}\s+(.+)$", said, re.MULTILINE)
        return (status[1] if status else "", found)

    def curl(self, *words: str, where: str = "phone1") -> subprocess.CompletedProcess[str]:
        """Headers and page of an answer; its exit status is 7 for a refusal at once and 28 for silence."""
        return self.do(where, "curl", "-s", "-i", "--connect-timeout", "1.5", "--max-time", "10", *words, check=False)

    def rooms(self) -> list[Path]:
        """What lies in memory, in the /run of each program that runs."""
        return [path for each in self.running for path in Path("/proc", str(each.pid), "root", "run").glob("*")]

    def end(self) -> None:
        """Stop every program that was started, and remove every namespace, whatever went wrong before."""
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for name in ("box", "phone1", "phone2", "upstream", "alone"):
            subprocess.run(["ip", "netns", "delete", f"{self.mark}-{name}"], capture_output=True, check=False)


@pytest.fixture(scope="module")
def air() -> Iterator[Air]:
    """A hotspot on the air, one phone joined to it. Needs root; `make test` names what else is missing."""
    assert os.geteuid() == 0, "the hotspot's tests make networks: run them as root"
    place = Path(tempfile.mkdtemp(prefix="fieldref-air-", dir="/var/tmp"))
    place.chmod(0o755)
    made = Air(place)
    try:
        make_safe_point(made.folder)
        hotspot = hotspot_of(settings.read(made.folder), made.folder, Path(sys.executable), root=made.machine)
        install(hotspot, made.machine)
        sharing.share(made.folder, STAFF, STAFF, PUBLIC)
        made.make_networks()
        made.put_up_wall()
        made.start_dnsmasq()
        made.start_public_door()
        yield made
    finally:
        made.end()
        shutil.rmtree(place)


def make_safe_point(folder: Path) -> None:
    """A safe-point of the usual place, paired, its shift open."""
    folder.mkdir()
    settings.write(folder, PLACE)
    keys.make_device(folder, WORDS)
    build(folder)
    north = folder.parent / "north"
    branches.make_branch(north, "North", WORDS)
    pairing.pair_device(north, folder, keys.open_branch(north, WORDS))
    shift.open_shift(folder, WORDS, "482915")
