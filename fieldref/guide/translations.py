"""The directory's words in other languages: read, compared with the source, and put to services."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from fieldref.guide import phrases
from fieldref.guide.service import NextSafePoint, Service, Text
from fieldref.guide.tables import Problem, Row, Tables
from fieldref.languages import BY_CODE, SOURCE

TRANSLATED = {
    "services": {"name", "description", "alert"},
    "organizations": {"name"},
    "locations": {"name", "transportation"},
    "schedules": {"description"},
    "phones": {"description"},
    "route": {"name"},
}
# Facts are shown from their codes. Their words in other languages are compared with those, and never shown.
COMPARED = {
    "eligibility_description": "eligibility",
    "eligibility": "eligibility",
    "nationality": "nationality",
    "access": "access",
    "documents": "documents",
}


def read_texts(
    tables: Tables, services: Iterable[Service], problems: list[Problem], route: Iterable[NextSafePoint] = ()
) -> dict[Text, str]:
    """Return the translations for what was taken; add a problem for every one that is refused or contradicts.

    What was not taken has none: a refused service, the place of a confidential one.
    """
    by_id = {service.id: service for service in services}
    taken = _taken(by_id.values()) | {"route": {each.id for each in route}}
    owners = {row["id"]: row["service_id"] for row in tables["schedules"]}
    known = {table: {row["id"] for row in tables[table]} for table in TRANSLATED}
    texts: dict[Text, str] = {}
    for row in tables["texts"]:
        table, field = row["table"], row["field"]
        reason = _why_not(row, known)
        if reason:
            problems.append(row.problem("text", f"{reason}; the row is left out"))
        elif table == "services" and field in COMPARED:
            if row["id"] in by_id:
                problems.extend(_contradictions(row, by_id[row["id"]], COMPARED[field]))
        elif row["text"]:
            owner = owners[row["id"]] if table == "schedules" else row["id"]
            if owner in taken[table]:
                _take(row, Text(table, owner, row["language"], field), texts, problems)
    return texts


def in_language(service: Service, language: str, words: Mapping[tuple[str, str, str], str]) -> Service:
    """Return *service* in the *words* (by table, id and field) of *language*, noting what they lack."""
    missing: dict[str, None] = {}

    def said(shown: str, table: str, id: str, field: str, source: str) -> str:
        text = words.get((table, id, field), "")
        if source and not text:
            missing[shown] = None
        return text or source

    place = service.place
    if place is not None:
        name = said("place", "locations", place.id, "name", place.name)
        way = said("transportation", "locations", place.id, "transportation", place.transportation)
        place = replace(place, name=name, transportation=way)
    phones = tuple(
        replace(phone, description=said("phones", "phones", phone.id, "description", phone.description))
        for phone in service.phones
    )
    id = service.id
    return replace(
        service,
        name=said("name", "services", id, "name", service.name),
        description=said("description", "services", id, "description", service.description),
        alert=said("alert", "services", id, "alert", service.alert),
        organization=said("organization", "organizations", service.organization_id, "name", service.organization),
        hours_note=said("hours_note", "schedules", id, "description", service.hours_note),
        phones=phones,
        place=place,
        language=SOURCE.code if "name" in missing else language,
        untranslated=tuple(missing),
    )


def _taken(services: Collection[Service]) -> dict[str, set[str]]:
    """By table, the ids of all that *services* are made of."""
    ids = {service.id for service in services}
    return {
        "services": ids,
        "schedules": ids,
        "organizations": {service.organization_id for service in services},
        "locations": {service.place.id for service in services if service.place},
        "phones": {phone.id for service in services for phone in service.phones},
    }


def _why_not(row: Row, known: dict[str, set[str]]) -> str:
    table, field = row["table"], row["field"]
    if table not in TRANSLATED:
        return f"texts of “{table}” are not translated"
    if field not in TRANSLATED[table] and not (table == "services" and field in COMPARED):
        return f"“{field}” of {table} is not translated"
    if row["language"] not in BY_CODE:
        return f"there is no language “{row['language']}”"
    if row["language"] == SOURCE.code:
        return f"{SOURCE.english} is the source; it belongs in {table}.csv"
    if row["id"] not in known[table]:
        return f"there is no “{row['id']}” in {table}.csv"
    return ""


def _take(row: Row, text: Text, texts: dict[Text, str], problems: list[Problem]) -> None:
    if texts.setdefault(text, row["text"]) != row["text"]:
        sentence = (
            f"the {row['field']} of {row['id']} in {BY_CODE[row['language']].english} is already"
            f" “{texts[text]}”; this one, “{row['text']}”, is left out"
        )
        problems.append(row.problem("text", sentence, row["field"]))


def _contradictions(row: Row, service: Service, field: str) -> Iterable[Problem]:
    meaning = phrases.understand(field, row["text"])
    said = getattr(service, field)
    codes = {said} - {""} if isinstance(said, str) else set(said)
    # Words without a code cannot be compared.
    if meaning.unclear or not row["text"] or codes == set(meaning.codes):
        return
    sentence = (
        f"“{service.name}”: in {BY_CODE[row['language']].english} its {field} is “{row['text']}”"
        f" ({_words(meaning.codes)}), in {SOURCE.english} {_words(codes)}; every language shows the latter"
    )
    yield row.problem("contradiction", sentence, field)


def _words(codes: Iterable[str]) -> str:
    return ", ".join(sorted(codes)) or "everyone"
