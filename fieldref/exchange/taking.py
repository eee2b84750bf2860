"""A safe-point takes a pack, and can go back: the guide that is served is always a whole one that was tried.

The order is what a power cut may not upset. The pack is copied in, verified, and tried apart, which builds the guide
beside the one that is served; the pack is put among those kept; then the guide is put in place, in one step. Cut
before that step, the old guide is served, and its pack is there; cut after, the new one. What is left lying is
removed the next time.
"""

import os
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import IO

from fieldref import clock, settings
from fieldref.database import move_whole, sync_folder
from fieldref.exchange import beside
from fieldref.exchange import pack as packs_of_branch
from fieldref.exchange.pairing import paired_branch
from fieldref.exchange.trying import try_out
from fieldref.guide import besides, packfile, packs, sources
from fieldref.guide.build import build_beside
from fieldref.guide.opened import Guide
from fieldref.guide.packfile import Pack, PackRefused
from fieldref.refusal import Refusal

COMING = ".coming"
UNFINISHED = f".{packs.GUIDE}.taking"


class OlderPack(PackRefused):
    """The pack is older than the guide that is served, or another of the same number; *older* takes it still."""


@dataclass(frozen=True)
class Taken:
    """What is served now: an edition of the branch (0: a guide of the safe-point's own files) and its day.

    `before` is the edition that was served before, `new` whether anything changed. `hidden` are pages of the
    safe-point's own that are not shown, because the branch publishes them; `unread` are pages of the branch that
    this fieldref is too old for. `arrived` is of how many bundles the branch says for the first time that it has
    them; `trouble` what of this could not be noted.
    """

    edition: int
    day: str
    before: int
    new: bool
    hidden: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    arrived: int = 0
    trouble: str = ""


@dataclass(frozen=True)
class Standing:
    """Which edition is served, and which other there is to go back to (0: a guide of one's own files; None: none)."""

    edition: int
    day: str
    other: int | None
    other_day: str = ""


def take(folder: Path, file: Path, *, older: bool = False) -> Taken:
    """Make the pack *file* the guide of the safe-point in *folder*; what was served before is kept.

    Raises PackRefused, in words, for a file that is no sound pack of the paired branch, OlderPack unless *older*,
    and NotPaired. Then the guide that was served is served still.
    """
    if not file.is_file():
        raise PackRefused(f"there is no file {file}")
    with file.open("rb") as source:
        return take_from(folder, source, older=older)


def take_from(folder: Path, source: IO[bytes], *, older: bool = False) -> Taken:
    """Take a pack, as `take` does, from an open file."""
    _safe_point(folder)
    branch = paired_branch(folder)
    with packs.alone(folder):
        _tidy(folder)
        try:
            coming = _copy_in(folder, source)
            pack = packs_of_branch.verify(coming, branch)
            before = packs.served(folder)
            edition = pack.header.edition
            new = not _same(folder, pack, before)
            if new:
                if not older:
                    _check_newer(folder, pack, before)
                _serve(folder, coming, edition)
                _forget(folder, {before, edition})
                pack = replace(pack, path=packs.path_of(folder, edition))
            day, beside_it = pack.header.day, beside.take(folder, pack)
            _note_day(date.fromisoformat(day))
            hidden, unread = besides.hidden_pages(folder, pack), _unread(folder, pack)
            return Taken(edition, day, before, new, hidden, unread, beside_it.arrived, beside_it.trouble)
        finally:
            _tidy(folder)


def back(folder: Path) -> Taken:
    """Serve the other guide of the safe-point in *folder*: the one before, or what one went back from.

    Raises Refusal where there is none.
    """
    _safe_point(folder)
    with packs.alone(folder):
        _tidy(folder)
        there = _standing(folder)
        if there.other is None:
            raise Refusal("there is no other guide to go back to; take a pack of your branch first")
        try:
            if there.other:
                _serve(folder, packs.path_of(folder, there.other), there.other)
            else:
                build_beside(folder, folder / UNFINISHED, None)
                move_whole(folder / UNFINISHED, folder / packs.GUIDE)
        finally:
            _tidy(folder)
    return Taken(there.other, there.other_day, there.edition, True)


def standing(folder: Path) -> Standing:
    """Say which guide the safe-point in *folder* serves, and which other there is."""
    _safe_point(folder)
    return _standing(folder)


def newest_day(folder: Path) -> date | None:
    """The day of the newest pack that the safe-point in *folder* keeps: today is not before it. None without one.

    Its packs were signed by the branch when they were taken.
    """
    days = [packfile.read_head(path).header.day for path in packs.kept(folder).values()]
    return max(map(date.fromisoformat, days), default=None)


def _standing(folder: Path) -> Standing:
    edition, kept = packs.served(folder), packs.kept(folder)
    others = [each for each in kept if each != edition]
    other = max(others) if others else (0 if edition else None)
    return Standing(edition, _day(kept, edition), other, _day(kept, other))


def _day(kept: dict[int, Path], edition: int | None) -> str:
    return packfile.read_head(kept[edition]).header.day if edition in kept else ""


def _safe_point(folder: Path) -> None:
    if settings.read(folder).kind != "safe-point":
        raise Refusal(f"{folder} is a branch's folder; packs are taken at a safe-point")


def _copy_in(folder: Path, source: IO[bytes]) -> Path:
    """Copy *source*, of which nothing is known yet, so that what is verified cannot change any more."""
    (folder / packs.FOLDER).mkdir(exist_ok=True)
    coming, left = folder / packs.FOLDER / COMING, packfile.LARGEST + 2 * packfile.LARGEST_HEADER
    with coming.open("wb") as copy:
        while piece := source.read(packfile.CHUNK):
            left -= len(piece)
            if left < 0:
                raise PackRefused("it is larger than any pack")
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    return coming


def _same(folder: Path, pack: Pack, served: int) -> bool:
    kept = packs.path_of(folder, served)
    return served == pack.header.edition and kept.exists() and packfile.read_head(kept).header == pack.header


def _check_newer(folder: Path, pack: Pack, served: int) -> None:
    edition, day = pack.header.edition, pack.header.day
    if edition < served:
        raise OlderPack(f"it is edition {edition} of {day}, older than edition {served}, which is served")
    if edition == served:
        raise OlderPack(f"it is another edition {edition} than the one that is served: was the branch's folder copied?")


def _serve(folder: Path, pack: Path, edition: int) -> None:
    unfinished, place = folder / UNFINISHED, packs.path_of(folder, edition)
    try_out(folder, pack, unfinished)
    if pack != place:
        pack.replace(place)
        sync_folder(place.parent)
        sync_folder(folder)
    move_whole(unfinished, folder / packs.GUIDE)


def _note_day(day: date) -> None:
    """Its day has come, unless a clock that somebody stands for says that the branch's is wrong."""
    if not (clock.state().trusted and day > clock.today() + timedelta(days=1)):
        clock.seen(day)


def _unread(folder: Path, pack: Pack) -> tuple[str, ...]:
    """The pages of *pack* that the guide served now has not: a branch publishes only what it can read itself."""
    guide = Guide(folder / packs.GUIDE)
    pages = [name for name in pack.files if name.endswith(".md")]
    parts = {name: name.removesuffix(".md").split("/") for name in pages}
    return tuple(name for name, (_, *address, code) in parts.items() if guide.page(code, *address) is None)


def _forget(folder: Path, needed: set[int]) -> None:
    """Remove the packs that are neither served nor the one before."""
    for edition, path in packs.kept(folder).items():
        if edition not in needed:
            path.unlink()


def _tidy(folder: Path) -> None:
    (folder / packs.FOLDER / COMING).unlink(missing_ok=True)
    for left in folder.glob(f"{UNFINISHED}*"):
        left.unlink(missing_ok=True)
    sources.tidy(folder)
