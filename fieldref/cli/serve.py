"""fieldref serve and get: the doors opened to phones and to this machine, or one answer without a server."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import click
from werkzeug.test import Client

from fieldref import settings
from fieldref.cli import asking
from fieldref.paper.qr import PORT, own_host
from fieldref.refusal import Refusal
from fieldref.web.lan import PORT as LAN_PORT
from fieldref.web.lan import Lan, lan_at

LOOPBACK = "127.0.0.1"
PATIENCE = 10  # seconds that a door has to finish what it is answering


@click.command()
@click.option("--port", default=PORT, show_default=True, help="Of the public door; phones open it.")
@click.option("--staff-port", default=8081, show_default=True, help="Of the staff door; this machine only.")
@click.option("--host", default="0.0.0.0", show_default=True, help="Where the public door listens.")  # noqa: S104 (its purpose)
@click.option("--staff-lan", is_flag=True, help="Open the staff door to volunteers' phones too, over TLS.")
@click.option("--lan-host", help="The address it has there. Default: as fieldref.toml or this machine's network says.")
@click.option("--lan-port", default=LAN_PORT, show_default=True, help="Its port there.")
@click.option("--coordinator-lan", is_flag=True, help="Take the coordinator's passphrase there too.")
@click.pass_context
def serve(
    ctx: click.Context,
    port: int,
    staff_port: int,
    host: str,
    staff_lan: bool,
    lan_host: str | None,
    lan_port: int,
    coordinator_lan: bool,
) -> None:
    """Open the public door for phones and the staff door for this machine. Ctrl-C closes all."""
    folder = asking.folder(ctx)
    place = settings.read(folder)
    if not staff_lan:
        if lan_host or coordinator_lan:
            raise click.UsageError("--lan-host and --coordinator-lan go with --staff-lan")
        return serve_doors(folder, port, staff_port, host)
    found = _lan(folder, lan_host or own_host(place), lan_port)
    click.echo(f"For volunteers' phones: {found.address} (print its card: fieldref staff-card -o card.html)")
    serve_doors(folder, port, staff_port, host, found.listens, coordinator_lan)


def _lan(folder: Path, host: str, port: int) -> Lan:
    """The staff door over TLS, once it is sure that it can be opened there."""
    found = lan_at(folder, f"{host}:{port}")
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            why = "is not an address of this machine just now: is its Wi-Fi up?"
            if error.errno != errno.EADDRNOTAVAIL:
                why = f"port {port} is taken or not allowed; choose another with --lan-port"
            raise Refusal(f"the staff door cannot open for phones: {host} {why}") from None
    if not set(found.hosts) <= set(found.certificate.hosts):
        named = ", ".join(found.certificate.hosts)
        click.echo(f"Its certificate was made for {named}: fieldref staff-card --renew makes another, and a new card.")
    return found


def serve_doors(
    folder: Path,
    port: int,
    staff_port: int,
    host: str = "0.0.0.0",  # noqa: S104
    lan: tuple[str, int] | None = None,
    coordinator: bool = False,
) -> None:
    """Run one process a door until Ctrl-C or a TERM; when one ends by itself, end the others and say so.

    *lan* is where the staff door is also open over TLS, for the *coordinator* too if so.
    """
    signal.signal(signal.SIGTERM, _stop)
    more = ["--coordinator"] if coordinator else []
    beside = ["--beside", f"{lan[0]}:{lan[1]}"] if lan else []
    doors = {
        "public": _open("public", folder, host, port),
        "staff": _open("staff", folder, LOOPBACK, staff_port, *beside),
    }
    if lan:
        doors["staff-lan"] = _open("staff-lan", folder, *lan, *more)
    try:
        while all(door.poll() is None for door in doors.values()):
            time.sleep(0.2)
        ended = next(name for name, door in doors.items() if door.poll() is not None)
        raise Refusal(f"the {ended} door could not stay open (see above)")
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave a door open
        _close(list(doors.values()))


def _open(name: str, folder: Path, host: str, port: int, *more: str) -> subprocess.Popen[bytes]:
    # In a group of its own: Ctrl-C reaches only us, and each door is told to stop once and in order.
    return subprocess.Popen(  # noqa: S603 (our own module, our own arguments)
        [sys.executable, "-m", "fieldref.web.listen", name, str(folder), host, str(port), *more], start_new_session=True
    )


def _close(doors: list[subprocess.Popen[bytes]]) -> None:
    for door in doors:
        door.terminate()
    for door in doors:
        try:
            door.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            if os.name == "posix":
                os.killpg(door.pid, signal.SIGKILL)
            door.kill()
            door.wait()


def _stop(number: int, frame: object) -> None:
    raise KeyboardInterrupt


@click.command()
@click.argument("path")
@click.option("--door", type=click.Choice(["public", "staff"]), default="public", show_default=True)
@click.option("--headers", is_flag=True, help="Print the status and headers before the page.")
@click.pass_context
def get(ctx: click.Context, path: str, door: str, headers: bool) -> None:
    """Print what a door answers to PATH, without a server. Exit status 1 for anything but a page."""
    if not path.startswith("/"):
        raise click.UsageError("PATH begins with a slash, like /en/rights/asylum")
    from fieldref.web.listen import open_door

    app = open_door(door, asking.folder(ctx))
    answer = Client(app).get(path, base_url=f"http://{LOOPBACK}")
    if headers:
        click.echo(f"{answer.status}\n{answer.headers}", nl=False)
    sys.stdout.buffer.write(answer.data)
    sys.stdout.flush()
    if not 200 <= answer.status_code < 300:
        where = f" to {answer.headers['Location']}" if "Location" in answer.headers else ""
        raise Refusal(f"{path} answers {answer.status}{where}")
