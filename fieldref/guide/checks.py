"""The guide of a safe-point looked through: every check there is, over pages and services.

To look for one more thing, write a function from Material to findings and add it to the CHECKS of its module.
"""

from datetime import date
from pathlib import Path

from fieldref import settings
from fieldref.folders import folder as shipped
from fieldref.guide import addresses, audio, directory, help, page_checks, pages, service_checks
from fieldref.guide.findings import KINDS, Finding, Material, in_order, of_rows

__all__ = ["KINDS", "Finding", "check", "in_order", "of_rows"]


def check(safe_point: Path, today: date) -> tuple[Finding, ...]:
    """Look through the pages and services of *safe_point*; findings come in the order of KINDS, errors first.

    Raises Refusal if the folder has no settings or the directory cannot be read as a whole.
    """
    place = settings.read(safe_point)
    folder, sample = directory.folder_of(safe_point)
    services, problems = directory.read(folder)
    folders = (shipped("seed") / "pages", safe_point / "pages")
    texts, errors = pages.read(folders)
    _, unheard = audio.read(folders, {(page.section, page.slug, page.language) for page in texts})
    known, unusable = help.read(help.folders_of(safe_point))
    material = Material(
        place=place,
        directory=services,
        sample=sample,
        problems=problems,
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
