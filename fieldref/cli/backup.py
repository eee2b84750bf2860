"""fieldref backup and restore: the whole folder as one file, verified, and back."""

from pathlib import Path

import click

from fieldref import backup as backups
from fieldref import settings
from fieldref.cli import asking


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The new file.")
@asking.passphrase_file
@click.pass_context
def backup(ctx: click.Context, output: Path, passphrase_file: Path | None) -> None:
    """Write the whole folder to one file and read it back. A safe-point's shift must be closed."""
    folder = asking.folder(ctx)
    what = "the branch" if settings.read(folder).kind == "branch" else "the coordinator"
    made = backups.back_up(folder, output, asking.passphrase(passphrase_file, what))
    click.echo(f"{output}: {made.name}, {made.files} files, {made.size} bytes, read back and compared.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def restore(file: Path, folder: Path) -> None:
    """Put the backup FILE back into the new FOLDER. Of a safe-point only one copy may go on working."""
    found = backups.restore(file, folder)
    click.echo(f"{folder}: {found.name} as it was on {found.day}, {found.files} files.")
    if found.kind == "safe-point":
        click.echo("If the box it was made of still works, do not use both: the branch would see two of each number.")
