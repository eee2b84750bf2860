"""fieldref card, pair and change-keys: how a safe-point and a branch come to know each other's keys, and new ones."""

import sys
from pathlib import Path

import click

from fieldref import clock, settings
from fieldref.cli import asking
from fieldref.cli.opening import open_keys, opened_register
from fieldref.database import write_whole
from fieldref.exchange import devices, pairing, succession
from fieldref.exchange.cards import Card, read_card, read_text, scanned
from fieldref.exchange.keys import BRANCH_CARD, DEVICE_CARD
from fieldref.languages import BY_CODE, SOURCE
from fieldref.paper.sheets import card_sheet
from fieldref.refusal import Refusal

CARD_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
LONGEST = 10_000

from_text = click.option(
    "--from-text", "scanned_text", metavar="TEXT", help="What a scanner read from the code; - takes it from the input."
)
language = click.option(
    "--language", default=SOURCE.code, show_default=True, type=click.Choice(list(BY_CODE)), help="The sheet's language."
)


@click.command()
@click.option("-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write it as HTML.")
@language
@click.pass_context
def card(ctx: click.Context, file: Path | None, language: str) -> None:
    """Show this folder's card, for the other side to scan, and its figures, to read aloud."""
    folder = asking.folder(ctx)
    path, kind = _own(folder)
    own, text = read_card(folder / path, kind), (folder / path).read_bytes()
    if file is None:
        click.echo(f"{own.name}\n{own.fingerprint}\n{scanned(text)}")
        return
    sheet = card_sheet(own.name, own.fingerprint, scanned(text), language, clock.today())
    write_whole(file, sheet.encode())
    click.echo(f"{file}: show it to the other side, on the screen or printed. Its figures: {own.fingerprint}")


@click.command()
@click.argument("branch_card", type=CARD_FILE, required=False)
@from_text
@click.option("--instead", is_flag=True, help="In place of the branch that is paired now.")
@asking.yes
@click.pass_context
def pair(ctx: click.Context, branch_card: Path | None, scanned_text: str | None, instead: bool, yes: bool) -> None:
    """At a safe-point: seal to the branch whose BRANCH_CARD this is."""
    folder = asking.folder(ctx)
    own = read_card(folder / DEVICE_CARD, "device")
    if branch_card:
        its = read_card(branch_card, "branch")
        text = branch_card.read_bytes()
    else:
        text = _scanned(scanned_text)
        its = read_text(text, "branch")
    compare(its, yes or pairing.is_vouched(folder, its))
    pairing.pair_branch_scanned(folder, text, instead=instead)
    also = ", and to its second recipient" if its.second else ""
    click.echo(f"Bundles of this safe-point are sealed to {its.name}{also} from now on.")
    click.echo(f"This safe-point's figures, for the branch to compare: {own.fingerprint}")


@click.command("pair")
@click.argument("device_card", type=click.Path(path_type=Path, exists=True), required=False)
@from_text
@asking.passphrase_file
@asking.yes
@click.pass_context
def branch_pair(
    ctx: click.Context, device_card: Path | None, scanned_text: str | None, passphrase_file: Path | None, yes: bool
) -> None:
    """Take bundles of the safe-point whose DEVICE_CARD (or folder) this is; its answer is laid beside."""
    folder = asking.folder(ctx)
    with opened_register(folder, passphrase_file) as (db, keys):
        text = None if device_card else _scanned(scanned_text)
        its = pairing.read_device(device_card) if device_card else read_text(text or b"", "device")
        vouched = devices.is_vouched(db, its)
    compare(its, yes or vouched)
    if device_card:
        pairing.pair_device(folder, device_card, keys)
        click.echo(f"{its.name} is paired. This branch's card (branch.card) lies beside its card.")
    else:
        pairing.pair_device_scanned(folder, text or b"", keys)
        click.echo(f"{its.name} is paired. Show it this branch's card: fieldref card -o card.html")


@click.command("change-keys")
@asking.passphrase_file
@asking.yes
@click.pass_context
def change_keys(ctx: click.Context, passphrase_file: Path | None, yes: bool) -> None:
    """Give this safe-point, or branch, new keys. The old ones vouch for them, so nobody compares figures again."""
    folder = asking.folder(ctx)
    if settings.read(folder).kind == "branch":
        return _change_branch(folder, passphrase_file, yes)
    if read_card(folder / DEVICE_CARD, "device").after:
        asking.confirm("Keys were changed before. Does the branch have the card of that change already?", yes)
    new = succession.change_device(folder, asking.passphrase(passphrase_file, "the safe-point"))
    click.echo(f"{new.name} has new keys. Its figures are now: {new.fingerprint}")
    click.echo(f"Take {folder / DEVICE_CARD} to the branch (fieldref branch pair) with the next bundle, or before it.")


def _change_branch(folder: Path, passphrase_file: Path | None, yes: bool) -> None:
    open_keys(folder, passphrase_file)
    asking.confirm("New paper backups must be made, and every safe-point needs the new card. Go on?", yes)
    new = succession.change_branch(folder, asking.passphrase(passphrase_file, "the branch"))
    click.echo(f"{new.name} has new keys. Its figures are now: {new.fingerprint}")
    click.echo("Old keys still open what was sealed to them. Make paper backups now: fieldref branch backup")
    click.echo(f"Bring {folder / BRANCH_CARD} to each safe-point (fieldref pair, nothing to compare): until then it")
    click.echo("seals to the old keys, which you can still open, and takes no pack and no receipt.")


def compare(card: Card, yes: bool) -> None:
    """Go on only if somebody heard the same figures."""
    click.echo(f"{card.name} has these figures: {card.fingerprint}", err=True)
    asking.confirm("Has somebody there read the same figures aloud?", yes)


def _own(folder: Path) -> tuple[Path, str]:
    return (BRANCH_CARD, "branch") if settings.read(folder).kind == "branch" else (DEVICE_CARD, "device")


def _scanned(given: str | None) -> bytes:
    if given is None:
        raise click.UsageError("name the file of the card, or give what a scanner read with --from-text")
    text = sys.stdin.read(LONGEST) if given == "-" else given
    if not text.strip():
        raise Refusal("there is nothing to read: scan the code again")
    return text.strip().encode()
