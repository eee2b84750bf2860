"""fieldref register: what can be done with a safe-point's register at the keyboard."""

from pathlib import Path

import click

from fieldref.cli import asking
from fieldref.register.importing import ImportRefused, import_referrals
from fieldref.register.schema import open_register


@click.group()
def register() -> None:
    """The records of the open shift."""


@register.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@asking.as_json
@click.pass_context
def import_(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Add the rows of a CSV FILE to the open shift, all or none: referrals where consent is yes, else only counted."""
    db = open_register(asking.folder(ctx))
    try:
        imported = import_referrals(db, file)
    except ImportRefused as refused:
        if not as_json:
            raise
        asking.answer_json({"imported": 0, "counted": 0, "problems": refused.problems})
        ctx.exit(1)
    finally:
        db.close()
    if as_json:
        return asking.answer_json({"imported": imported.referrals, "counted": imported.counted, "problems": []})
    said = f"{imported.referrals} {'referral' if imported.referrals == 1 else 'referrals'} imported."
    if imported.counted:
        said += f" {imported.counted} counted only: consent is not yes there."
    click.echo(said)
