"""fieldref help-booklet: all help for volunteers on paper."""

from pathlib import Path

import click

from fieldref import clock, settings
from fieldref.cli import asking
from fieldref.cli.paper import output
from fieldref.database import write_whole
from fieldref.guide import help
from fieldref.languages import BY_CODE
from fieldref.paper.help_booklet import help_booklet_file
from fieldref.refusal import Refusal


@click.command("help-booklet")
@click.option("--language", required=True, type=click.Choice(list(BY_CODE)), help="The booklet's language.")
@output
@click.pass_context
def help_booklet(ctx: click.Context, language: str, file: Path) -> None:
    """Write all help for volunteers as HTML, for paper. Print it from any browser on A5, or two pages on A4."""
    folder = asking.folder(ctx)
    place = settings.read(folder)
    known, _ = help.read(help.folders_of(folder))
    if BY_CODE[language] not in known.languages:
        raise Refusal(f"there is no help in {BY_CODE[language].english}")
    write_whole(file, help_booklet_file(known, place, language, clock.today()).encode())
    click.echo(f"{file}: print it on A5, or two pages on a sheet of A4")
