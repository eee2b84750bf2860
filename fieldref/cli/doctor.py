"""fieldref doctor: one look at everything that can stop a day's work, and what to do about it."""

import sys
from dataclasses import asdict

import click

from fieldref import doctor as doctors
from fieldref import settings
from fieldref.cli import asking

MARK = {"ill": "!!", "look": " ?", "well": "  "}


@click.command()
@asking.as_json
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Look at disk, clock, power, Wi-Fi, guide, outbox and keys. Exit status 1 where something is ill."""
    folder = asking.folder(ctx)
    settings.read(folder)
    found = doctors.examine(doctors.Patient(folder))
    if as_json:
        asking.answer_json([asdict(each) | {"says": each.says % each.figures} for each in found])
    else:
        for each in found:
            click.echo(f"{MARK[each.state]} {each.about}: {each.says % each.figures} {each.do}".rstrip())
    sys.exit(any(each.state == "ill" for each in found))
