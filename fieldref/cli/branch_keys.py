"""What a branch does with its keys: paper backups, a second recipient, revocations, receipts."""

import os
import sys
from pathlib import Path
from typing import TextIO

import click

from fieldref import clock
from fieldref.cli import asking
from fieldref.cli.opening import WHAT, open_keys, opened_register
from fieldref.cli.pairing import compare, language
from fieldref.database import write_whole
from fieldref.exchange import backup as paper
from fieldref.exchange import devices, receipt, roll, succession
from fieldref.exchange.cards import read_card
from fieldref.exchange.keys import BRANCH_CARD
from fieldref.paper.sheets import backup_sheets
from fieldref.refusal import Refusal

output = click.option(
    "-o", "--output", "file", required=True, type=click.Path(path_type=Path), help="The file to write, or a stick."
)


@click.command()
@click.option("-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write it as HTML.")
@language
@asking.passphrase_file
@click.pass_context
def backup(ctx: click.Context, file: Path | None, language: str, passphrase_file: Path | None) -> None:
    """The secret keys as words, two sheets for two safes. Without -o they are shown, to be written by hand."""
    keys = open_keys(asking.folder(ctx), passphrase_file)
    lines = paper.lines(keys.secret)
    if file is None:
        click.echo(f"{keys.card.name}: {keys.card.fingerprint}", err=True)
        for number, line in enumerate(lines, 1):
            click.echo(f"{number:2}. {line}")
        return click.echo("Write it down twice, for two safes. Then clear this screen.", err=True)
    figures, code = keys.card.fingerprint, paper.scanned(keys.secret)
    sheets = backup_sheets(keys.card.name, figures, lines, code, language, clock.today())
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # nobody else of this machine reads it
    with os.fdopen(handle, "w", encoding="utf-8") as written:
        written.write(sheets)
    click.echo(f"{file}: print it now, then delete it and empty the printer's queue. Who has this file has the keys.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", required=True, help="What the branch is called: it stands on the sheet.")
@click.option("--words-file", type=click.File("r"), help="Read the words from this file; - takes them from the input.")
@asking.passphrase_file
def restore(folder: Path, name: str, words_file: TextIO | None, passphrase_file: Path | None) -> None:
    """Bring a branch back from paper, in a new FOLDER, or in its own, whose passphrase is forgotten."""
    secret = paper.read(words_file.read(paper.LONGEST + 1)) if words_file else _typed()
    words = asking.passphrase(passphrase_file, f"{WHAT}, a new one", new=True)
    card = paper.restore(folder, name, secret, words)
    click.echo(f"{folder} is the branch {card.name}. Its figures: {card.fingerprint}")
    click.echo("Compare them with the sheet. Then pair with each safe-point again, and merge what they still have.")


def _typed() -> bytes:
    """The words, asked for line by line; a line that is wrong is asked for again."""
    if not sys.stdin.isatty():
        raise Refusal("the words of the paper backup are needed: give them with --words-file")
    lines: list[str] = []
    while not lines or len(paper.SPOKEN.findall(lines[-1])) == paper.LINE + 1:
        line = click.prompt(f"Line {len(lines) + 1}", err=True)
        if not lines and len(paper.SPOKEN.findall(line)) > paper.LINE + 1:
            return paper.read(line)  # a scanner gave all of it
        try:
            paper.read_line(len(lines) + 1, line)
            lines.append(line)
        except paper.WordsRefused as refused:
            click.echo(f"{refused}\nOnce more.", err=True)
    return paper.read("\n".join(lines))


@click.command()
@click.argument("region_card", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.option("--none", "nobody", is_flag=True, help="No second recipient any more.")
@asking.passphrase_file
@asking.yes
@click.pass_context
def second(ctx: click.Context, region_card: Path | None, nobody: bool, passphrase_file: Path | None, yes: bool) -> None:
    """Have this branch's bundles sealed to a second recipient too: whose REGION_CARD (its branch.card) this is."""
    if (region_card is None) != nobody:
        raise click.UsageError("name the card of the second recipient, or say --none")
    folder = asking.folder(ctx)
    keys = open_keys(folder, passphrase_file)
    its = read_card(region_card, "branch") if region_card else None
    if its:
        compare(its, yes)
    succession.set_second(folder, keys, its)
    click.echo(f"The second recipient is {its.name}." if its else "There is no second recipient any more.")
    click.echo(f"Safe-points seal so once they have a pack published from now on, or {folder / BRANCH_CARD} itself.")


@click.command("roll")
@output
@asking.passphrase_file
@click.pass_context
def roll_(ctx: click.Context, file: Path, passphrase_file: Path | None) -> None:
    """Write the list of this branch's safe-points and their keys, signed, for its second recipient."""
    folder = asking.folder(ctx)
    with opened_register(folder, passphrase_file) as (db, keys):
        text = roll.issue(db, keys, (folder / BRANCH_CARD).read_bytes())
        path = _write(file, f"{keys.card.id}.roll", text)
    click.echo(f"{path}: for the second recipient (fieldref branch follow)")


@click.command()
@click.argument("file", metavar="ROLL", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@asking.passphrase_file
@asking.yes
@click.pass_context
def follow(ctx: click.Context, file: Path, passphrase_file: Path | None, yes: bool) -> None:
    """As the second recipient of another branch: take bundles of the safe-points in its ROLL."""
    text = file.read_bytes()
    its = roll.branch_of(text)
    with opened_register(asking.folder(ctx), passphrase_file) as (db, _):
        compare(its, yes or roll.is_followed(db, its))
        number = roll.follow(db, text)
    click.echo(f"Bundles of {number} safe-points of {its.name} are taken from now on.")


@click.command("devices")
@asking.passphrase_file
@asking.as_json
@click.pass_context
def devices_(ctx: click.Context, passphrase_file: Path | None, as_json: bool) -> None:
    """List the safe-points that were ever paired: name, id, and whether they are revoked or changed their keys."""
    with opened_register(asking.folder(ctx), passphrase_file) as (db, _):
        found = list(devices.devices(db))
    if as_json:
        return asking.answer_json(
            [{"name": each.card.name, "id": each.card.id, "state": _state(each)} for each in found]
        )
    for each in found:
        click.echo(f"{each.card.id}  {each.card.name}{'' if _state(each) == 'paired' else f'  ({_state(each)})'}")


@click.command()
@click.argument("device")
@asking.passphrase_file
@asking.yes
@click.pass_context
def revoke(ctx: click.Context, device: str, passphrase_file: Path | None, yes: bool) -> None:
    """Take no more bundles of DEVICE (a name or id): lost, stolen, seized. It cannot be taken back."""
    with opened_register(asking.folder(ctx), passphrase_file) as (db, _):
        found = devices.named(db, device)
        if not yes:
            _typed_name(found.card.name)
        devices.revoke(db, found.card.id)
    click.echo(f"{found.card.name} is revoked: its bundles are refused, also older ones that have not come yet.")
    click.echo("What was merged stays. The next pack tells the other safe-points.")


@click.command("receipt")
@click.argument("device")
@output
@asking.passphrase_file
@click.pass_context
def receipt_(ctx: click.Context, device: str, file: Path, passphrase_file: Path | None) -> None:
    """Write the receipt for DEVICE (a name or id): every bundle of it that was merged."""
    with opened_register(asking.folder(ctx), passphrase_file) as (db, keys):
        found = devices.named(db, device)
        path = _write(file, f"{found.card.id}.receipt", receipt.issue(db, keys, found.card.id))
    click.echo(f"{path}: for {found.card.name} (fieldref outbox take-receipt)")


def _typed_name(name: str) -> None:
    if not sys.stdin.isatty():
        raise Refusal(f"{name} would be revoked for good. Say --yes to go on.")
    if click.prompt(f"To revoke it for good, type its name ({name})", err=True).strip() != name:
        raise Refusal("Stopped; nothing was changed.")


def _write(to: Path, name: str, text: bytes) -> Path:
    path = to / name if to.is_dir() else to
    write_whole(path, text)
    return path


def _state(device: devices.Device) -> str:
    if device.revoked:
        return "revoked"
    return "paired" if device.last is None else f"newer keys since bundle {device.last}"


KEYS = (backup, restore, second, roll_, follow, devices_, revoke, receipt_)
