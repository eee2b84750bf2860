"""fieldref outbox: the sealed bundles of a safe-point, to sticks, until the branch has them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from fieldref import clock
from fieldref.cli import asking
from fieldref.database import Database
from fieldref.exchange import outbox as bundles
from fieldref.exchange import receipt, statement
from fieldref.exchange.outbox import Kept
from fieldref.refusal import Refusal
from fieldref.register import shift
from fieldref.register.schema import open_register


@click.group()
def outbox() -> None:
    """Sealed bundles on their way to the branch."""


@outbox.command("list")
@asking.as_json
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """List every bundle: number, day, when it was copied, whether the branch has it."""
    with _opened(asking.folder(ctx)) as (_, kept):
        pass
    late = bundles.overdue(kept, clock.today())
    if as_json:
        return asking.answer_json([_as_json(each, each in late) for each in kept])
    for each in kept:
        click.echo(_line(each))
    if late:
        numbers = ", ".join(str(each.sequence) for each in late)
        click.echo(
            f"For more than {bundles.DAYS} days the branch has not said that it has bundle {numbers}: copy again."
        )


@outbox.command()
@click.argument("stick", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--number", "numbers", type=int, multiple=True, help="Only this bundle; may be given again.")
@click.option("--all", "every", is_flag=True, help="Those that the branch has, too.")
@click.pass_context
def export(ctx: click.Context, stick: Path, numbers: tuple[int, ...], every: bool) -> None:
    """Copy to STICK every bundle that the branch has not said it has; as often as you like."""
    folder = asking.folder(ctx)
    with _opened(folder) as (db, kept):
        chosen = _chosen(kept, numbers, every)
        size = sum(each.file.stat().st_size for each in chosen if each.there)
        with click.progressbar(length=max(size, 1), label="Copying", file=sys.stderr) as bar:
            bundles.export(db, chosen, stick, clock.today(), bar.update)
    if not chosen:
        return click.echo("There is nothing to copy: the branch has everything.")
    count = f"{len(chosen)} {'bundle is' if len(chosen) == 1 else 'bundles are'}"
    click.echo(f"{count} on {stick}, each read back and whole. It is safe to remove.")


@outbox.command("take-receipt")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def take_receipt(ctx: click.Context, file: Path) -> None:
    """Take the receipt FILE of the branch: these bundles have arrived."""
    with file.open("rb") as opened:
        text = opened.read(statement.LARGEST + 1)
    taken = receipt.take(asking.folder(ctx), text)
    click.echo(f"The branch has {taken.named} bundles of this safe-point; {taken.news} of them it had not said before.")


@outbox.command()
@click.option("--received", "at_once", is_flag=True, help="All that the branch has, not only after 30 days.")
@click.option("--clock-trusted", is_flag=True, help="Somebody has looked: this machine's day is right.")
@asking.yes
@click.pass_context
def tidy(ctx: click.Context, at_once: bool, clock_trusted: bool, yes: bool) -> None:
    """Delete bundles that the branch has had for 30 days. Without its receipt nothing is deleted, ever."""
    folder = asking.folder(ctx)
    with _opened(folder) as (db, kept):
        trusted = clock_trusted or clock.state().trusted
        old = bundles.received(kept) if at_once else bundles.tidied(kept, clock.today(), clock_trusted=trusted)
        if not old:
            return click.echo("There is nothing to delete.")
        numbers = ", ".join(str(each.sequence) for each in old)
        asking.confirm(f"Delete bundle {numbers} here? The branch has said that it has them.", yes)
        bundles.delete(db, folder, old)
    click.echo(f"Deleted: bundle {numbers}.")


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[Database, list[Kept]]]:
    db = open_register(folder)
    try:
        shift.tidy(db, folder)  # a bundle that was never finished is none
        yield db, bundles.bundles(db, folder)
    finally:
        db.close()


def _chosen(kept: list[Kept], numbers: tuple[int, ...], every: bool) -> list[Kept]:
    if unknown := set(numbers) - {each.sequence for each in kept}:
        raise Refusal(f"there is no bundle {min(unknown)} (fieldref outbox list)")
    if numbers:
        return [each for each in kept if each.sequence in numbers]
    return [each for each in kept if each.there] if every else bundles.waiting(kept)


def _line(each: Kept) -> str:
    copied = f"copied on {each.exported}" if each.exported else "never copied"
    arrived = f"the branch has it (receipt of {each.received})" if each.received else "no receipt yet"
    gone = "" if each.there else "; ITS FILE IS GONE" if each.lost else "; deleted here"
    return f"{each.sequence:4}  {each.day}  {copied}; {arrived}{gone}"


def _as_json(each: Kept, late: bool) -> dict[str, object]:
    return {
        "number": each.sequence,
        "day": each.day,
        "file": str(each.file),
        "copied": each.exported,
        "received": each.received,
        "there": each.there,
        "overdue": late,
    }
