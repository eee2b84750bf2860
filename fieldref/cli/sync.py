"""fieldref sync at a safe-point, fieldref branch listen at its branch: the stick's way, over a line."""

import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from fieldref import settings
from fieldref.cli import asking
from fieldref.exchange import sync as syncs
from fieldref.exchange.branch import require_branch
from fieldref.exchange.keys import open_branch
from fieldref.refusal import Refusal

PORT = 8444


@click.command()
@click.argument("address", required=False)
@asking.passphrase_file
@asking.as_json
@click.pass_context
def sync(ctx: click.Context, address: str | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Call the branch at ADDRESS (or the setting branch_address): bundles go up, receipts and the guide come down."""
    folder = asking.folder(ctx)
    address = address or settings.read(folder).branch_address
    if not address:
        raise Refusal("where is the branch? Give its address, like https://192.168.1.20:8444, or set branch_address")
    words = asking.passphrase(passphrase_file, "the coordinator")
    found = syncs.sync(folder, words, address, _show if sys.stderr.isatty() else lambda _: None)
    if as_json:
        asking.answer_json(asdict(found))
    else:
        click.echo(f"Sent {found.sent} bundles; the branch has {found.received} more of them now.")
        for number, reason in found.refused:
            click.echo(f"Bundle {number} was refused: {reason}")
        click.echo(f"The guide is edition {found.edition}{', taken just now' if found.fresh else ''}.")
        if found.trouble:
            click.echo(f"The newest guide was not taken: {found.trouble}")
    if found.refused or found.trouble:
        ctx.exit(1)


@click.command()
@click.option("--host", default="0.0.0.0", show_default=True, help="Where to listen.")  # noqa: S104 (its purpose)
@click.option("--port", default=PORT, show_default=True)
@click.option("--behind-proxy", is_flag=True, help="In clear on 127.0.0.1, for a web server with a real certificate.")
@asking.passphrase_file
@click.pass_context
def listen(ctx: click.Context, host: str, port: int, behind_proxy: bool, passphrase_file: Path | None) -> None:
    """Let paired safe-points call: take their bundles, give receipts and the newest guide. Ctrl-C ends it."""
    from fieldref.web.listen import listen as open_door
    from fieldref.web.syncing import IN_CLEAR, PASSPHRASE

    folder = asking.folder(ctx)
    require_branch(folder)
    words = asking.passphrase(passphrase_file, "the branch")
    open_branch(folder, words)  # say at once that it is wrong
    os.environ[PASSPHRASE] = words
    if behind_proxy:
        os.environ[IN_CLEAR], host = "yes", "127.0.0.1"
    click.echo(f"Listening for safe-points on {host}, port {port}. Ctrl-C ends it.")
    open_door("sync", folder, host, port)


def _show(said: str) -> None:
    click.echo(f"\r{said}   ", nl=False, err=True)
