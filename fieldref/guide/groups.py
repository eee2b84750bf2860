"""Who a service is for: the groups that a visitor may choose, and what there is for each."""

from collections.abc import Iterable
from dataclasses import dataclass

from fieldref.guide.codes import ELIGIBILITY
from fieldref.guide.service import Service
from fieldref.vocabulary import Term


@dataclass(frozen=True)
class Group(Term):
    """One group: its pictogram, whose services it may use besides its own, and the pages it should know of."""

    icon: str
    may_use: tuple[str, ...]
    pages: tuple[str, ...]


_NAMES = {term.code: term.name for term in ELIGIBILITY}


def _group(code: str, *, may_use: tuple[str, ...] = (), pages: tuple[str, ...] = (), icon: str = "") -> Group:
    return Group(code, _NAMES[code], icon or code, (code, *may_use), pages)


GROUPS = (
    _group("women", pages=("risks/violence-against-women", "services/health")),
    _group("men", pages=("rights/work", "risks/trafficking")),
    _group("families", pages=("rights/family-unity", "risks/losing-family"), icon="family"),
    _group("children", pages=("risks/children-on-the-move", "yourself/helping-a-child", "services/school")),
    _group("children_alone", may_use=("children",), pages=("rights/children-alone", "services/family-links")),
    _group("older_people", pages=("rights/health-care", "risks/heat-and-cold")),
    _group("disability", pages=("rights/health-care", "rights/complaints")),
)


def services_for(group: Group, services: Iterable[Service]) -> tuple[list[Service], list[Service]]:
    """Return the services that name *group*, and those that are for everyone."""
    known = list(services)
    own = [service for service in known if set(group.may_use) & set(service.eligibility)]
    return own, [service for service in known if not service.eligibility]
