"""fieldref practice: a whole shift to learn with, of made-up records, beside the real one and never part of it.

Nothing of it can be sealed or sent: it lies in another folder, in memory where the system has such a place, with keys
that no branch knows; its door says so on every screen, and refuses to close.
"""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import click

from fieldref import clock, settings
from fieldref.cli import asking
from fieldref.exchange import keys
from fieldref.guide.build import FILE_NAME
from fieldref.guide.opened import Guide
from fieldref.languages import SOURCE
from fieldref.refusal import Refusal
from fieldref.register import shift
from fieldref.register.records import Record, Referral, Tally, append_all
from fieldref.register.schema import open_register
from fieldref.web.listen import LOOPBACK, listen
from fieldref.web.staff import PRACTICE

PASSPHRASE = "practice makes it easy"  # noqa: S105 (it keeps nothing: anybody may practise)
MEMORY = Path("/dev/shm")  # noqa: S108 (a folder of our own is made in it)
NEEDS = ("shelter", "food", "health_physical", "family")


@click.command()
@click.option("--staff-port", default=8082, show_default=True, help="Of the door to practise at; this machine only.")
@click.pass_context
def practice(ctx: click.Context, staff_port: int) -> None:
    """Open a staff door to practise at, with made-up records. Ctrl-C stops it, and nothing of it stays."""
    with tempfile.TemporaryDirectory(prefix="fieldref-practice-", dir=MEMORY if MEMORY.is_dir() else None) as made:
        pin = make_practice(asking.folder(ctx), Path(made))
        click.echo(f"Practice, nothing of it counts: http://{LOOPBACK[0]}:{staff_port}/   PIN {pin}")
        click.echo(f"As the coordinator: {PASSPHRASE}")
        listen("staff", Path(made), LOOPBACK[0], staff_port)


def make_practice(folder: Path, made: Path) -> str:
    """Make *made* a safe-point to practise at, like that in *folder*, with an open shift; return its PIN."""
    place = settings.read(folder)
    if not (folder / FILE_NAME).exists():
        raise Refusal(f"there is no guide in {folder}: build it with fieldref guide build")
    (made / PRACTICE).touch()
    clock.use(made)
    settings.write(made, place)
    shutil.copyfile(folder / FILE_NAME, made / FILE_NAME)
    if (folder / "help").is_dir():
        shutil.copytree(folder / "help", made / "help", ignore_dangling_symlinks=True)
    keys.make_device(made, PASSPHRASE)
    clock.confirm(clock.now())
    pin = shift.open_shift(made, PASSPHRASE)
    db = open_register(made)
    try:
        append_all(db, _made_up(Guide(made / FILE_NAME), place.step))
    finally:
        db.close()
    return pin


def _made_up(guide: Guide, step: str) -> list[Record]:
    """A few records of a shift that never was; one of them is due."""
    records: list[Record] = [Tally(step=step, need=need) for need in ("food", "food", "wash", "family")]
    for days, need in enumerate(NEEDS):
        services = guide.services_for(SOURCE.code, need)
        if services:
            day = (clock.today() - timedelta(days=days)).isoformat()
            sent = Referral(day=day, step=step, need=need, service=services[0].id, priority="urgent", way="slip",
                            sex="female", age_band="18-59", language=SOURCE.code, consent="yes")  # fmt: skip
            records.append(sent)
    return records
