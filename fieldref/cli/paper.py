"""fieldref qr, fieldref poster and fieldref pad: what hangs on the wall, and slips for a day without a device."""

import re
from pathlib import Path

import click

from fieldref import clock, settings
from fieldref.cli import asking
from fieldref.cli.serve import PORT
from fieldref.database import write_whole
from fieldref.guide.addresses import remember
from fieldref.guide.opened import Guide
from fieldref.guide.pages import Page
from fieldref.languages import BY_CODE, SOURCE
from fieldref.paper import pads
from fieldref.paper import qr as codes
from fieldref.paper.posters import poster as make_poster
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
    address = codes.page_address(place, path, port=_port(place, port))
    write_whole(file, codes.as_file(codes.svg(address)).encode())
    remember(asking.folder(ctx), path)
    click.echo(f"{file} opens {address}")


@click.command()
@click.option("--language", required=True, type=click.Choice(list(BY_CODE)), help="The poster's language.")
@click.option("--page", help="The page it opens, like rights/asylum. Default: the first page.")
@output
@port
@click.pass_context
def poster(ctx: click.Context, language: str, page: str | None, file: Path, port: int | None) -> None:
    """Write an A4 poster as HTML: join the Wi-Fi, open the page. Print it from any browser."""
    folder = asking.folder(ctx)
    place = settings.read(folder)
    guide = _guide(folder, needed=page is not None)
    if guide and BY_CODE[language] not in guide.languages:
        raise Refusal(f"the guide has no page in {BY_CODE[language].english}")
    sheet = make_poster(
        place,
        language,
        _page(guide, language, page) if guide and page else None,
        printed=clock.today(),
        guide_version=guide.version if guide else "",
        port=_port(place, port),
    )
    write_whole(file, sheet.encode())
    remember(folder, f"{language}/{page or ''}".strip("/"))
    click.echo(f"{file}: print it on A4, at 100 %")


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


def _port(place: settings.Settings, asked: int | None) -> int:
    """A box with an address of its own serves where phones look by themselves; anything else as `serve` does."""
    return asked or (80 if place.address else PORT)


def _guide(place: Path, *, needed: bool) -> Guide | None:
    path = place / "guide.db"
    return Guide(path) if needed or path.exists() else None


def _page(guide: Guide, language: str, address: str) -> Page:
    """The page in the poster's language; where the guide has none, in the source's."""
    section, _, slug = address.strip("/").lower().partition("/")
    for code in (language, SOURCE.code):
        if page := guide.page(code, section, slug):
            return page
    raise Refusal(f"the guide has no page {address}")
