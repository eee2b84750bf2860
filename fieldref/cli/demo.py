"""fieldref demo: a safe-point to try, with a branch beside it, in one command. Nothing in it is real."""

import json
import os
import secrets
import socket
from pathlib import Path

import click

from fieldref import clock, settings
from fieldref.cli.init import make_safe_point
from fieldref.cli.serve import LOOPBACK, serve_doors
from fieldref.database import write_whole
from fieldref.exchange.branch import make_branch
from fieldref.exchange.keys import open_branch
from fieldref.exchange.pairing import pair_device
from fieldref.guide.build import build
from fieldref.paper import qr
from fieldref.refusal import Refusal
from fieldref.register import shift
from fieldref.register.schema import open_register

FILE_NAME = "demo.json"
PLACE = settings.Settings(name="Port Miralo", latitude=36.5, longitude=15.0, step="border", network="SAFE-POINT INFO")


@click.command()
@click.option("--port", default=8080, show_default=True, help="Of the public door.")
@click.option("--staff-port", default=8081, show_default=True, help="Of the staff door.")
@click.option("--no-serve", is_flag=True, help="Make everything ready, but open no door.")
@click.pass_context
def demo(ctx: click.Context, port: int, staff_port: int, no_serve: bool) -> None:
    """Make a safe-point to try, with a branch, an open shift and both doors served. Ctrl-C stops it.

    It lies in --folder (default: fieldref-demo here), its branch beside it; PIN, passphrase and addresses are
    in its demo.json. Started again, it goes on where it was.
    """
    folder = ctx.find_root().obj or Path("fieldref-demo")
    if not no_serve:
        for number, option in ((port, "--port"), (staff_port, "--staff-port")):
            _free(number, option)
    facts = _open_shift(folder, _made(folder))
    clock.use(folder)
    clock.confirm(clock.now())  # somebody sits before it
    facts |= {"public": f"http://{_address()}:{port}/", "staff": f"http://{LOOPBACK}:{staff_port}/"}
    write_whole(folder / FILE_NAME, (json.dumps(facts, indent=2) + "\n").encode())
    click.echo(_screenful(folder, facts))
    if not no_serve:
        serve_doors(folder, port, staff_port)
        click.echo("\nStopped. Both doors are closed; the shift is still open.")


def _made(folder: Path) -> dict[str, str]:
    """The demo in *folder* as its demo.json tells it, made if there is none yet; its guide is brought up to date."""
    told = folder / FILE_NAME
    if told.exists():
        build(folder)
        facts: dict[str, str] = json.loads(told.read_text("utf-8"))
        return facts
    if (folder / settings.FILE_NAME).exists():
        raise Refusal(f"{folder} is a real safe-point; the demo wants a folder of its own (--folder)")
    passphrase = os.environ.get("FIELDREF_PASSPHRASE") or secrets.token_urlsafe(18)
    branch = folder.with_name(f"{folder.resolve().name}-branch")
    make_safe_point(folder, PLACE, passphrase)
    if not (branch / settings.FILE_NAME).exists():
        make_branch(branch, "Demo branch", passphrase)
    pair_device(branch, folder, open_branch(branch, passphrase))
    return {"pin": "", "passphrase": passphrase, "branch": str(branch.resolve()), "folder": str(folder.resolve())}


def _open_shift(folder: Path, facts: dict[str, str]) -> dict[str, str]:
    db = open_register(folder)
    try:
        is_open = shift.current(db) is not None
    finally:
        db.close()
    if not is_open:
        facts["pin"] = shift.open_shift(folder, facts["passphrase"], os.environ.get("FIELDREF_PIN"))
    return facts


def _free(port: int, option: str) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("", port))
        except OSError:
            raise Refusal(f"port {port} is taken or not allowed; choose another with {option}") from None


def _address() -> str:
    try:
        return qr.this_machine()
    except Refusal:
        return LOOPBACK


def _screenful(folder: Path, facts: dict[str, str]) -> str:
    return f"""{qr.in_terminal(facts["public"])}
  For phones in the same network:  {facts["public"]}
  For volunteers, on this machine: {facts["staff"]}   PIN {facts["pin"]}
  To close the shift:              fieldref --folder {folder} shift close   (passphrase in {folder / FILE_NAME})
  The branch, in another terminal: fieldref --folder {facts["branch"]} branch serve   (the same passphrase)
  To stop:                         Ctrl-C
"""
