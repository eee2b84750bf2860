"""One door, listening: `python -m fieldref.web.listen public|staff FOLDER HOST PORT` runs it until a TERM.

A process a door: the public one cannot reach into the staff one, and a phone that hangs stalls nobody else.
"""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from fieldref.refusal import Refusal

MAKERS = {
    "public": ("fieldref.web.public", "create_public"),
    "staff": ("fieldref.web.staff", "create_staff"),
}
LOOPBACK = ("127.0.0.1", "::1")
THREADS = 8  # a view that waits for the disk must not stall other phones
HALF_A_REQUEST = 15_000  # milliseconds until a phone that sends half a header is let go
LARGEST_HEAD = 32 * 1024  # bytes


def open_door(name: str, folder: Path) -> Any:
    """Return the WSGI application of the door *name*; only that door's modules are loaded."""
    module, maker = MAKERS[name]
    return getattr(import_module(module), maker)(folder)


def door() -> Any:
    """The application as the server's worker asks for it: which one stands in its environment."""
    return open_door(os.environ["FIELDREF_DOOR"], Path(os.environ["FIELDREF_DOOR_FOLDER"]))


def listen(name: str, folder: Path, host: str, port: int) -> None:
    """Serve the door until the process is told to stop. Raises Refusal if staff pages would leave the machine."""
    if name != "public" and host not in LOOPBACK:
        raise Refusal("the staff door opens on this machine only: over the air, anybody near could read it")
    os.environ |= {"FIELDREF_DOOR": name, "FIELDREF_DOOR_FOLDER": str(folder)}
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
        log_access=False,  # an address of a phone is never written down
        log_level="error",  # type: ignore[arg-type]  # its own names are strings
    ).serve()


if __name__ == "__main__":
    which, where, address, number = sys.argv[1:]
    try:
        listen(which, Path(where), address, int(number))
    except Refusal as refusal:
        sys.exit(f"fieldref: {refusal}")
