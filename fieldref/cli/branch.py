"""fieldref branch: pair with safe-points, merge their bundles, report."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from fieldref.cli import asking
from fieldref.cli.branch_door import serve
from fieldref.cli.branch_keys import KEYS
from fieldref.cli.opening import WHAT, opened_register
from fieldref.cli.pairing import branch_pair
from fieldref.cli.publish import publish
from fieldref.cli.quarantine import quarantine
from fieldref.cli.reporting import reports
from fieldref.cli.sync import listen
from fieldref.database import Readable
from fieldref.exchange import chain, merge
from fieldref.exchange.branch import make_branch
from fieldref.exchange.group import Merged

SOME_PATH = click.Path(path_type=Path, exists=True)


@click.group()
def branch() -> None:
    """A branch: what many safe-points recorded, put together."""


@branch.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", required=True, help="What the branch is called.")
@asking.passphrase_file
@asking.generate
def init(folder: Path, name: str, passphrase_file: Path | None, generate: bool) -> None:
    """Make a branch in a new FOLDER."""
    words = asking.new_passphrase(passphrase_file, WHAT, generate)
    card = make_branch(folder, name, words)
    click.echo(f"{folder} is the branch {card.name}. Its figures: {card.fingerprint}")
    click.echo("Make its paper backups now (fieldref branch backup): without them a lost passphrase loses everything.")


for command in (publish, branch_pair, quarantine, serve, listen, *KEYS):
    branch.add_command(command)


@branch.command("merge")
@click.argument("files", type=SOME_PATH, nargs=-1, required=True)
@asking.passphrase_file
@asking.as_json
@click.pass_context
def merge_(ctx: click.Context, files: tuple[Path, ...], passphrase_file: Path | None, as_json: bool) -> None:
    """Merge the bundles FILES, and all in folders named; in any order, as often as you like."""
    with opened_register(asking.folder(ctx), passphrase_file) as (db, keys):
        results = list(merge.merge_each(db, keys, files))
        troubles = chain.troubles(db)
    if as_json:
        asking.answer_json({"files": [asdict(result) for result in results], "troubles": troubles})
    else:
        for line in (*map(_line, results), *troubles):
            click.echo(line)
    if any(result.state == "refused" for result in results):
        ctx.exit(1)


@contextmanager
def _register(ctx: click.Context, given: dict[str, Any]) -> Iterator[Readable]:
    with opened_register(asking.folder(ctx), given["passphrase_file"]) as (db, _):
        yield db


branch.add_command(reports(_register, asking.passphrase_file))


def _line(result: Merged) -> str:
    if result.state == "refused":
        return f"{result.file}: refused: {result.reason}"
    whence = f"{result.safe_point}, shift of {result.day}"
    if result.state == "already here":
        return f"{result.file}: already here ({whence})"
    counts = ", ".join(f"{number} {kind}" for kind, number in result.counts.items())
    doubtful = f", {result.quarantined} in quarantine" if result.quarantined else ""
    return f"{result.file}: new ({whence}): {counts}{doubtful}"
