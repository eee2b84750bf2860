"""fieldref init: a folder becomes a safe-point, with keys of its own and a guide to show at once."""

from pathlib import Path

import click

from fieldref import settings
from fieldref.cli import asking
from fieldref.exchange import keys
from fieldref.exchange.cards import read_card
from fieldref.guide.build import build
from fieldref.languages import BY_CODE
from fieldref.refusal import Refusal
from fieldref.register.schema import open_register
from fieldref.register.strength import check_new


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", required=True, help="What the place is called, as people there say it.")
@click.option("--languages", default="", help="Codes of the languages to offer, as en,ar,fa. Default: all there are.")
@click.option("--lat", type=float, help="Latitude of the place, in degrees.")
@click.option("--lon", type=float, help="Longitude of the place, in degrees.")
@asking.passphrase_file
@asking.generate
def init(
    directory: Path,
    name: str,
    languages: str,
    lat: float | None,
    lon: float | None,
    passphrase_file: Path | None,
    generate: bool,
) -> None:
    """Make DIR a safe-point.

    Asks for the coordinator's passphrase, which opens and closes every shift from now on. It cannot be found
    again if it is lost.
    """
    place = settings.Settings(name=name, languages=_codes(languages), latitude=lat, longitude=lon)
    _check_free(directory)
    passphrase = asking.new_passphrase(passphrase_file, "the coordinator (15 characters or more)", generate)
    make_safe_point(directory, place, passphrase)
    click.echo(f"{directory} is now the safe-point {name}.")
    card = read_card(directory / keys.DEVICE_CARD, "device")
    click.echo(f"Its figures, to read aloud when it is paired: {card.fingerprint}")
    click.echo(f"Pair it with your branch, once: give the branch {directory / keys.DEVICE_CARD}")


def make_safe_point(folder: Path, place: settings.Settings, passphrase: str) -> None:
    """Make *folder* the safe-point *place*: keys, settings, an empty register and the shipped guide.

    A folder that already is a safe-point or branch is refused and left as it is.
    """
    _check_free(folder)
    check_new(passphrase)
    folder.mkdir(parents=True, exist_ok=True)
    settings.write(folder, place)
    keys.make_device(folder, passphrase)
    open_register(folder).close()
    build(folder)


def _check_free(folder: Path) -> None:
    if (folder / settings.FILE_NAME).exists():
        raise Refusal(f"{folder} already holds a {settings.FILE_NAME}; nothing was changed")


def _codes(languages: str) -> tuple[str, ...]:
    codes = tuple(code.strip() for code in languages.split(",") if code.strip())
    for code in codes:
        if code not in BY_CODE:
            raise Refusal(f"there is no language {code}; the codes are {', '.join(BY_CODE)}")
    return codes
