"""fieldref branch publish: the branch's guide, checked, signed and numbered, as a file for its safe-points."""

from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from fieldref.cli import asking
from fieldref.cli.opening import opened_register
from fieldref.exchange import beside, publishing


@click.command()
@click.option("-o", "--output", "to", type=click.Path(path_type=Path), help="Copy the pack there: a file, or a stick.")
@click.option("--anyway", is_flag=True, help="Publish although there are errors, or only the sample.")
@click.option("--edition", type=click.IntRange(1), help="Its number, where this folder is an old copy.")
@asking.passphrase_file
@asking.as_json
@click.pass_context
def publish(
    ctx: click.Context, to: Path | None, anyway: bool, edition: int | None, passphrase_file: Path | None, as_json: bool
) -> None:
    """Check the guide, sign it, and make a pack of it for the safe-points."""
    folder = asking.folder(ctx)
    today = date.today()
    try:
        with opened_register(folder, passphrase_file) as (db, keys):
            along = beside.of_branch(db, keys, today)
        made = publishing.publish(folder, keys, today, anyway=anyway, edition=edition, beside=along)
    except publishing.PublishRefused as refused:
        for finding in refused.findings:
            click.echo(asking.plain(f"{finding.where}: {finding.sentence}"), err=True)
        raise
    place = publishing.hand_out(made, to) if to else made.file
    if as_json:
        return asking.answer_json({**asdict(made), "file": str(place)})
    languages = ", ".join(made.languages)
    click.echo(f"Edition {made.edition} of {made.day}: {made.pages} pages ({languages}), {made.services} services.")
    if made.errors or made.warnings:
        click.echo(f"Published with {made.errors} errors and {made.warnings} warnings (fieldref guide check).")
    click.echo(f"For the safe-points: {place}")
