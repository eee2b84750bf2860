"""What a guide is made of: the shipped files or the branch's, and the safe-point's own beside them."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fieldref.folders import folder as shipped
from fieldref.guide import directory, packfile
from fieldref.guide.besides import together
from fieldref.guide.directory import Directory
from fieldref.guide.packfile import Pack
from fieldref.guide.tables import Problem

UNPACKED = ".unpacked-"


@dataclass(frozen=True)
class Sources:
    """Folders of pages, of which a later replaces an earlier; services and what is wrong with them.

    `edition` and `day` are those of the pack, 0 and "" without one.
    """

    pages: tuple[Path, ...]
    services: Directory
    problems: tuple[Problem, ...]
    sample: bool
    edition: int = 0
    day: str = ""


@contextmanager
def sources(folder: Path, pack: Pack | None) -> Iterator[Sources]:
    """Give what the guide of *folder* is made of: *pack* over its own files, or these over the shipped ones."""
    if pack is None:
        where, sample = directory.folder_of(folder)
        services, problems = directory.read(where)
        yield Sources((shipped("seed") / "pages", folder / "pages"), services, problems, sample)
        return
    with tempfile.TemporaryDirectory(prefix=UNPACKED, dir=folder) as name:
        packfile.unpack(pack, Path(name))
        yield _of_pack(folder, pack, Path(name))


def tidy(folder: Path) -> None:
    """Remove what a power cut left of an unpacked pack; the caller is `packs.alone`."""
    for left in folder.glob(f"{UNPACKED}*"):
        shutil.rmtree(left, ignore_errors=True)


def _of_pack(folder: Path, pack: Pack, unpacked: Path) -> Sources:
    sample = not (unpacked / directory.NAME).is_dir()
    services, problems = directory.read(unpacked / ("sample" if sample else directory.NAME))
    own, none_of_its_own = directory.folder_of(folder)
    if not none_of_its_own:
        its_own, its_problems = directory.read(own)
        services, left_out = together(services, its_own)
        problems = (*problems, *its_problems, *left_out)
    header = pack.header
    return Sources((folder / "pages", unpacked / "pages"), services, problems, sample, header.edition, header.day)
