"""The guide of a safe-point looked through: every check there is, over pages and services.

To look for one more thing, write a function from Material to findings and add it to the CHECKS of its module.
"""

from datetime import date
from pathlib import Path

from fieldref import settings
from fieldref.guide import addresses, audio, help, packs, page_checks, pages, service_checks
from fieldref.guide.findings import KINDS, Finding, Material, in_order, of_rows
from fieldref.guide.sources import sources

__all__ = ["KINDS", "Finding", "check", "in_order", "of_rows"]


def check(safe_point: Path, today: date) -> tuple[Finding, ...]:
    """Look through the pages and services of *safe_point*; findings come in the order of KINDS, errors first.

    Raises Refusal if the folder has no settings or the directory cannot be read as a whole.
    """
    place = settings.read(safe_point)
    known, unusable = help.read(help.folders_of(safe_point))
    pack = None if place.kind == "branch" else packs.in_use(safe_point)
    with sources(safe_point, pack) as found:
        texts, errors = pages.read(found.pages)
        _, unheard = audio.read(found.pages, {(page.section, page.slug, page.language) for page in texts})
    material = Material(
        place=place,
        directory=found.services,
        sample=found.sample,
        problems=found.problems,
        pages=texts,
        page_errors=errors,
        languages=place.languages or tuple(sorted({page.language for page in texts})),
        printed=addresses.printed(safe_point),
        today=today,
        recording_errors=unheard,
        help=known.texts,
        help_errors=unusable,
    )
    looks = (*service_checks.CHECKS, *page_checks.CHECKS)
    return in_order(each for look in looks for each in look(material))
