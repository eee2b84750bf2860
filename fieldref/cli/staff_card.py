"""fieldref staff-card: what a volunteer holds in the hand to open the staff door on a phone, and to trust it."""

from pathlib import Path

import click

from fieldref import settings
from fieldref.cli import asking
from fieldref.cli.paper import output
from fieldref.database import write_whole
from fieldref.languages import BY_CODE, SOURCE
from fieldref.paper.qr import own_host
from fieldref.paper.staff_card import sheet
from fieldref.web.certificate import renew
from fieldref.web.lan import PORT, card_of, hosts_of, lan_at


@click.command("staff-card")
@output
@click.option(
    "--language", default=SOURCE.code, show_default=True, type=click.Choice(list(BY_CODE)), help="The card's."
)
@click.option("--lan-host", help="The address of the staff door. Default: as serve --staff-lan has it.")
@click.option("--lan-port", default=PORT, show_default=True, help="Its port, as serve --staff-lan has it.")
@click.option(
    "--renew", "anew", is_flag=True, help="Make a new certificate first: all cards until now are worth nothing."
)
@asking.yes
@click.pass_context
def staff_card(
    ctx: click.Context, file: Path, language: str, lan_host: str | None, lan_port: int, anew: bool, yes: bool
) -> None:
    """Write the staff card as HTML, an A6 sheet: the door's address, a code for it, its certificate's fingerprint."""
    folder = asking.folder(ctx)
    place = settings.read(folder)
    host = lan_host or own_host(place)
    if anew:
        asking.confirm("Every card until now will be worth nothing, and phones warn anew. Go on?", yes)
        renew(folder, hosts_of(folder, host))
    found = lan_at(folder, f"{host}:{lan_port}")
    write_whole(file, sheet(card_of(found, place, language)).encode())
    click.echo(f"{file}: print it on A6, at 100 %. It opens {found.address}")
    click.echo("SHA-256 fingerprint of its certificate:")
    for row in found.certificate.rows:
        click.echo(f"  {row}")
    if anew:
        click.echo("Start the doors again: an open one still has the old certificate.")
