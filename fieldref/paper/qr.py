"""QR codes as SVG, and what the printed ones say: a page's short address, or the Wi-Fi to join."""

import io
import ipaddress
import re
import socket
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Literal
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode

from fieldref.refusal import Refusal
from fieldref.settings import Settings

Error = Literal["M", "Q"]
LEVELS = {"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}
PORT = 8080  # of the public door where nobody gave it another
QUIET_ZONE = 4  # modules of white on every side (ISO/IEC 18004)

ESCAPED = re.compile(r'([\\;,:"])')
HEXADECIMAL = re.compile(r"[0-9A-Fa-f]+")

# Who is asked the way to. The first is a hotspot's own address on NetworkManager, so that a box with a
# second network prints the one phones are on; the last belongs to nobody (RFC 5737).
NEIGHBOURS = ("10.42.0.1", "192.168.1.1", "172.16.0.1", "192.0.2.1")


def svg(data: str, *, error: Error = "Q", label: str = "", code_mm: float | None = None) -> Markup:
    """Return *data* as an SVG to stand inside HTML, its quiet zone included.

    *label* is what a screen reader says (the data itself, unless given). *code_mm* is the width on paper of
    the black part, so codes of different density print in one size; without it the style sheet decides.
    """
    rows = matrix(data, error, QUIET_ZONE)
    side = len(rows)
    size = ""
    if code_mm is not None:
        width = round(code_mm * side / (side - 2 * QUIET_ZONE), 1)
        size = f' width="{width}mm" height="{width}mm"'
    return Markup(  # noqa: S704 (the label is escaped, the rest is numbers)
        f'<svg class="qr" role="img" aria-label="{escape(label or data)}"{size}'
        f' viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{_path(rows)}"/></svg>'
    )


@lru_cache(maxsize=64)  # a sheet of stickers is the same code twenty-four times
def matrix(data: str, error: Error, border: int = 0) -> list[list[bool]]:
    """Return the modules of the code for *data*, row by row, True for black, with *border* modules of white around."""
    code = QRCode(error_correction=LEVELS[error], border=border)
    code.add_data(data)
    rows: list[list[bool]] = code.get_matrix()
    return rows


def modules(data: str, error: Error) -> int:
    """Return how many modules wide the code for *data* is, without its white."""
    return len(matrix(data, error))


def in_terminal(data: str) -> str:
    """Return *data* as a QR code in block letters, light on dark as most terminals are; 15 lines or so."""
    code = QRCode(error_correction=LEVELS["M"], border=2)
    code.add_data(data)
    drawn = io.StringIO()
    code.print_ascii(out=drawn, invert=True)
    return drawn.getvalue().rstrip("\n")


def as_file(drawing: str) -> str:
    """Return an SVG made for HTML as one that stands alone in a file."""
    return str(drawing).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1) + "\n"


def wifi(network: str, password: str = "") -> str:
    """Return what a phone's camera reads to join *network*; without a password it is an open one.

    The form is ZXing's, which Android and iOS follow; WPA stands for WPA2 and WPA3 too.
    """
    if not password:
        return f"WIFI:T:nopass;S:{_wifi_value(network)};;"
    return f"WIFI:T:WPA;S:{_wifi_value(network)};P:{_wifi_value(password)};;"


def page_address(settings: Settings, path: str, *, port: int = 80, allow_local: bool = False) -> str:
    """Return the address of the page at *path* (like ar/rights/asylum) for a printed code.

    It is in capitals: a QR code holds those in fewer, larger modules, and the public door answers them with
    the address as it is usually written. Raises Refusal for an address that only this machine can open
    (unless *allow_local*), because what is printed outlasts the mistake.
    """
    host, own_port = _host(settings)
    if host is None:
        host = _this_machine_or_local() if allow_local else this_machine()
    if _is_local(host) and not allow_local:
        raise Refusal(
            f'a printed code for {host} opens on no phone: set "address" in fieldref.toml'
            " to what phones open, like 10.42.0.1"
        )
    port = own_port or port
    where = host if port == 80 else f"{host}:{port}"
    return f"http://{where}/{quote(path.strip('/'))}".rstrip("/").upper()


def default_port(settings: Settings) -> int:
    """Return where phones find the public door: a place with an address serves where they look by themselves."""
    return 80 if settings.address else PORT


def this_machine() -> str:
    """Return this machine's address in its own network, in figures. Nothing is sent to find it out.

    Raises Refusal where the machine is in no network.
    """
    for neighbour in NEIGHBOURS:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
            try:
                # For UDP this only looks up the way there, and with it our own end of that way.
                way.connect((neighbour, 9))
            except OSError:
                continue
            address = str(way.getsockname()[0])
        if not _is_local(address):
            return address
    raise Refusal('this machine is in no network: join one, or set "address" in fieldref.toml')


def own_host(settings: Settings) -> str:
    """Return where phones find this machine, in figures: `address` of fieldref.toml, or what its network gave it.

    Raises Refusal where the machine is in no network and `address` gives no figures.
    """
    host, _ = _host(settings)
    try:
        return str(ipaddress.IPv4Address(host or ""))
    except ValueError:
        return this_machine()


def own_name(settings: Settings) -> str:
    """Return the name that `address` of fieldref.toml gives this machine, empty where that is in figures."""
    host = _host(settings)[0] or ""
    return "" if host.replace(".", "").isdecimal() or ":" in host else host


def _host(settings: Settings) -> tuple[str | None, int | None]:
    written = urlsplit("//" + settings.address.lower().removeprefix("http://"))
    try:
        return written.hostname, written.port
    except ValueError:
        raise Refusal(f'"address" in fieldref.toml cannot be understood: {settings.address}') from None


def _this_machine_or_local() -> str:
    try:
        return this_machine()
    except Refusal:
        return "127.0.0.1"


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _wifi_value(value: str) -> str:
    # Readers take a bare DEADBEEF for bytes written in hexadecimal; in quotes it is a name.
    return f'"{value}"' if HEXADECIMAL.fullmatch(value) else ESCAPED.sub(r"\\\1", value)


def runs(row: Iterable[bool]) -> Iterator[tuple[int, int]]:
    """Each run of black modules in a *row*: where it begins, and how long it is."""
    x = 0
    for black, run in groupby(row):
        length = len(list(run))
        if black:
            yield x, length
        x += length


def _path(rows: Iterable[list[bool]]) -> str:
    """Draw each run of black modules in a row as one rectangle."""
    return "".join(f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in runs(row))
