"""fieldref clock: what time the box thinks it is, who says so, and saying so."""

from datetime import datetime

import click

from fieldref import clock as clocks
from fieldref.cli import asking

WHO = {
    "person": "a person said so since it was started",
    "branch": "the branch said so since it was started",
    "network": "a time server says so",
    "kept": "a person said so before, and its battery kept it",
    "": "nobody has said so: no page says what is open now, and records are marked",
}


@click.command()
@click.option("--right", is_flag=True, help="Somebody has looked: the time it shows is right.")
@click.option(
    "--set",
    "said",
    type=click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]),
    help='The time, like "2026-11-27 12:15".',
)
@click.option("--sure", is_flag=True, help="Also where the box has seen a later day already.")
@asking.as_json
@click.pass_context
def clock(ctx: click.Context, right: bool, said: datetime | None, sure: bool, as_json: bool) -> None:
    """Show what time this safe-point goes by and who stands for it; confirm it (--right) or say it (--set)."""
    asking.folder(ctx)
    if right and said:
        raise click.UsageError("either the time is right, or it is another")
    if right or said:
        clocks.confirm(said or clocks.now(), sure=sure)
    state, now = clocks.state(), clocks.now()
    if as_json:
        return asking.answer_json(
            {"now": now.isoformat(timespec="minutes"), "trusted": state.trusted, "source": state.source}
        )
    click.echo(f"{now:%A %d %B %Y, %H:%M} ({WHO[state.source]})")
