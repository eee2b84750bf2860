"""fieldref hq: what a branch holds to the PostgreSQL of a national headquarters, and the same tables from there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from fieldref.cli import asking
from fieldref.cli.opening import opened_register
from fieldref.cli.reporting import reports
from fieldref.database import Readable
from fieldref.exchange import postgres

server = click.argument("server", metavar="postgresql://...", envvar="FIELDREF_HQ")


@click.group()
def hq() -> None:
    """A national headquarters: the rows of many branches in one PostgreSQL."""


@hq.command()
@server
@asking.passphrase_file
@asking.as_json
@click.pass_context
def push(ctx: click.Context, server: str, passphrase_file: Path | None, as_json: bool) -> None:
    """Make this branch's rows there equal to its register; again and again, and after a cut."""
    with opened_register(asking.folder(ctx), passphrase_file) as (db, keys), postgres.connected(server) as there:
        pushed = postgres.push(db, keys.card.id, there)
    if as_json:
        return asking.answer_json({"rows": pushed.rows, "sent": pushed.sent})
    click.echo(f"{pushed.rows} records of this branch are at the headquarters ({pushed.sent} sent just now).")


@contextmanager
def _headquarters(ctx: click.Context, given: dict[str, Any]) -> Iterator[Readable]:
    with postgres.connected(given["server"]) as there:
        yield postgres.Headquarters(there)


hq.add_command(reports(_headquarters, server))
