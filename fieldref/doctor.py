"""Is this machine well? One look at everything that can stop a day, each with what to do about it, in plain words.

Every check is a function of a `Patient` and says what it found. What cannot be looked at here is left out, not
called well. Words are marked for translation; whoever shows them fills in their figures.
"""

import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from fieldref import clock, settings
from fieldref.database import is_sound
from fieldref.exchange import outbox
from fieldref.exchange.pairing import NotPaired, paired_branch
from fieldref.guide import build
from fieldref.guide.opened import Guide
from fieldref.hotspot import firmware
from fieldref.hotspot import status as hotspot
from fieldref.hotspot.box import Box
from fieldref.hotspot.install import SYSTEM
from fieldref.refusal import Refusal
from fieldref.register import schema
from fieldref.register.shift import KEY_FILE
from fieldref.vocabulary import N_
from fieldref.voices import FILE_NAME as VOICES

State = Literal["well", "look", "ill"]
LITTLE, HARDLY_ANY = 1_000, 200  # MB free
OLD_GUIDE = 30  # days
MOSTLY_WORN = 80  # percent


@dataclass(frozen=True)
class Patient:
    """The safe-point that is looked at: its folder, on which machine, on what day."""

    folder: Path
    box: Box = field(default_factory=Box)
    today: date = field(default_factory=clock.today)


@dataclass(frozen=True)
class Finding:
    """What one look found: about what, how it stands, what it says and what to do; both with figures to fill in."""

    about: str
    state: State
    says: str
    do: str = ""
    figures: Mapping[str, object] = field(default_factory=dict)


def examine(patient: Patient) -> list[Finding]:
    """Return all that was found at *patient*, what is worst first."""
    order = {"ill": 0, "look": 1, "well": 2}
    return sorted((each for check in CHECKS for each in check(patient)), key=lambda each: order[each.state])


def _clock(patient: Patient) -> Iterator[Finding]:
    if clock.state().trusted:
        yield Finding(N_("The clock"), "well", N_("Somebody or something stands for the time."))
    else:
        yield Finding(
            N_("The clock"),
            "look",
            N_("Nobody has said that it is right. Until then no page says what is open now."),
            N_("Look at it, and say yes or give the time."),
        )


def _disk(patient: Patient) -> Iterator[Finding]:
    about, disk = N_("The disk"), patient.box.disk(patient.folder)
    free = {"free": disk.free // 10**6}
    if not disk.writable:
        yield Finding(
            about,
            "ill",
            N_("Nothing can be written."),
            N_("Record on paper. Ask who set this machine up for another card."),
        )
    elif disk.errors or (disk.worn or 0) >= MOSTLY_WORN:
        yield Finding(
            about,
            "ill",
            N_("It reports errors, or is worn."),
            N_("Close the shift, copy the outbox to a stick, and change the card."),
        )
    elif free["free"] < HARDLY_ANY:
        yield Finding(about, "ill", N_("%(free)s MB are free."), N_("Remove what is not fieldref's."), free)
    else:
        yield Finding(about, "look" if free["free"] < LITTLE else "well", N_("%(free)s MB are free."), "", free)


def _power(patient: Patient) -> Iterator[Finding]:
    about, low = N_("Power"), patient.box.power_is_low()
    if low == "now":
        yield Finding(
            about, "ill", N_("The voltage is too low just now."), N_("Use another cable or a stronger supply.")
        )
    elif low == "earlier":
        yield Finding(
            about, "look", N_("The voltage was too low since the start."), N_("Use another cable or a stronger supply.")
        )
    elif low == "":
        yield Finding(about, "well", N_("The voltage is right."))


def _hotspot(patient: Patient) -> Iterator[Finding]:
    about, radios = N_("The Wi-Fi"), patient.box.radios()
    found = hotspot.status(SYSTEM, radios[0]) if radios else None
    if found is None or not found.installed:
        yield Finding(
            about,
            "well",
            N_("This machine does not make it itself. Phones come by a router or another phone's hotspot."),
        )
    elif not found.works:
        yield Finding(
            about,
            "ill",
            N_("It does not work as it was set up."),
            N_("Ask who set this machine up: fieldref hotspot status."),
        )
    else:
        phones = {"phones": found.phones or 0}
        yield Finding(about, "well", N_("It works. Phones joined now: %(phones)s."), "", phones)
        yield Finding(
            N_("The page that opens by itself"),
            "well",
            N_("Most Android phones show it, new iPhones do not. The poster leads everybody."),
        )
    if firmware.hint(patient.box.root):
        yield Finding(
            N_("How many phones"),
            "look",
            N_("This radio carries about 8 phones; with other firmware about 19, as others report."),
            N_("Ask who set this machine up: fieldref hotspot plan says how."),
        )


def _books(patient: Patient) -> Iterator[Finding]:
    about = N_("What is stored")
    for name in (build.FILE_NAME, schema.FILE_NAME, VOICES):
        path = patient.folder / name
        if path.exists() and not is_sound(path):
            yield Finding(
                about,
                "ill",
                N_("%(name)s is damaged."),
                N_("Record on paper, do not delete anything, and ask who set this machine up."),
                {"name": name},
            )
            return
    yield Finding(about, "well", N_("All of it can be read."))


def _guide(patient: Patient) -> Iterator[Finding]:
    about = N_("The guide")
    try:
        guide = Guide(patient.folder / build.FILE_NAME)
    except (OSError, sqlite3.Error, Refusal):
        yield Finding(about, "ill", N_("There is none that opens."), N_("Take a guide of the branch, or build it."))
        return
    age = (patient.today - guide.built).days
    yield Finding(
        about,
        "look" if age > OLD_GUIDE else "well",
        N_("It was made %(days)s days ago."),
        N_("Ask the branch for a new one.") if age > OLD_GUIDE else "",
        {"days": max(age, 0)},
    )


def _outbox(patient: Patient) -> Iterator[Finding]:
    about = N_("The outbox")
    db = schema.open_register(patient.folder)
    try:
        kept = outbox.bundles(db, patient.folder)
    finally:
        db.close()
    waiting = {"waiting": len(outbox.waiting(kept))}
    if any(each.lost for each in kept):
        yield Finding(about, "ill", N_("A sealed file is gone before the branch had it."), N_("Tell the branch."))
    elif outbox.overdue(kept, patient.today):
        yield Finding(
            about,
            "look",
            N_("Sealed files without an answer of the branch: %(waiting)s, some for over 30 days."),
            N_("Copy them to a stick once more and take it to the branch."),
            waiting,
        )
    else:
        yield Finding(about, "well", N_("Sealed files without an answer of the branch: %(waiting)s."), "", waiting)


def _keys(patient: Patient) -> Iterator[Finding]:
    about, key = N_("Keys"), patient.folder / KEY_FILE
    if not key.exists():
        yield Finding(
            about,
            "ill",
            N_("The key is missing: no shift can be opened or closed."),
            N_("Put back a copy of the folder."),
        )
        return
    if key.parent.stat().st_mode & stat.S_IRWXO:
        yield Finding(
            about, "look", N_("Every user of this machine can read the key's file."), N_("Ask who set this machine up.")
        )
    try:
        branch = paired_branch(patient.folder)
    except NotPaired:
        yield Finding(about, "look", N_("There is no branch yet that could read the records."), N_("Pair first."))
        return
    except Refusal:
        yield Finding(about, "ill", N_("The branch's card cannot be read."), N_("Pair again."))
        return
    yield Finding(about, "well", N_("Paired with %(branch)s."), "", {"branch": branch.name})


def _address(patient: Patient) -> Iterator[Finding]:
    place = settings.read(patient.folder)
    if not place.address:
        yield Finding(
            N_("The address"),
            "look",
            N_("The settings name none, so printed codes may lead nowhere tomorrow."),
            N_("Ask who set this machine up."),
        )


def _versions(patient: Patient) -> Iterator[Finding]:
    said = ", ".join(f"{name} {version}" for name, version in patient.box.versions().items())
    yield Finding(N_("Versions"), "well", "%(versions)s", "", {"versions": f"{said} ({patient.box.model()})"})


CHECKS: tuple[Callable[[Patient], Iterator[Finding]], ...] = (
    _books,
    _disk,
    _power,
    _clock,
    _keys,
    _outbox,
    _guide,
    _hotspot,
    _address,
    _versions,
)
