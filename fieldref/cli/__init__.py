"""The fieldref command: one module a group of commands, found by this one and loaded when called."""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from fieldref import __version__
from fieldref.refusal import Refusal

# command: (module of this package, function). A command is loaded only when it is called or helped with.
COMMANDS = {
    "demo": ("demo", "demo"),
    "init": ("init", "init"),
    "serve": ("serve", "serve"),
    "get": ("serve", "get"),
    "guide": ("guide", "guide"),
    "shift": ("shift", "shift"),
    "clock": ("clock", "clock"),
    "backup": ("backup", "backup"),
    "restore": ("backup", "restore"),
    "doctor": ("doctor", "doctor"),
    "practice": ("practice", "practice"),
    "register": ("register", "register"),
    "outbox": ("outbox", "outbox"),
    "card": ("pairing", "card"),
    "pair": ("pairing", "pair"),
    "change-keys": ("pairing", "change_keys"),
    "pack": ("pack", "pack"),
    "qr": ("paper", "qr"),
    "poster": ("paper", "poster"),
    "help-booklet": ("help_booklet", "help_booklet"),
    "pad": ("paper", "pad"),
    "staff-card": ("staff_card", "staff_card"),
    "hotspot": ("hotspot", "hotspot"),
    "sync": ("sync", "sync"),
    "branch": ("branch", "branch"),
    "hq": ("hq", "hq"),
}


class Commands(click.Group):
    """The commands by name; each is imported on first use, so that a small command starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"fieldref.cli.{module}"), function)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="FIELDREF_HOME",
    help="The folder of the safe-point or branch (or FIELDREF_HOME). Default: this folder.",
)
@click.version_option(__version__, prog_name="fieldref")
@click.pass_context
def commands(ctx: click.Context, folder: Path | None) -> None:
    """Information, referrals and their evidence for people on the move, with no internet."""
    ctx.obj = folder


def _plain(text: object) -> str:
    from fieldref.cli.asking import plain

    return plain(text)


def main(arguments: list[str] | None = None) -> Any:
    """Run one command. Refusals are one sentence on standard error and exit status 1; wrong usage is 2."""
    try:
        return commands.main(args=arguments, prog_name="fieldref", standalone_mode=True)
    except Refusal as refusal:
        click.echo(f"fieldref: {_plain(refusal)}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of our output went away (fieldref ... | head): nothing is wrong, and nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        click.echo(f"fieldref: {_plain(error.strerror or error)}{_plain(where)}", err=True)
        sys.exit(1)
