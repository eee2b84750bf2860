"""What every command asks for in the same way: its folder, a passphrase, a yes; and how it answers."""

import json
import os
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from fieldref import clock
from fieldref.refusal import Refusal
from fieldref.register import strength

passphrase_file = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Read the passphrase from the first line of this file (or set FIELDREF_PASSPHRASE).",
)
generate = click.option("--generate", is_flag=True, help="Make a passphrase of six words, and show it once.")
as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
yes = click.option("--yes", is_flag=True, help="Answer yes to what would be asked.")

Command = Callable[..., Any]


def folder(ctx: click.Context) -> Path:
    """The safe-point's or branch's folder: --folder, FIELDREF_HOME, or where one stands. Its clock is gone by."""
    found: Path = ctx.find_root().obj or Path()
    clock.use(found)
    return found


def passphrase(file: Path | None, what: str, *, new: bool = False) -> str:
    """The passphrase for *what*: from *file*, FIELDREF_PASSPHRASE, or asked (twice when *new*)."""
    if file is not None:
        first = file.read_text("utf-8").splitlines()[:1]
        if not first or not first[0].strip():
            raise Refusal(f"{file} holds no passphrase in its first line")
        return first[0].strip()
    if "FIELDREF_PASSPHRASE" in os.environ:
        return os.environ["FIELDREF_PASSPHRASE"]
    if not sys.stdin.isatty():
        raise Refusal(f"the passphrase of {what} is needed: set FIELDREF_PASSPHRASE or give --passphrase-file")
    return str(click.prompt(f"Passphrase of {what}", hide_input=True, confirmation_prompt=new, err=True))


def new_passphrase(file: Path | None, what: str, generated: bool) -> str:
    """A new passphrase for *what*: six random words, shown now and never again, or one that is given as above."""
    if not generated:
        return passphrase(file, what, new=True)
    if file is not None:
        raise Refusal("a passphrase is either generated or given: leave out --generate or --passphrase-file")
    made = strength.generated()
    click.echo(f"The passphrase of {what}: {made}")
    click.echo("Write it down now, by hand, and keep it away from this machine: it is shown only here.")
    return made


def confirm(question: str, already: bool) -> None:
    """Go on only after a yes; `--yes` gives it beforehand. A script that cannot answer gets a Refusal."""
    if already:
        return
    if not sys.stdin.isatty():
        raise Refusal(f"{question} Say --yes to go on.")
    if not click.confirm(question, err=True):
        raise Refusal("Stopped; nothing was changed.")


def plain(text: object) -> str:
    """*text*, of which some came from elsewhere, as a terminal may show it: nothing in it moves a cursor or rings."""
    return "".join("?" if unicodedata.category(each) == "Cc" and each != "\n" else each for each in str(text))


def answer_json(result: object) -> None:
    """Print *result* as JSON for a program to read."""
    click.echo(json.dumps(result, ensure_ascii=False, indent=2))
