"""fieldref pack: at a safe-point, take the guide that the branch publishes, or go back to the one before."""

from dataclasses import asdict
from pathlib import Path

import click

from fieldref.cli import asking
from fieldref.exchange import taking

OWN = "the guide of this safe-point's own files"


@click.group()
def pack() -> None:
    """The guide as the branch publishes it."""


@pack.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--older", is_flag=True, help="Take it even if a newer one is served.")
@asking.as_json
@click.pass_context
def take(ctx: click.Context, file: Path, older: bool, as_json: bool) -> None:
    """Take the pack FILE of the branch; doors that are open show it at once.

    It is verified and tried first; whatever is wrong with it, the guide of before is served on.
    """
    found = taking.take(asking.folder(ctx), file, older=older)
    if as_json:
        return asking.answer_json(asdict(found))
    if found.new:
        click.echo(f"Edition {found.edition} of {found.day} is served now; before it was {_called(found.before)}.")
    else:
        click.echo(f"Edition {found.edition} of {found.day} is served already.")
    if found.arrived:
        click.echo(f"The branch has {found.arrived} more of this safe-point's bundles.")
    if found.trouble:
        click.echo(f"What the branch says of bundles was not taken: {found.trouble}")
    _name("Not shown, because the branch publishes these pages (send it yours):", found.hidden)
    _name("Not shown, because this fieldref is too old for these pages (update it):", found.unread)


@pack.command()
@click.pass_context
def back(ctx: click.Context) -> None:
    """Serve the guide that was served before the last one. Again: that one once more."""
    found = taking.back(asking.folder(ctx))
    click.echo(f"Served now: {_called(found.edition, found.day)}. Before: {_called(found.before)}.")


@pack.command()
@asking.as_json
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Say which edition is served, and which other one is kept."""
    found = taking.standing(asking.folder(ctx))
    if as_json:
        return asking.answer_json(asdict(found))
    click.echo(f"Served: {_called(found.edition, found.day)}.")
    if found.other is not None:
        click.echo(f"To go back to: {_called(found.other, found.other_day)}.")


def _name(what: str, names: tuple[str, ...]) -> None:
    for line in (what, *(f"  {name}" for name in names)) if names else ():
        click.echo(line)


def _called(edition: int, day: str = "") -> str:
    return f"edition {edition}{f' of {day}' if day else ''}" if edition else OWN
