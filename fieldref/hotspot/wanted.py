"""The hotspot that one box is to make: all that its files are filled in with. What cannot work is refused in words."""

import ipaddress
import re
import uuid
from dataclasses import dataclass
from pathlib import Path

from fieldref.refusal import Refusal
from fieldref.settings import Settings

# The address that is the same on every box, so that a printed poster fits all. It is NetworkManager's own choice.
HOME = "10.42.0.1"
# To where all names but the box's own lead: an address that belongs to nobody (RFC 5737) and that the box has too.
# A private one would keep phones from asking at all: Android can be told to take a probe's name in 10.0.0.0/8 for a
# broken network. A public one would tell the phone's questions to whoever owns it, in the next network.
NOWHERE = "198.51.100.1"
STAFF_PORT = 8443  # the staff door over TLS

PLAIN_NETWORK = re.compile(r"[A-Za-z0-9_.'&+-]([A-Za-z0-9 _.'&+-]*[A-Za-z0-9_.'&+-])?")
PLAIN_PATH = re.compile(r"(/[A-Za-z0-9._+-]+)+")
HIDDEN = ("/home", "/root", "/run", "/tmp", "/var/tmp")  # noqa: S108 (the doors' units see nothing there)
RADIO = Path("sys", "class", "net")


@dataclass(frozen=True)
class Hotspot:
    """A hotspot called `network` (open without a `password`) in `country`, for the safe-point in `folder`.

    `python` runs fieldref. `broadcom` is a Raspberry Pi's own radio. With `staff_lan` the staff door is open to
    volunteers' phones over TLS, with `coordinator` for the passphrase too.
    """

    network: str
    password: str
    country: str
    channel: int
    interface: str
    home: str
    name_to_type: str
    folder: Path
    python: Path
    broadcom: bool = True
    staff_lan: bool = False
    coordinator: bool = False

    @property
    def uuid(self) -> str:
        """The same for the same radio, so that a second installation replaces the first."""
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{self.interface}.hotspot.fieldref"))

    @property
    def net(self) -> str:
        return str(ipaddress.ip_network(f"{self.home}/24", strict=False))

    @property
    def ports(self) -> tuple[int, ...]:
        """The TCP ports that phones reach."""
        return (80, STAFF_PORT) if self.staff_lan else (80,)

    @property
    def keyfile_network(self) -> str:
        """The name as a keyfile of NetworkManager has it: as words where they are plain, otherwise byte by byte."""
        if PLAIN_NETWORK.fullmatch(self.network):
            return self.network
        return "".join(f"{byte};" for byte in self.network.encode())

    @property
    def keyfile_password(self) -> str:
        """A space at an end would be cut off, so it is written as NetworkManager writes it."""
        inner = self.password.strip(" ")
        before, _, after = self.password.partition(inner) if inner else (self.password, "", "")
        return before.replace(" ", "\\s") + inner.replace("\\", "\\\\") + after.replace(" ", "\\s")


def hotspot_of(
    place: Settings,
    folder: Path,
    python: Path,
    *,
    root: Path = Path("/"),
    staff_lan: bool = False,
    coordinator: bool = False,
) -> Hotspot:
    """Return the hotspot that *place* asks for. Raises Refusal, in one sentence, for all that is missing or wrong."""
    wrong = [*_missing(place), *_cannot_be_seen(folder, python, image=root != Path("/"))]
    if wrong:
        raise Refusal("the hotspot cannot be planned: " + "; ".join(wrong))
    return Hotspot(
        network=place.network,
        password=place.password,
        country=place.country,
        channel=place.channel,
        interface=place.interface,
        home=place.address,
        name_to_type=place.name_to_type,
        folder=folder,
        python=python,
        broadcom=_driver(root, place.interface) in ("", "brcmfmac"),
        staff_lan=staff_lan,
        coordinator=coordinator,
    )


def _missing(place: Settings) -> list[str]:
    wrong = []
    if place.kind != "safe-point":
        wrong.append("this folder is a branch, not a safe-point")
    if not place.network:
        wrong.append('set network, the name of the Wi-Fi, in fieldref.toml (like network = "SAFE-POINT INFO")')
    if not place.country:
        wrong.append('set country in fieldref.toml (like country = "GR"): it decides what the radio may do')
    if not _is_private(place.address):
        wrong.append(f'set address = "{HOME}" in fieldref.toml: figures of a private network, without a port')
    if place.password and not (place.password.isascii() and place.password.isprintable()):
        wrong.append("choose a password of letters, figures and signs that every keyboard has (ASCII)")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in place.network):
        wrong.append("choose a network name without line breaks or other control characters")
    return wrong


def _cannot_be_seen(folder: Path, python: Path, *, image: bool) -> list[str]:
    wrong = []
    for what, path, better in (("the folder", folder, "/srv/fieldref"), ("fieldref", python, "/opt/fieldref")):
        if not PLAIN_PATH.fullmatch(str(path)):
            wrong.append(f"{what} is at {path}: choose a whole path of plain letters and figures, like {better}")
        elif not image and str(path).startswith(tuple(f"{hidden}/" for hidden in HIDDEN)):
            wrong.append(f"{what} is at {path}, where the doors' own users may not look: move it, like to {better}")
    return wrong


def _is_private(address: str) -> bool:
    try:
        found = ipaddress.IPv4Address(address)
    except ValueError:
        return False
    return found.is_private and not found.is_loopback and not found.is_link_local and str(found) != NOWHERE


def _driver(root: Path, interface: str) -> str:
    """The driver of the radio; empty where there is none to look at."""
    link = root / RADIO / interface / "device" / "driver"
    return link.resolve().name if link.exists() else ""
