"""fieldref branch quarantine: see what contradicts itself, and settle it."""

from dataclasses import asdict
from pathlib import Path

import click

from fieldref.cli import asking
from fieldref.cli.opening import opened_register
from fieldref.exchange import quarantine as cases_of
from fieldref.exchange.quarantine import MOST_MANAGERS, Case, Source
from fieldref.register.codes import printed
from fieldref.vocabulary import CODES

KINDS = "The kind of record, where the key stands for several."


@click.group()
def quarantine() -> None:
    """Records of which several versions came, so that none counts until a person settles it."""


@quarantine.command("list")
@click.option("--settled", is_flag=True, help="Those that were settled.")
@asking.passphrase_file
@asking.as_json
@click.pass_context
def list_(ctx: click.Context, settled: bool, passphrase_file: Path | None, as_json: bool) -> None:
    """Show every version of every record that waits, and in which bundles it came."""
    with opened_register(asking.folder(ctx), passphrase_file) as (db, _):
        found = cases_of.cases(db, settled=settled)
    if as_json:
        return asking.answer_json([asdict(case) for case in found])
    for case in found:
        _show(case)
    if not found:
        click.echo("Nothing was settled." if settled else "Nothing is in quarantine.")


@quarantine.command()
@click.argument("key")
@click.option("--keep", type=click.IntRange(1), help="The number of the version that is right.")
@click.option("--none", "keep_none", is_flag=True, help="Keep no version.")
@click.option("--reason", type=click.Choice(sorted(CODES["settlement"])), required=True, help="Why.")
@click.option("--by", "manager", type=click.IntRange(1, MOST_MANAGERS), default=1, show_default=True, help="Manager.")
@click.option("--kind", default="", help=KINDS)
@asking.yes
@asking.passphrase_file
@click.pass_context
def settle(
    ctx: click.Context,
    key: str,
    keep: int | None,
    keep_none: bool,
    reason: str,
    manager: int,
    kind: str,
    yes: bool,
    passphrase_file: Path | None,
) -> None:
    """Keep one version of the record KEY, or none. All can still be looked at, and settled again."""
    if (keep is None) != keep_none:
        raise click.UsageError("say which version: --keep NUMBER, or --none")
    with opened_register(asking.folder(ctx), passphrase_file) as (db, _):
        case = cases_of.find(db, key.replace("-", ""), kind)
        _show(case)
        asking.confirm(f"Keep version {keep}?" if keep else "Keep none of them?", yes)
        cases_of.settle(db, case, keep or 0, reason, manager)
    click.echo("Settled. It is open again only if yet another version comes.")


def _show(case: Case) -> None:
    click.echo(f"{case.kind} {printed(case.key) if len(case.key) == 13 else case.key}")
    first = case.versions[0].content
    for number, version in enumerate(case.versions, 1):
        differs = {name: value for name, value in version.content.items() if number == 1 or value != first.get(name)}
        click.echo(f"  {number}: {', '.join(f'{name} {value}' for name, value in differs.items())}")
        click.echo(f"     from {'; '.join(map(_source, version.sources))}")
    if settled := case.settlement:
        what = f"version {settled.keep}" if settled.keep else "none"
        click.echo(f"  kept: {what} ({settled.reason}, {settled.day}, manager {settled.manager})")


def _source(source: Source) -> str:
    return f"{source.safe_point}, bundle {source.sequence}, shift of {source.day}"
