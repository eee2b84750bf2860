"""A branch publishes: its pages and services are checked, signed and numbered, and tried as a safe-point would."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fieldref import settings
from fieldref.exchange import pack as packs_of_branch
from fieldref.exchange import stick
from fieldref.exchange.keys import BranchKeys
from fieldref.exchange.stick import Sealed
from fieldref.exchange.trying import try_out
from fieldref.folders import folder as shipped
from fieldref.guide import audio, checks, directory, packages, packfile, packs, pages
from fieldref.guide.checks import Finding
from fieldref.guide.tables import read_files
from fieldref.refusal import Refusal

UNFINISHED = f".{packs.GUIDE}.trying"
KEPT = 5  # packs that a branch keeps to hand out again
Files = dict[str, bytes | Path]


class PublishRefused(Refusal):
    """Nothing was published. `findings` are the errors that stood in the way, if they did."""

    def __init__(self, said: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(said)
        self.findings = findings


@dataclass(frozen=True)
class Published:
    """A pack that was made: its edition and day, its file in the branch's folder, and what is in it."""

    edition: int
    day: str
    file: Path
    pages: int
    services: int
    languages: tuple[str, ...]
    sample: bool
    errors: int
    warnings: int


def publish(
    folder: Path,
    keys: BranchKeys,
    today: date,
    *,
    anyway: bool = False,
    edition: int | None = None,
    beside: Mapping[str, bytes] | None = None,
) -> Published:
    """Make the next pack of the branch in *folder* from its pages and services; safe-points take it as a file.

    *beside* is what travels along, by its name. *edition* is one more than the last unless given, for a branch whose
    folder is an old copy. Raises PublishRefused where `guide check` finds an error, or the services are the sample,
    unless *anyway*; and PackRefused where no guide can be made of it.
    """
    if settings.read(folder).kind != "branch":
        raise Refusal(f"{folder} is a safe-point's folder; a branch publishes")
    with packs.alone(folder):
        findings = checks.check(folder, today)
        errors = tuple(each for each in findings if each.weight == "error")
        texts, services, sample, files = _files(folder)
        if not anyway:
            _refuse(errors, sample)
        number, previous = _next(folder, edition)
        path = packs.path_of(folder, number)
        path.parent.mkdir(exist_ok=True)
        every = files | {f"beside/{name}": content for name, content in (beside or {}).items()}
        coming = path.with_name(".coming")
        try:
            packs_of_branch.write(coming, every, keys, number, today.isoformat(), previous)
            try_out(folder, coming, folder / UNFINISHED)
            coming.replace(path)
        finally:
            for left in (coming, folder / UNFINISHED):
                left.unlink(missing_ok=True)
        for old in list(packs.kept(folder).values())[:-KEPT]:
            old.unlink()
    languages = tuple(sorted({page.language for page in texts}))
    warnings = len(findings) - len(errors)
    return Published(
        number, today.isoformat(), path, len(texts), services, languages, sample, len(errors), warnings
    )  # fmt: skip


def hand_out(published: Published, to: Path) -> Path:
    """Copy the pack to the file or folder *to* (a stick), read it back, and return where it is. Or StickRefused."""
    if to.is_dir():
        stick.copy([Sealed(published.file, stick.digest(published.file))], to)
        return to / published.file.name
    shutil.copyfile(published.file, to)
    return to


def _refuse(errors: tuple[Finding, ...], sample: bool) -> None:
    if errors:
        number = f"{len(errors)} errors stand" if len(errors) > 1 else "an error stands"
        raise PublishRefused(f"{number} in the way (fieldref guide check); nothing was published", errors)
    if sample:
        raise PublishRefused(
            "the services are the invented sample; take in your own first (fieldref guide take-workbook, guide import)"
        )


def _files(folder: Path) -> tuple[tuple[pages.Page, ...], int, bool, Files]:
    """The pages that can be used, how many services, whether these are the sample, and all files of a pack."""
    folders = (shipped("seed") / "pages", folder / "pages")
    texts, _ = pages.read(folders)
    usable = {(page.section, page.slug, page.language) for page in texts}
    files: Files = {}
    for (section, slug), by_language in pages.written(folders, []).items():
        for language, path in by_language.items():
            if (section, slug, language) in usable:
                files[f"pages/{section}/{slug}/{language}.md"] = path
    for each, path in audio.read(folders, usable)[0].items():
        files[f"pages/{each.section}/{each.slug}/{each.language}.{each.ending}"] = path
    where, sample = directory.folder_of(folder)
    tables, _ = packages.without_places(read_files(where))
    name = "sample" if sample else directory.NAME
    files |= {f"{name}/{table}.csv": content for table, content in tables.items()}
    return texts, len(directory.read(where)[0].services), sample, files


def _next(folder: Path, asked: int | None) -> tuple[int, str]:
    """The number of the next pack, and the digest of the one before."""
    kept = packs.kept(folder)
    last = max(kept, default=0)
    if asked is not None and asked <= last:
        raise PublishRefused(f"edition {last} was published already; the next is {last + 1} or more")
    return asked or last + 1, stick.digest(kept[last]) if kept else packfile.NONE_BEFORE
