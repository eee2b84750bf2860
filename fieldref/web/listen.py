"""One door, listening: `python -m fieldref.web.listen NAME FOLDER HOST PORT` runs it until a TERM; see MAKERS.

A process a door: the public one cannot reach into the staff one, and a phone that hangs stalls nobody else.
"""

import os
import sys
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings

from fieldref.refusal import Refusal

MAKERS = {
    "public": ("fieldref.web.public", "create_public"),
    "staff": ("fieldref.web.staff", "create_staff"),
    "staff-lan": ("fieldref.web.staff", "create_staff"),
    "sync": ("fieldref.web.syncing", "create_sync"),
    "branch": ("fieldref.web.branch", "create_branch"),
}
COORDINATOR = "+coordinator"
LOOPBACK = ("127.0.0.1", "::1")
# What opens on this machine only, and why.
HERE = {
    "staff": "the staff door opens on this machine only: in clear over the air, anybody near could read it."
    " For volunteers' phones: fieldref serve --staff-lan",
    "branch": "the branch door opens on this machine only (127.0.0.1 or ::1): whoever reads along on a network would"
    " read its passphrase",
}
THREADS = 8  # a view that waits for the disk must not stall other phones
HALF_A_REQUEST = 15_000  # milliseconds until a phone that sends half a header is let go
LARGEST_HEAD = 32 * 1024  # bytes


def open_door(name: str, folder: Path, **facts: Any) -> Any:
    """Return the WSGI application of the door *name*; only that door's modules are loaded."""
    module, maker = MAKERS[name]
    return getattr(import_module(module), maker)(folder, **facts)


def door() -> Any:
    """The application as the server's worker asks for it: which one stands in its environment."""
    name, folder = os.environ["FIELDREF_DOOR"], Path(os.environ["FIELDREF_DOOR_FOLDER"])
    return open_door(name, folder, **_facts(name, folder, os.environ.get("FIELDREF_DOOR_LAN", "")))


def listen(name: str, folder: Path, host: str, port: int, *, beside: str = "", coordinator: bool = False) -> None:
    """Serve the door until the process is told to stop. Raises Refusal if what is about people would go out in clear.

    `staff-lan` is the staff door over TLS, where *coordinator* lets it take passphrases. *beside* tells the `staff`
    door on this machine where that one is ("10.42.0.1:8443"), so that it can show the card.
    """
    if name == "sync":
        _prepare_sync(folder, host)
    if name in HERE and host not in LOOPBACK:
        raise Refusal(HERE[name])
    os.environ |= {"FIELDREF_DOOR": name, "FIELDREF_DOOR_FOLDER": str(folder)}
    if name == "staff-lan":
        beside = f"{host}:{port}" + (COORDINATOR if coordinator else "")
    os.environ["FIELDREF_DOOR_LAN"] = beside
    Granian(
        "fieldref.web.listen:door",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=1,
        blocking_threads=THREADS,
        http1_settings=HTTP1Settings(header_read_timeout=HALF_A_REQUEST, max_buffer_size=LARGEST_HEAD),
        websockets=False,
        workers_kill_timeout=5,
        **_tls(name, folder, beside),
        log_access=False,  # an address of a phone is never written down
        log_level="error",  # type: ignore[arg-type]  # its own names are strings
    ).serve()


def _prepare_sync(folder: Path, host: str) -> None:
    """Tell the door which certificate it speaks by. In clear it speaks on this machine alone, to a proxy before it."""
    from fieldref.web.certificate import SYNC_FILE, certificate
    from fieldref.web.syncing import CERTIFICATE, IN_CLEAR

    if os.environ.get(IN_CLEAR) and host not in LOOPBACK:
        raise Refusal("behind a proxy the sync door opens on this machine only (--host 127.0.0.1)")
    if not os.environ.get(IN_CLEAR):
        os.environ[CERTIFICATE] = certificate(folder, (host,), SYNC_FILE).fingerprint.hex()


def _facts(name: str, folder: Path, where: str) -> dict[str, Any]:
    """What the maker of this door is told of the staff door over TLS: where it is, or that it is it."""
    if name != "staff-lan":
        return {"beside": where} if where else {}
    from fieldref.web.lan import lan_at

    return {"served": lan_at(folder, where.removesuffix(COORDINATOR), coordinator=where.endswith(COORDINATOR))}


def _tls(name: str, folder: Path, where: str) -> dict[str, Any]:
    """What makes the server speak TLS 1.3 and nothing older; the certificate is made if there is none yet."""
    if name not in ("staff-lan", "sync"):
        return {}
    from fieldref.web.certificate import FILE, SYNC_FILE

    _facts(name, folder, where)
    if name == "sync" and "FIELDREF_SYNC_CERTIFICATE" not in os.environ:
        return {}
    file = folder / (FILE if name == "staff-lan" else SYNC_FILE)
    return {"ssl_cert": file, "ssl_key": file, "ssl_protocol_min": SSLProtocols.tls13}


def _main() -> None:
    said = ArgumentParser(prog="python -m fieldref.web.listen")
    said.add_argument("name", choices=list(MAKERS))
    said.add_argument("folder", type=Path)
    said.add_argument("host")
    said.add_argument("port", type=int)
    said.add_argument("--beside", default="")
    said.add_argument("--coordinator", action="store_true")
    try:
        listen(**vars(said.parse_args()))
    except Refusal as refusal:
        sys.exit(f"fieldref: {refusal}")


if __name__ == "__main__":
    _main()
