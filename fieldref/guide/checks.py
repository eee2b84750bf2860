"""What a branch manager should know of the guide before people rely on it: errors, and warnings.

An error is what visitors would miss or be told wrongly, or what could hurt. Everything else is a warning.
To look for one more thing, write a function from Material to findings and add it to CHECKS.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from fieldref import settings
from fieldref.folders import folder as shipped
from fieldref.guide import directory, freshness, pages
from fieldref.guide.directory import Directory, Problem, Service
from fieldref.guide.pages import Page, PageError
from fieldref.languages import BY_CODE, SOURCE
from fieldref.vocabulary import NEEDS

Weight = Literal["error", "warning"]
# What can be found: how much it weighs, and the heading it stands under.
KINDS: dict[str, tuple[Weight, str]] = {
    "refused": ("error", "Rows that cannot be used"),
    "duplicate": ("error", "Rows whose id is already taken"),
    "contradiction": ("error", "Contradictions between languages"),
    "confidential": ("error", "Confidential services whose files say where they are"),
    "page": ("error", "Pages that cannot be used"),
    "expired": ("warning", "Services whose time is over"),
    "stale": ("warning", "Services that should be verified again"),
    "unserved": ("warning", "Needs that no service answers"),
    "no_hours": ("warning", "Services without opening hours"),
    "hours": ("warning", "Opening hours that cannot be made out"),
    "closing": ("warning", "Closing times that are missing"),
    "phone": ("warning", "Numbers that no phone can dial"),
    "place": ("warning", "Places that are not clear"),
    "reference": ("warning", "References to what is not there"),
    "phrase": ("warning", "Phrases without a code"),
    "code": ("warning", "Codes that are not known"),
    "date": ("warning", "Dates that cannot be read"),
    "text": ("warning", "Translations that cannot be used"),
    "page_missing": ("warning", "Pages that are missing in a language"),
    "page_outdated": ("warning", "Translations that are behind their source"),
}
# Nobody runs a service for land, forest and climate at a safe-point.
NOT_EXPECTED = {"natural"}


@dataclass(frozen=True)
class Finding:
    """One thing to mend: what kind, where, and in one sentence what and why."""

    weight: Weight
    kind: str
    where: str
    sentence: str


@dataclass(frozen=True)
class Material:
    """All that is looked at."""

    directory: Directory
    problems: tuple[Problem, ...]
    pages: tuple[Page, ...]
    page_errors: tuple[PageError, ...]
    languages: tuple[str, ...]
    today: date

    def standing(self, *states: freshness.State) -> list[Service]:
        """The services that are in one of these states."""
        return [each for each in self.directory.services if freshness.state(each, self.today) in states]


def check(safe_point: Path, today: date) -> tuple[Finding, ...]:
    """Look through the pages and services of *safe_point*; findings come in the order of KINDS, errors first.

    Raises Refusal if the folder has no settings or the directory cannot be read as a whole.
    """
    wanted = settings.read(safe_point).languages
    services, problems = directory.read(directory.folder_of(safe_point)[0])
    texts, errors = pages.read((shipped("seed") / "pages", safe_point / "pages"))
    languages = wanted or tuple(sorted({page.language for page in texts}))
    material = Material(services, problems, texts, errors, languages, today)
    found = [finding for look in CHECKS for finding in look(material)]
    return in_order(found)


def of_rows(problems: Iterable[Problem]) -> tuple[Finding, ...]:
    """The findings that the problems with a directory's rows are, in the order of KINDS."""
    return in_order(_finding(each.kind, each.where, each.sentence) for each in problems)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return *findings* in the order of KINDS, otherwise as they come."""
    order = list(KINDS)
    return tuple(sorted(findings, key=lambda finding: order.index(finding.kind)))


def _rows(material: Material) -> Iterable[Finding]:
    return of_rows(material.problems)


def _expired(material: Material) -> Iterable[Finding]:
    for service in material.standing("expired"):
        yield _of(service, "expired", f"its time was over on {service.valid_to}")


def _stale(material: Material) -> Iterable[Finding]:
    for service in material.standing("stale"):
        limit = freshness.LIMITS[service.assurer]
        when = f"was last verified on {service.assured}" if service.assured else "was never verified"
        yield _of(service, "stale", f"it {when}; it should be every {limit} days")


def _without_hours(material: Material) -> Iterable[Finding]:
    unclear = {problem.id for problem in material.problems if problem.kind == "hours"}
    for service in material.directory.services:
        if not service.hours and not service.hours_note and service.id not in unclear:
            yield _of(service, "no_hours", "no opening hours are given")


def _unserved(material: Material) -> Iterable[Finding]:
    served = {need for service in material.standing("fresh", "stale", "closed") for need in service.needs}
    for need in NEEDS:
        if need.code not in served | NOT_EXPECTED:
            sentence = f"no service that still runs answers the need {need.code} ({need.examples})"
            yield _finding("unserved", "services.csv", sentence)


def _unreadable_pages(material: Material) -> Iterable[Finding]:
    return (_finding("page", "pages", str(error)) for error in material.page_errors)


def _missing_pages(material: Material) -> Iterable[Finding]:
    written = {(page.address, page.language) for page in material.pages}
    for page in material.pages:
        missing = [code for code in material.languages if (page.address, code) not in written]
        if page.language == SOURCE.code and missing:
            names = ", ".join(BY_CODE[code].english if code in BY_CODE else code for code in missing)
            yield _finding("page_missing", page.address, f"“{page.title}” is missing in {names}")


def _outdated_pages(material: Material) -> Iterable[Finding]:
    for page in material.pages:
        if page.outdated:
            sentence = f"it follows revision {page.source_rev} of a source that is at {page.revision}"
            yield _finding("page_outdated", f"{page.address}/{page.language}.md", sentence)


CHECKS: tuple[Callable[[Material], Iterable[Finding]], ...] = (
    _rows,
    _expired,
    _stale,
    _without_hours,
    _unserved,
    _unreadable_pages,
    _missing_pages,
    _outdated_pages,
)


def _of(service: Service, kind: str, sentence: str) -> Finding:
    return _finding(kind, f"service {service.id}", f"“{service.name}”: {sentence}")


def _finding(kind: str, where: str, sentence: str) -> Finding:
    return Finding(KINDS[kind][0], kind, where, sentence)
