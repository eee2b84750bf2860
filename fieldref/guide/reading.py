"""A folder of HSDS files becomes the directory: every row is taken, or refused in words."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from fieldref.guide import cells, phrases, route, schedules
from fieldref.guide.codes import ASSURERS, COSTS, DOCUMENTS, SERVICE_STATUSES
from fieldref.guide.places import Places, confidential_services
from fieldref.guide.service import Directory, Phone, Service
from fieldref.guide.tables import Files, Problem, Row, Tables, first_by_id, grouped, read_files, read_tables
from fieldref.guide.translations import read_texts
from fieldref.languages import BY_CODE
from fieldref.vocabulary import NEEDS, codes

# What a record of a referral can hold as its service.
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def read(folder: Path) -> tuple[Directory, tuple[Problem, ...]]:
    """Read the directory in *folder*: what could be taken, and every problem with the rest.

    The place of a confidential service is not taken. Raises DirectoryError if a file as a whole is unusable.
    """
    return of_files(read_files(folder))


def of_files(files: Files) -> tuple[Directory, tuple[Problem, ...]]:
    """Read the directory that lies in *files*, in the same way."""
    problems: list[Problem] = []
    return of_tables(read_tables(files, problems), problems), tuple(problems)


def of_tables(tables: Tables, problems: list[Problem]) -> Directory:
    """The directory of *tables*; what is wrong with them is added to *problems*."""
    services = tuple(_Reading(tables, problems).services())
    next_safe_points = route.read(tables["route"], problems)
    texts = read_texts(tables, services, problems, next_safe_points)
    return Directory(services, texts, next_safe_points)


class _Reading:
    """The rows of one folder, found by what they belong to, while the services are put together."""

    def __init__(self, tables: Tables, problems: list[Problem]) -> None:
        self._rows = tables["services"]
        self._problems = problems
        self._confidential = confidential_services(tables)
        self._organizations = first_by_id(tables["organizations"], problems)
        self._places = Places(tables, problems)
        self._links = grouped(tables["service_at_locations"], "service_id")
        self._phones = grouped(tables["phones"], "service_id")
        self._schedules = grouped(tables["schedules"], "service_id")
        self._unclear: Counter[tuple[str, str]] = Counter()

    def services(self) -> Iterable[Service]:
        taken = first_by_id(self._rows, self._problems)
        yield from (service for row in taken.values() if (service := self._service(row)) is not None)
        self._lost_rows(taken)
        for (field, phrase), count in self._unclear.items():
            sentence = f"“{phrase}” has no code for {field} ({_times(count)}); people are told to ask"
            self._problems.append(Problem("phrase", "services", 0, "", field, sentence))

    def _service(self, row: Row) -> Service | None:
        column, reason = _why_not(row)
        if reason:
            self._problems.append(row.problem("refused", f"{reason}; the service is left out", column))
            return None
        problems = self._problems
        organization = self._organizations.get(row["organization_id"])
        if row["organization_id"] and organization is None:
            sentence = f"there is no organization {row['organization_id']}; the service is shown without one"
            problems.append(row.problem("reference", sentence, "organization_id"))
        return Service(
            id=row["id"],
            name=row["name"],
            organization_id=row["organization_id"] if organization else "",
            organization=organization["name"] if organization else "",
            description=row["description"],
            alert=row["alert"],
            status=row["status"].lower(),
            needs=self._needs(row),
            eligibility=self._eligibility(row),
            nationality=self._understood(row, "nationality"),
            access=_access(row, self._understood(row, "access")),
            documents=_hardest(self._understood(row, "documents")),
            cost=cells.code(row, "cost", codes(*COSTS), problems),
            languages=cells.code_list(row, "languages", BY_CODE, problems),
            confidential=row["id"] in self._confidential,
            assured=cells.day(row, "assured_date", problems),
            assurer=cells.code(row, "assurer", codes(*ASSURERS), problems),
            valid_from=cells.day(row, "valid_from", problems),
            valid_to=cells.day(row, "valid_to", problems),
            hours=self._hours(row),
            hours_note="\n".join(filter(None, (each["description"] for each in self._schedules[row["id"]]))),
            phones=self._phones_of(row["id"]),
            place=self._places.of(row, confidential=row["id"] in self._confidential),
        )

    def _needs(self, row: Row) -> tuple[str, ...]:
        needs = cells.code_list(row, "needs", codes(*NEEDS), self._problems)
        if not needs:
            self._problems.append(row.problem("code", "no need is named; people find it only by searching", "needs"))
        return needs

    def _eligibility(self, row: Row) -> tuple[str, ...]:
        # Our column says everyone by being empty; HSDS's says nothing by it.
        if "eligibility" in row.cells:
            return self._understood(row, "eligibility")
        if not row["eligibility_description"] and "eligibility_description" in row.cells:
            return ("unsaid",)
        return self._understood(row, "eligibility", "eligibility_description")

    def _understood(self, row: Row, field: str, column: str = "") -> tuple[str, ...]:
        meaning = phrases.understand(field, row[column or field])
        self._unclear.update((field, phrase) for phrase in meaning.unclear)
        return meaning.codes

    def _hours(self, service: Row) -> str:
        rows = self._schedules[service["id"]]
        try:
            hours = schedules.opening_hours(rows)
        except schedules.Unclear as reason:
            sentence = f"when “{service['name']}” is open is not known: {reason}"
            self._problems.append(rows[0].problem("hours", sentence))
            return ""
        if "+" in hours and any(each["opens_at"] and not each["closes_at"] for each in rows):
            sentence = f"when “{service['name']}” closes is missing; only when it opens is shown"
            self._problems.append(rows[0].problem("closing", sentence, "closes_at"))
        return hours

    def _phones_of(self, service: str) -> tuple[Phone, ...]:
        phones = []
        for number, row in enumerate(self._phones[service], start=1):
            phone = Phone(
                row["id"] or f"{service}-phone-{number}",
                row["number"].strip("\"' "),
                row["type"] or "voice",
                row["description"],
            )
            if not phone.dial:
                sentence = f"no phone can dial “{row['number']}”; it is shown as it is written"
                self._problems.append(row.problem("phone", sentence, "number"))
            phones.append(phone)
        return tuple(phones)

    def _lost_rows(self, services: Mapping[str, Row]) -> None:
        for rows in (self._links, self._phones, self._schedules):
            for service in [each for each in rows if each not in services]:
                for row in rows[service]:
                    sentence = f"there is no service “{service}”; the row is left out"
                    self._problems.append(row.problem("reference", sentence, "service_id"))


def _why_not(row: Row) -> tuple[str, str]:
    """The column that keeps *row* out, and why; nothing where nothing does."""
    if not IDENTIFIER.fullmatch(row["id"]):
        return "id", f"the id “{row['id']}” must be 1 to 64 small letters, figures, dots and dashes"
    if not row["name"]:
        return "name", "the name is missing"
    if row["status"].lower() not in codes(*SERVICE_STATUSES):
        known = ", ".join(term.code for term in SERVICE_STATUSES)
        return "status", f"the status is “{row['status']}”; it must be {known}"
    return "", ""


def _access(row: Row, access: tuple[str, ...]) -> tuple[str, ...]:
    # "All the above" counts referrals in even where the next column says that none are taken.
    if row["application_process"] == "Referrals not accepted" and len(access) > 1:
        return tuple(code for code in access if code != "referral")
    return access


def _hardest(documents: Iterable[str]) -> str:
    order = ["", *(term.code for term in DOCUMENTS)]
    return max(documents, key=order.index, default="")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
