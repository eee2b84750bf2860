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
from fieldref.vocabulary import N_

Weight = Literal["error", "warning"]
KINDS: dict[str, tuple[Weight, str]] = {
    "refused": ("error", N_("Rows that cannot be used")),
    "duplicate": ("error", N_("Rows whose id is already taken")),
    "contradiction": ("error", N_("Contradictions between languages")),
    "confidential": ("error", N_("Confidential services whose files say where they are")),
    "page": ("error", N_("Pages that cannot be used")),
    "link": ("error", N_("Links that lead nowhere")),
    "address": ("error", N_("Printed addresses that lead nowhere any more")),
    "sample": ("warning", N_("Services that are only invented")),
    "expired": ("warning", N_("Services whose time is over")),
    "stale": ("warning", N_("Services that should be verified again")),
    "past": ("warning", N_("Dates that have passed")),
    "hidden": ("warning", N_("Services of your own that are not shown")),
    "twin": ("warning", N_("Services that seem to be listed twice")),
    "unlike": ("warning", N_("Facts that do not go together")),
    "unserved": ("warning", N_("Needs that no service answers")),
    "no_hours": ("warning", N_("Services without opening hours")),
    "hours": ("warning", N_("Opening hours that cannot be made out")),
    "closing": ("warning", N_("Closing times that are missing")),
    "phone": ("warning", N_("Numbers that no phone can dial")),
    "place": ("warning", N_("Places that are not clear")),
    "far": ("warning", N_("Places that are far away")),
    "reference": ("warning", N_("References to what is not there")),
    "phrase": ("warning", N_("Phrases without a code")),
    "code": ("warning", N_("Codes that are not known")),
    "date": ("warning", N_("Dates that cannot be read")),
    "text": ("warning", N_("Translations that cannot be used")),
    "text_missing": ("warning", N_("Services that are not translated")),
    "page_missing": ("warning", N_("Pages that are missing in a language")),
    "page_outdated": ("warning", N_("Translations that are behind their source")),
    "page_long": ("warning", N_("Pages that are too long")),
    "recording": ("warning", N_("Recordings that cannot be used")),
    "page_old": ("warning", N_("Pages that should be checked again")),
    "unused": ("warning", N_("What was left out because the guide has no place for it")),
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
