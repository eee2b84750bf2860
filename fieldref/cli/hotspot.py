"""fieldref hotspot: the machine becomes a Wi-Fi that phones join; planned, installed, looked at, taken away."""

import os
import sys
import textwrap
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from fieldref import settings
from fieldref.cli import asking
from fieldref.hotspot import install as installing
from fieldref.hotspot.firmware import hint
from fieldref.hotspot.plan import Change
from fieldref.hotspot.reached import cut_off
from fieldref.hotspot.status import Status
from fieldref.hotspot.status import status as look
from fieldref.hotspot.wanted import Hotspot, hotspot_of
from fieldref.refusal import Refusal

STATES = {"new": "new", "changed": "changed", "same": "as it is", "gone": "goes"}
ANSWERS = {True: "yes", False: "NO", None: "cannot be told here"}
Command = Callable[..., Any]

root_option = click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path("/"),
    help="Write below this folder, an image's root, and run nothing. Default: this system.",
)


def wanted_options(command: Command) -> Command:
    """What a hotspot may be told besides fieldref.toml."""
    python = click.option(
        "--python",
        type=click.Path(path_type=Path),
        default=Path(sys.executable),
        help="The Python that runs fieldref there. Default: this one.",
    )
    staff_lan = click.option("--staff-lan", is_flag=True, help="The staff door for volunteers' phones too, over TLS.")
    coordinator = click.option("--coordinator-lan", is_flag=True, help="Take the coordinator's passphrase there too.")
    return root_option(python(staff_lan(coordinator(command))))


@click.group()
def hotspot() -> None:
    """Make this machine the Wi-Fi that phones join (Raspberry Pi OS or Debian with NetworkManager)."""


@hotspot.command()
@wanted_options
@click.option("--diff", is_flag=True, help="Show every file line by line, against what is there.")
@asking.as_json
@click.pass_context
def plan(
    ctx: click.Context, root: Path, python: Path, staff_lan: bool, coordinator_lan: bool, diff: bool, as_json: bool
) -> None:
    """Show every file and command that installing would use, and why. Changes nothing."""
    wanted = _wanted(ctx, root, python, staff_lan, coordinator_lan)
    changes = installing.planned(wanted, root)
    commands = installing.left_to_run(wanted, root)
    if as_json:
        files = [{"path": each.path, "state": each.state, "why": each.why, "diff": each.diff} for each in changes]
        asking.answer_json({"files": files, "commands": [asdict(each) for each in commands]})
        return
    click.echo(f"{_title(wanted)}\n\nFiles\n")
    for change in changes:
        click.echo(_file(change, diff))
    if commands:
        click.echo("Commands, in this order\n")
        for command in commands:
            click.echo(f"  {command}\n      {command.why}")
        click.echo()
    for remark in filter(None, (_cut_off(wanted, root), hint(root))):
        click.echo(f"{remark}\n")


@hotspot.command()
@wanted_options
@click.option("--at-next-start", is_flag=True, help="Only write the files: the hotspot comes with the next start.")
@asking.yes
@click.pass_context
def install(
    ctx: click.Context,
    root: Path,
    python: Path,
    staff_lan: bool,
    coordinator_lan: bool,
    at_next_start: bool,
    yes: bool,
) -> None:
    """Write the files and start the hotspot. Done twice, the second time changes nothing."""
    _as_root(root)
    wanted = _wanted(ctx, root, python, staff_lan, coordinator_lan)
    todo = [change for change in installing.planned(wanted, root) if change.state != "same"]
    if not todo and not installing.left_to_run(wanted, root):
        click.echo("All of it is in place; nothing was changed.")
        return
    reason = "" if at_next_start else _cut_off(wanted, root)
    if reason:
        asking.confirm(
            f"{reason} Make it the hotspot now? (--at-next-start waits until this machine starts again.)", yes
        )
    for complaint in installing.install(wanted, root, start=not at_next_start):
        click.echo(f"This did not work, and the hotspot does without: {complaint}", err=True)
    for change in todo:
        click.echo(f"  {STATES[change.state]:8}  {change.path}" + _kept(change))
    click.echo(_title(wanted))
    if root != installing.SYSTEM or at_next_start:
        click.echo("It starts with the machine.")


@hotspot.command()
@root_option
@asking.yes
@click.pass_context
def remove(ctx: click.Context, root: Path, yes: bool) -> None:
    """Take the hotspot away and put back what was there before it. The safe-point's folder stays."""
    _as_root(root)
    if root == installing.SYSTEM and (reason := cut_off(settings.read(asking.folder(ctx)).interface)):
        asking.confirm(f"Careful: {reason}, and it will be without its network. Remove the hotspot now?", yes)
    for complaint in installing.remove(root):
        click.echo(f"This did not work: {complaint}", err=True)
    click.echo("The hotspot is gone. What was there before it is as it was.")


@hotspot.command()
@root_option
@asking.as_json
@click.pass_context
def status(ctx: click.Context, root: Path, as_json: bool) -> None:
    """Say whether the hotspot is installed and works. Exit status 1 if not."""
    found = look(root, settings.read(asking.folder(ctx)).interface)
    if as_json:
        asking.answer_json(asdict(found) | {"works": found.works})
    else:
        click.echo(_said(found))
    if not found.works:
        sys.exit(1)


def _wanted(ctx: click.Context, root: Path, python: Path, staff_lan: bool, coordinator: bool) -> Hotspot:
    if coordinator and not staff_lan:
        raise click.UsageError("--coordinator-lan goes with --staff-lan")
    folder = asking.folder(ctx).resolve()
    place = settings.read(folder)
    return hotspot_of(place, folder, python, root=root, staff_lan=staff_lan, coordinator=coordinator)


def _as_root(root: Path) -> None:
    if root == installing.SYSTEM and os.geteuid() != 0:
        raise Refusal("this changes the system: run it with sudo")


def _cut_off(wanted: Hotspot, root: Path) -> str:
    reason = cut_off(wanted.interface) if root == installing.SYSTEM else ""
    return f"Careful: {reason}, and a radio that is a hotspot is in no other network." if reason else ""


def _title(wanted: Hotspot) -> str:
    kind = "with a password" if wanted.password else "open"
    return (
        f'The Wi-Fi "{wanted.network}" ({kind}) on {wanted.interface}, channel {wanted.channel}, {wanted.country};'
        f" phones open http://{wanted.home}/"
    )


def _file(change: Change, diff: bool) -> str:
    why = textwrap.fill(change.why, 100, initial_indent=" " * 12, subsequent_indent=" " * 12)
    lines = [f"  {STATES[change.state]:8}  {change.path}{_kept(change)}", why, ""]
    return "\n".join([*lines, change.diff] if diff and change.diff else lines)


def _kept(change: Change) -> str:
    return f"  (changed by somebody since; that is kept as {change.path}~)" if change.edited else ""


def _said(found: Status) -> str:
    if not found.installed:
        return "No hotspot is installed here (fieldref hotspot install)."
    lines = [
        f"Installed      {'yes' if found.finished else 'NOT FINISHED: run fieldref hotspot install again'}",
        f"Files          {'as installed' if not found.changed else 'CHANGED: ' + ', '.join(found.changed)}",
        f"Wi-Fi up       {ANSWERS[found.wifi]}",
        f"Wall up        {ANSWERS[found.wall]}",
        *(f"{name:30} {ANSWERS[runs]}" for name, runs in (found.doors or {}).items()),
    ]
    if found.phones is not None:
        lines.append(f"Phones now     {found.phones}")
    return "\n".join(lines)
