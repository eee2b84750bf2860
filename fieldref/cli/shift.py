"""fieldref shift: open, look at, and close a safe-point's shift."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from fieldref import clock
from fieldref.cli import asking
from fieldref.exchange.bundle import close_shift
from fieldref.exchange.due import bring
from fieldref.register import counts
from fieldref.register import shift as shifts
from fieldref.register.schema import open_register

WHAT = "the safe-point"


@click.group()
def shift() -> None:
    """Open and close a safe-point's shift; records are made only in between."""


@shift.command("open")
@click.option("--clock-trusted", is_flag=True, help="Somebody has looked: this machine's day is right.")
@asking.passphrase_file
@asking.as_json
@click.pass_context
def open_(ctx: click.Context, clock_trusted: bool, passphrase_file: Path | None, as_json: bool) -> None:
    """Open a shift and show the volunteers' PIN for it (a random one, or that of FIELDREF_PIN)."""
    folder = asking.folder(ctx)
    words = asking.passphrase(passphrase_file, WHAT)
    pin = shifts.open_shift(folder, words, os.environ.get("FIELDREF_PIN"), clock_trusted=clock_trusted)
    bring(folder, words)
    if clock_trusted:
        clock.confirm(clock.now())
    if as_json:
        return asking.answer_json({**_status(folder), "pin": pin})
    click.echo(f"The shift is open. PIN for the volunteers: {pin}")
    click.echo("Tell it them now; it is shown only here and ends with the shift.")


@shift.command()
@asking.as_json
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Say whether a shift is open, and what was recorded today."""
    found = _status(asking.folder(ctx))
    if as_json:
        return asking.answer_json(found)
    if not found["open"]:
        return click.echo(f"No shift is open. {_bundles(found['bundles'])}")
    clock = "" if found["clock"] == "trusted" else " (the clock was not confirmed)"
    click.echo(f"The shift of {found['day']} is open{clock}. {_bundles(found['bundles'])}")
    today = found["today"]
    click.echo(
        f"Today: referrals {today['referrals']}, outcomes {today['outcomes']}, people tallied {today['people']}."
    )


@shift.command()
@asking.passphrase_file
@asking.as_json
@click.pass_context
def close(ctx: click.Context, passphrase_file: Path | None, as_json: bool) -> None:
    """Seal the shift's records to the branch; afterwards nobody can read them here."""
    closed = close_shift(asking.folder(ctx), asking.passphrase(passphrase_file, WHAT))
    if as_json:
        return asking.answer_json({**asdict(closed), "file": str(closed.file)})
    total = sum(closed.counts.values())
    click.echo(f"The shift of {closed.day} is closed: {total} records sealed to {closed.branch} in")
    click.echo(f"  {closed.file}")
    click.echo("Copy this file to a stick for the branch; the records can no longer be read here.")


def _status(folder: Path) -> dict[str, Any]:
    db = open_register(folder)
    try:
        found = shifts.current(db)
        result: dict[str, Any] = {"open": found is not None, "bundles": _in_outbox(folder)}
        if found:
            today = counts.todays_counts(db)
            result |= {"day": found.day, "clock": found.clock, "today": asdict(today)}
        return result
    finally:
        db.close()


def _in_outbox(folder: Path) -> int:
    return len(list((folder / shifts.OUTBOX).glob("[!.]*.bin")))


def _bundles(number: int) -> str:
    return f"{number} sealed {'bundle' if number == 1 else 'bundles'} in the outbox."
