"""fieldref guide: the pages and services of a safe-point, brought in, taken out, built and checked."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import click

from fieldref import clock, settings
from fieldref.cli import asking
from fieldref.database import write_whole
from fieldref.guide import checks, directory, packages, spreadsheet, tables, workbook
from fieldref.guide.build import build as build_guide
from fieldref.guide.checks import Finding
from fieldref.refusal import Refusal

EXAMPLES = 3
SHOWN_WHOLE = {"unused"}

every_finding = click.option(
    "--all", "everything", is_flag=True, help="Show every finding, not only some of each kind."
)
a_package = click.argument("package", metavar="PACKAGE", type=click.Path(path_type=Path, exists=True))


@click.group()
def guide() -> None:
    """What we tell people: pages, and the directory of services."""


@guide.command("import")
@a_package
@every_finding
@click.pass_context
def import_(ctx: click.Context, package: Path, everything: bool) -> None:
    """Take the services in PACKAGE (Open Referral HSDS) and build the guide with them.

    PACKAGE is a folder of CSV files, as fieldref writes them or as any HSDS 3 package has them, its
    datapackage.json, or a file of JSON. Its services take the place of those that were there. Every row is
    taken or refused, and the summary says why, and what the guide has no place for. Nothing is changed if a
    file cannot be read. Where a confidential service is, is never copied.
    """
    safe_point = asking.folder(ctx)
    settings.read(safe_point)
    come = packages.open_package(package)
    services, problems = come.directory.services, come.problems
    if not services:
        raise Refusal(f"{package} holds no service that can be used; nothing was changed")
    refused = sum(each.table == "services" and each.kind in ("refused", "duplicate") for each in problems)
    click.echo(f"{_count(len(services), 'service')} taken, {refused} refused.")
    _show(checks.of_rows(problems), len(problems) if everything else EXAMPLES)
    left_out = packages.take_in(come, safe_point)
    if left_out:
        click.echo(f"Not copied, because they say where a confidential service is: {_count(left_out, 'row')}.")
    click.echo(f"The guide is built: {build_guide(safe_point)}")


@guide.command("export")
@click.argument("package", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Write one file of JSON, not a folder.")
@click.pass_context
def export(ctx: click.Context, package: Path, as_json: bool) -> None:
    """Write the services to the new FOLDER (Open Referral HSDS 3.1), as they were understood.

    It is a data package: CSV files and a datapackage.json; or, with --json, one file. Taken in again, nothing
    is lost. Where a confidential service is, is never written.
    """
    safe_point = asking.folder(ctx)
    settings.read(safe_point)
    source, sample = directory.folder_of(safe_point)
    services, _ = directory.read(source)
    give_out = packages.give_out_as_json if as_json else packages.give_out
    give_out(services, package)
    which = " of the sample" if sample else ""
    click.echo(f"{_count(len(services.services), 'service')}{which} written to {package}")


@guide.command("workbook")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The new file.")
@click.option("--sample", "with_sample", is_flag=True, help="With the invented services, where there are no others.")
@click.pass_context
def workbook_(ctx: click.Context, output: Path, with_sample: bool) -> None:
    """Write the services as one workbook (.xlsx), with codes to choose from; empty where there are none yet."""
    safe_point = asking.folder(ctx)
    settings.read(safe_point)
    source, sample = directory.folder_of(safe_point)
    if output.exists():
        raise Refusal(f"{output} is there already: name a new file")
    files = {} if sample and not with_sample else packages.without_places(tables.read_files(source))[0]
    rows = tables.read_tables(files, [])
    write_whole(output, workbook.written(rows))
    click.echo(f"{_count(len(rows['services']), 'service')} written to {output}")


@guide.command("take-workbook")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def take_workbook(ctx: click.Context, file: Path) -> None:
    """Take the services of a workbook in place of those that were there, all rows or none."""
    safe_point = asking.folder(ctx)
    settings.read(safe_point)
    try:
        come, doubts = spreadsheet.open_workbook(file)
    except spreadsheet.WorkbookRefused as refused:
        for mistake in refused.mistakes:
            click.echo(asking.plain(f"{mistake.where}: {mistake.sentence}"), err=True)
        raise
    for doubt in doubts:
        click.echo(asking.plain(f"{doubt.where}: {doubt.sentence}"))
    left_out = packages.take_in(come, safe_point)
    if left_out:
        click.echo(f"Not copied, because they say where a confidential service is: {_count(left_out, 'row')}.")
    click.echo(f"{_count(len(come.directory.services), 'service')} taken.")
    click.echo(f"The guide is built: {build_guide(safe_point)}")


@guide.command("build")
@click.pass_context
def build(ctx: click.Context) -> None:
    """Build guide.db anew from the files of pages and services."""
    click.echo(f"The guide is built: {build_guide(asking.folder(ctx))}")


@guide.command("check")
@asking.as_json
@every_finding
@click.pass_context
def check(ctx: click.Context, as_json: bool, everything: bool) -> None:
    """Look through pages and services for what is wrong, missing or out of date.

    An error is what visitors would miss or be told wrongly, or what could hurt; all else is a warning. The
    exit status is 1 if there is an error, and 0 if there are only warnings or nothing at all.
    """
    findings = checks.check(asking.folder(ctx), clock.today())
    errors = sum(finding.weight == "error" for finding in findings)
    if as_json:
        asking.answer_json([asdict(finding) for finding in findings])
    else:
        _show(findings, len(findings) if everything else EXAMPLES)
        click.echo(f"{_count(errors, 'error')}, {_count(len(findings) - errors, 'warning')}.")
    ctx.exit(1 if errors else 0)


def _show(findings: Sequence[Finding], examples: int) -> None:
    """Each kind with its number, and the first few of it; what is left out is never said again, so all of that."""
    for kind, group in groupby(findings, lambda finding: finding.kind):
        found = list(group)
        weight, words = checks.KINDS[kind]
        click.echo(f"\n{words}: {len(found)} ({weight})")
        shown = found if kind in SHOWN_WHOLE else found[:examples]
        for finding in shown:
            click.echo(asking.plain(f"  {finding.where}: {finding.sentence}"))
        if len(found) > len(shown):
            click.echo(f"  and {len(found) - len(shown)} more")
    if findings:
        click.echo()


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
