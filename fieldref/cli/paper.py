"""fieldref qr, fieldref poster and fieldref pad: what hangs on the wall, and slips for a day without a device."""

import re
from pathlib import Path

import click

from fieldref import clock, settings
from fieldref.cli import asking
from fieldref.database import write_whole
from fieldref.guide.addresses import remember
from fieldref.guide.opened import Guide
from fieldref.languages import BY_CODE, SOURCE
from fieldref.paper import pads
from fieldref.paper import qr as codes
from fieldref.paper.logo import logo_in
from fieldref.paper.papers import MOST_LANGUAGES, PAPER_BY_CODE
from fieldref.paper.pdf import pdf
from fieldref.paper.posters import poster as make_poster
from fieldref.paper.posters import whole
from fieldref.refusal import Refusal
from fieldref.register.codes import new_code, printed

PATH = re.compile(r"[a-z]+(/[a-z0-9][a-z0-9._-]*)*")

output = click.option(
    "-o",
    "--output",
    "file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write.",
)
port = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="The public door's port. Default: 80 where fieldref.toml has an address, else 8080 as served.",
)


@click.command()
@click.argument("path")
@output
@port
@click.pass_context
def qr(ctx: click.Context, path: str, file: Path, port: int | None) -> None:
    """Write a QR code for the page at PATH, like ar/rights/asylum, as SVG."""
    path = path.strip("/").lower()
    if path and not PATH.fullmatch(path):
        raise Refusal(f"{path} is no address of a page: it looks like ar/rights/asylum")
    if path and path.split("/")[0] not in BY_CODE:
        raise Refusal(f"{path} does not start with a language: it looks like ar/rights/asylum")
    place = settings.read(asking.folder(ctx))
    address = codes.page_address(place, path, port=port or codes.default_port(place))
    write_whole(file, codes.as_file(codes.svg(address)).encode())
    remember(asking.folder(ctx), path)
    click.echo(f"{file} opens {address}")


@click.command()
@click.option(
    "--language",
    "languages",
    required=True,
    multiple=True,
    type=click.Choice(list(BY_CODE)),
    help=f"A language of the poster; up to {MOST_LANGUAGES} of them.",
)
@click.option(
    "--page",
    default="",
    help="What it is about: rights/asylum, needs/shelter, service/ID, today/doctor/17:00, onward or emergency. "
    "Default: the way in.",
)
@click.option("--paper", default="a4", show_default=True, type=click.Choice(list(PAPER_BY_CODE)), help="Its size.")
@click.option("--distance", default=0.0, help="From how many metres its codes are to be read; says if they are not.")
@click.option("--pdf", "as_pdf", is_flag=True, help="Write PDF instead of HTML (needs the extra: fieldref[pdf]).")
@output
@port
@click.pass_context
def poster(
    ctx: click.Context,
    languages: tuple[str, ...],
    page: str,
    paper: str,
    distance: float,
    as_pdf: bool,
    file: Path,
    port: int | None,
) -> None:
    """Write a poster, cards or stickers as HTML or PDF: join the Wi-Fi, open the page."""
    folder = asking.folder(ctx)
    place = settings.read(folder)
    path = folder / "guide.db"
    guide = Guide(path) if path.exists() else None
    for language in languages:
        if guide and BY_CODE[language] not in guide.languages:
            raise Refusal(f"the guide has no page in {BY_CODE[language].english}")
    made = make_poster(
        place,
        languages,
        page,
        printed=clock.today(),
        guide=guide,
        paper=paper,
        distance=distance,
        logo=logo_in(folder),
        port=port or codes.default_port(place),
    )
    write_whole(file, pdf(made) if as_pdf else whole(made).encode())
    remember(folder, made.address)
    for warning in made.warnings:
        click.echo(f"Take care: {warning}", err=True)
    click.echo(f"{file}: print it on {made.paper.sheet}, at 100 %. Cameras read it from {made.read_from_m:g} m.")


@click.command()
@click.option("--language", required=True, type=click.Choice(list(BY_CODE)), help="The language people read.")
@click.option(
    "--volunteer-language",
    "volunteer",
    default=SOURCE.code,
    show_default=True,
    type=click.Choice(list(BY_CODE)),
    help="The volunteers' language.",
)
@click.option(
    "--slips",
    default=30,
    show_default=True,
    type=click.IntRange(1, pads.MOST),
    help="How many at least; a sheet is always full.",
)
@output
@click.pass_context
def pad(ctx: click.Context, language: str, volunteer: str, slips: int, file: Path) -> None:
    """Write a pad of slips as HTML, to fill in with a pencil where there is no device. Print it on A4."""
    folder = asking.folder(ctx)
    place, guide = settings.read(folder), Guide(folder / "guide.db")
    for code in (language, volunteer):
        if BY_CODE[code] not in guide.languages:
            raise Refusal(f"the guide has no page in {BY_CODE[code].english}")
    codes = [printed(new_code()) for _ in range(pads.whole_sheets(slips))]
    made = pads.pad(guide, place, volunteer, language, codes, clock.now())
    write_whole(file, made.encode())
    click.echo(f"{file}: {len(codes)} slips; print it on A4, at 100 %")
