"""fieldref branch: pair with safe-points, merge their bundles, report."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click

from fieldref.cli import asking
from fieldref.cli.branch_door import serve
from fieldref.cli.branch_keys import KEYS
from fieldref.cli.opening import WHAT, opened_register
from fieldref.cli.pairing import branch_pair
from fieldref.cli.publish import publish
from fieldref.cli.quarantine import quarantine
from fieldref.exchange import chain, merge
from fieldref.exchange.branch import make_branch
from fieldref.exchange.group import Merged
from fieldref.reports import needs_by_step as report_of_needs
from fieldref.reports import turned_away as report_of_turned_away
from fieldref.reports.sheets import Rows, csv_text, plain_text

SOME_PATH = click.Path(path_type=Path, exists=True)
DAY = click.DateTime(["%Y-%m-%d"])


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
    click.echo("Make its paper backups now (fieldref branch backup): without them a lost passphrase loses everything.")


for command in (publish, branch_pair, quarantine, serve, *KEYS):
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
