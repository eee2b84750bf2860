"""What a safe-point has besides what its branch publishes: the branch's goes first, and nothing is mixed up.

An old file of one's own must never hide what the branch has mended since; so of two with one id the branch's is
taken, and one's own that leans on another thing of the same id is left out, in words.
"""

from pathlib import Path

from fieldref.guide.packfile import Pack
from fieldref.guide.service import Directory, Service
from fieldref.guide.tables import Problem


def together(branch: Directory, own: Directory) -> tuple[Directory, tuple[Problem, ...]]:
    """Return the services, texts and next safe-points of both, and what of *own* was left out."""
    known = {service.id for service in branch.services}
    places = {service.place.id: service.place for service in branch.services if service.place}
    names = {service.organization_id: service.organization for service in branch.services}
    problems: list[Problem] = []
    added: list[Service] = []
    for service in own.services:
        if service.id in known:
            problems.append(_left_out(service, "the branch publishes a service of this id, and that one is shown"))
        elif service.place and places.get(service.place.id, service.place) != service.place:
            problems.append(_left_out(service, f"its place {service.place.id} is another one at the branch"))
        elif names.get(service.organization_id, service.organization) != service.organization:
            problems.append(_left_out(service, f"its organization {service.organization_id} is another at the branch"))
        else:
            added.append(service)
    onward = {point.id for point in branch.route}
    route = (*branch.route, *(point for point in own.route if point.id not in onward))
    return Directory((*branch.services, *added), {**own.texts, **branch.texts}, route), tuple(problems)


def hidden_pages(folder: Path, pack: Pack) -> tuple[str, ...]:
    """The pages among the safe-point's own files that are not shown, because *pack* has them too."""
    own = (path.relative_to(folder).as_posix() for path in (folder / "pages").glob("*/*/*.md"))
    return tuple(sorted(name for name in own if name in pack.files))


def _left_out(service: Service, why: str) -> Problem:
    return Problem("hidden", "services", 0, service.id, "id", f"“{service.name}”: {why}")
