"""The fixed tables as commands: the same for a branch's register and for a headquarters, whose source differs."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import click

from fieldref.database import Readable
from fieldref.reports import needs_by_step, turned_away, voices
from fieldref.reports.sheets import Rows, csv_text, plain_text

DAY = click.DateTime(["%Y-%m-%d"])
Option = Callable[[Callable[..., None]], Callable[..., None]]
# Opens what is read, from the context and the options that are the source's own.
Source = Callable[[click.Context, dict[str, Any]], AbstractContextManager[Readable]]


@dataclass(frozen=True)
class Report:
    """One table: `count` makes it for a period (and the options of its own); the others show it."""

    name: str
    help: str
    count: Callable[..., Any]
    coded: Callable[..., Rows]
    worded: Callable[..., Rows]
    options: Sequence[Option] = ()


REPORTS = (
    Report(
        "needs-by-step",
        "Referrals by need and journey step. Numbers from 1 to 4 are shown as <5, totals as at least.",
        needs_by_step.needs_by_step,
        needs_by_step.coded,
        needs_by_step.worded,
    ),
    Report(
        "turned-away",
        "People for whom there was nothing, by need and reason (or journey step). Small numbers as <5.",
        turned_away.turned_away,
        turned_away.coded,
        turned_away.worded,
        [
            click.option(
                "--by", type=click.Choice(["reason", "step"]), default="reason", help="What stands beside the need."
            )
        ],
    ),
    Report(
        "pages-read",
        "Pages that visitors read, and whether they helped. Numbers from 1 to 4 are shown as <5.",
        voices.pages_read,
        voices.coded_pages,
        voices.worded_pages,
    ),
    Report(
        "services-missed",
        "What visitors did not find, by need and their language. Numbers from 1 to 4 are shown as <5.",
        voices.missed,
        voices.coded_missed,
        voices.worded_missed,
    ),
)
PERIOD: tuple[Option, ...] = (
    click.option("--csv", "as_csv", is_flag=True, help="CSV for a spreadsheet."),
    click.option("--exact", is_flag=True, help="Exact numbers, for the branch alone; not to be given out."),
    click.option("--to", "last", type=DAY, help="The last day."),
    click.option("--from", "first", type=DAY, help="The first day, like 2026-11-01."),
)


def reports(opened: Source, *source_options: Option) -> click.Group:
    """Return the group `report` of a source: a command for each of REPORTS."""
    group = click.Group("report", help="Tables of what was recorded.")
    for each in REPORTS:
        group.add_command(_command(each, opened, source_options))
    return group


def _command(report: Report, opened: Source, source_options: Sequence[Option]) -> click.Command:
    @click.pass_context
    def show(
        ctx: click.Context,
        /,
        first: datetime | None,
        last: datetime | None,
        exact: bool,
        as_csv: bool,
        **others: Any,
    ) -> None:
        own = {name: others.pop(name) for name in ("by",) if name in others}
        with opened(ctx, others) as source:
            table = report.count(source, first=_day(first), last=_day(last), **own)
        _print((report.coded if as_csv else report.worded)(table, exact=exact), exact, as_csv)

    made: Callable[..., None] = show
    for option in (*source_options, *PERIOD, *report.options):
        made = option(made)
    return click.command(report.name, help=report.help)(made)


def _print(lines: Rows, exact: bool, as_csv: bool) -> None:
    if as_csv:
        return click.echo(csv_text(lines), nl=False)
    if exact:
        click.echo("Exact numbers: for the branch alone, not to be given out.\n")
    click.echo(plain_text(lines))


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None
