"""fieldref branch: pair with safe-points, merge their bundles, report. And fieldref pair, at a safe-point."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click

from fieldref.cli import asking
from fieldref.cli.opening import WHAT, open_keys, opened_register
from fieldref.cli.publish import publish
from fieldref.exchange import chain, merge, pairing
from fieldref.exchange.branch import make_branch
from fieldref.exchange.cards import Card, read_card
from fieldref.exchange.group import Merged
from fieldref.exchange.keys import DEVICE_CARD
from fieldref.reports import needs_by_step as report_of_needs
from fieldref.reports import turned_away as report_of_turned_away
from fieldref.reports.sheets import Rows, csv_text, plain_text

SOME_PATH = click.Path(path_type=Path, exists=True)
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("branch_card", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@asking.yes
@click.pass_context
def pair(ctx: click.Context, branch_card: Path, yes: bool) -> None:
    """At a safe-point: seal to the branch whose BRANCH_CARD this is."""
    folder = asking.folder(ctx)
    _compare(read_card(branch_card, "branch"), yes)
    card = pairing.pair_branch(folder, branch_card)
    click.echo(f"Bundles of this safe-point are sealed to {card.name} from now on.")
    own = read_card(folder / DEVICE_CARD, "device")
    click.echo(f"This safe-point's figures, for the branch to compare: {own.fingerprint}")


@click.group()
def branch() -> None:
    """A branch: what many safe-points recorded, put together."""


@branch.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", required=True, help="What the branch is called.")
@asking.passphrase_file
def init(folder: Path, name: str, passphrase_file: Path | None) -> None:
    """Make a branch in a new FOLDER."""
    words = asking.passphrase(passphrase_file, WHAT, new=True)
    card = make_branch(folder, name, words)
    click.echo(f"{folder} is the branch {card.name}. Its figures: {card.fingerprint}")
    click.echo("Without the passphrase no bundle can ever be opened: keep it, and a copy of the folder, safe.")


branch.add_command(publish)


@branch.command("pair")
@click.argument("device_card", type=SOME_PATH)
@asking.passphrase_file
@asking.yes
@click.pass_context
def pair_(ctx: click.Context, device_card: Path, passphrase_file: Path | None, yes: bool) -> None:
    """Take bundles of the safe-point whose DEVICE_CARD (or folder) this is; its answer is laid beside."""
    folder = asking.folder(ctx)
    keys = open_keys(folder, passphrase_file)
    _compare(pairing.read_device(device_card), yes)
    card = pairing.pair_device(folder, device_card, keys)
    click.echo(f"{card.name} is paired. This branch's card (branch.card) lies beside its card.")


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


def _period(command: Callable[..., None]) -> Callable[..., None]:
    """The options that all reports have."""
    for option in (
        asking.passphrase_file,
        click.option("--csv", "as_csv", is_flag=True, help="CSV for a spreadsheet."),
        click.option("--exact", is_flag=True, help="Exact numbers, for the branch alone; not to be given out."),
        click.option("--to", "last", type=DAY, help="The last day."),
        click.option("--from", "first", type=DAY, help="The first day, like 2026-11-01."),
    ):
        command = option(command)
    return command


@branch.group()
def report() -> None:
    """Tables of what was recorded."""


@report.command("needs-by-step")
@_period
@click.pass_context
def needs_by_step(
    ctx: click.Context,
    first: datetime | None,
    last: datetime | None,
    exact: bool,
    as_csv: bool,
    passphrase_file: Path | None,
) -> None:
    """Referrals by need and journey step. Numbers from 1 to 4 are shown as <5, totals as at least."""
    with opened_register(asking.folder(ctx), passphrase_file) as (db, _):
        table = report_of_needs.needs_by_step(db, _day(first), _day(last))
    show = report_of_needs.coded if as_csv else report_of_needs.worded
    _print(show(table, exact=exact), exact, as_csv)


@report.command("turned-away")
@click.option("--by", type=click.Choice(["reason", "step"]), default="reason", help="What stands beside the need.")
@_period
@click.pass_context
def turned_away(
    ctx: click.Context,
    by: str,
    first: datetime | None,
    last: datetime | None,
    exact: bool,
    as_csv: bool,
    passphrase_file: Path | None,
) -> None:
    """People for whom there was nothing, by need and reason (or journey step). Small numbers as <5."""
    with opened_register(asking.folder(ctx), passphrase_file) as (db, _):
        table = report_of_turned_away.turned_away(db, by, _day(first), _day(last))
    show = report_of_turned_away.coded if as_csv else report_of_turned_away.worded
    _print(show(table, exact=exact), exact, as_csv)


def _print(lines: Rows, exact: bool, as_csv: bool) -> None:
    if as_csv:
        return click.echo(csv_text(lines), nl=False)
    if exact:
        click.echo("Exact numbers: for the branch alone, not to be given out.\n")
    click.echo(plain_text(lines))


def _compare(card: Card, yes: bool) -> None:
    click.echo(f"{card.name} has these figures: {card.fingerprint}", err=True)
    asking.confirm("Has somebody there read the same figures aloud?", yes)


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _line(result: Merged) -> str:
    if result.state == "refused":
        return f"{result.file}: refused: {result.reason}"
    whence = f"{result.safe_point}, shift of {result.day}"
    if result.state == "already here":
        return f"{result.file}: already here ({whence})"
    counts = ", ".join(f"{number} {kind}" for kind, number in result.counts.items())
    doubtful = f", {result.quarantined} in quarantine" if result.quarantined else ""
    return f"{result.file}: new ({whence}): {counts}{doubtful}"
