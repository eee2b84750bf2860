"""What can be found wrong with a guide: the kinds of findings, how much each weighs, and what is looked at.

An error is what visitors would miss or be told wrongly, or what could hurt. Everything else is a warning.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fieldref.guide import freshness
from fieldref.guide.audio import RecordingError
from fieldref.guide.directory import Directory, Problem, Service
from fieldref.guide.pages import Page, PageError
from fieldref.settings import Settings

Weight = Literal["error", "warning"]
KINDS: dict[str, tuple[Weight, str]] = {
    "refused": ("error", "Rows that cannot be used"),
    "duplicate": ("error", "Rows whose id is already taken"),
    "contradiction": ("error", "Contradictions between languages"),
    "confidential": ("error", "Confidential services whose files say where they are"),
    "page": ("error", "Pages that cannot be used"),
    "link": ("error", "Links that lead nowhere"),
    "address": ("error", "Printed addresses that lead nowhere any more"),
    "sample": ("warning", "Services that are only invented"),
    "expired": ("warning", "Services whose time is over"),
    "stale": ("warning", "Services that should be verified again"),
    "past": ("warning", "Dates that have passed"),
    "hidden": ("warning", "Services of your own that are not shown"),
    "twin": ("warning", "Services that seem to be listed twice"),
    "unlike": ("warning", "Facts that do not go together"),
    "unserved": ("warning", "Needs that no service answers"),
    "no_hours": ("warning", "Services without opening hours"),
    "hours": ("warning", "Opening hours that cannot be made out"),
    "closing": ("warning", "Closing times that are missing"),
    "phone": ("warning", "Numbers that no phone can dial"),
    "place": ("warning", "Places that are not clear"),
    "far": ("warning", "Places that are far away"),
    "reference": ("warning", "References to what is not there"),
    "phrase": ("warning", "Phrases without a code"),
    "code": ("warning", "Codes that are not known"),
    "date": ("warning", "Dates that cannot be read"),
    "text": ("warning", "Translations that cannot be used"),
    "text_missing": ("warning", "Services that are not translated"),
    "page_missing": ("warning", "Pages that are missing in a language"),
    "page_outdated": ("warning", "Translations that are behind their source"),
    "page_long": ("warning", "Pages that are too long"),
    "recording": ("warning", "Recordings that cannot be used"),
    "page_old": ("warning", "Pages that should be checked again"),
    "unused": ("warning", "What was left out because the guide has no place for it"),
}


@dataclass(frozen=True)
class Finding:
    """One thing to mend: what kind, where, and in one sentence what and why."""

    weight: Weight
    kind: str
    where: str
    sentence: str


@dataclass(frozen=True)
class Material:
    """All that is looked at. `printed` are the addresses of pages that stand on paper somewhere.

    `help` is the help for volunteers, which is made as pages are.
    """

    place: Settings
    directory: Directory
    sample: bool
    problems: tuple[Problem, ...]
    pages: tuple[Page, ...]
    page_errors: tuple[PageError, ...]
    languages: tuple[str, ...]
    printed: tuple[str, ...]
    today: date
    recording_errors: tuple[RecordingError, ...] = ()
    help: tuple[Page, ...] = ()
    help_errors: tuple[PageError, ...] = ()

    def standing(self, *states: freshness.State) -> list[Service]:
        """The services that are in one of these states."""
        return [each for each in self.directory.services if freshness.state(each, self.today) in states]


def finding(kind: str, where: str, sentence: str) -> Finding:
    """A finding of a kind, as heavy as the kind is."""
    return Finding(KINDS[kind][0], kind, where, sentence)


def of_service(service: Service, kind: str, sentence: str) -> Finding:
    """A finding about one service, by its name."""
    return finding(kind, f"service {service.id}", f"“{service.name}”: {sentence}")


def of_rows(problems: Iterable[Problem]) -> tuple[Finding, ...]:
    """The findings that the problems with a directory's rows are, in the order of KINDS."""
    return in_order(finding(each.kind, each.where, each.sentence) for each in problems)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return *findings* in the order of KINDS, otherwise as they come."""
    order = {kind: number for number, kind in enumerate(KINDS)}
    return tuple(sorted(findings, key=lambda each: order[each.kind]))
