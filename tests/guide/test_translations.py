"""Words become codes, and words in other languages are taken, compared or refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fieldref.database import open_in_memory
from fieldref.guide import directory
from fieldref.guide.directory import Problem, Service
from fieldref.guide.phrases import PHRASES, understand

WriteTables = Callable[..., Path]


def services_of(folder: Path, language: str = "en") -> dict[str, Service]:
    """What the guide holds of a folder's services, by id."""
    found, _ = directory.read(folder)
    db = open_in_memory()
    directory.store(db, found)
    services = {service.id: service for service in directory.services(db, language)}
    db.close()
    return services


def problems_of(folder: Path, kind: str) -> list[Problem]:
    return [problem for problem in directory.read(folder)[1] if problem.kind == kind]


def test_phrases_of_other_directories_become_codes(tables: WriteTables) -> None:
    folder = tables(
        services="""
            id,name,status,needs,eligibility_description,access,nationality,documents,application_process
            a,A,active,food,Open to all,All the above,Syrians only,No Requirement,IA Form
            b,B,active,food,Disability; Woman at risk,Walk-in,No restriction,UNHCR ASC,
            c,C,active,food,,All the above,,,Referrals not accepted
        """
    )
    found = services_of(folder)
    assert not directory.read(folder)[1]
    assert [found[id].eligibility for id in "abc"] == [(), ("disability", "women"), ("unsaid",)]
    assert found["a"].access == ("walk_in", "referral", "outreach")
    assert found["c"].access == ("walk_in", "outreach")
    assert (found["a"].nationality, found["b"].nationality) == (("SY",), ("any",))
    assert (found["a"].documents, found["b"].documents) == ("none", "registration")


def test_a_condition_without_a_code_is_still_a_condition_and_counted_once(tables: WriteTables) -> None:
    rows = "id,name,status,needs,eligibility_description\na,A,active,food,Family unity\nb,B,active,food,"
    folder = tables(services=f"{rows}Family unity")
    (problem,) = problems_of(folder, "phrase")
    assert "“Family unity” has no code for eligibility (2 times)" in problem.sentence
    assert services_of(folder)["a"].eligibility == ("conditions",)


def test_every_known_phrase_means_codes_that_exist() -> None:
    for field, phrases in PHRASES.items():
        for codes in phrases.values():
            assert understand(field, ";".join(codes)).unclear == ()


def test_a_translation_that_says_another_fact_is_a_contradiction_and_never_shown(tables: WriteTables) -> None:
    folder = tables(
        services="""
            id,name,status,needs,eligibility_description
            a,Tutoring,active,education,Open to all
            b,Clinic,active,health_physical,Serious medical condition
        """,
        texts="""
            table,id,language,field,text
            services,a,ar,eligibility_description,حالة صحية خطيرة
            services,b,ar,eligibility_description,حالة صحية خطيرة
        """,
    )
    (problem,) = problems_of(folder, "contradiction")
    assert (problem.id, problem.line) == ("a", 2)
    assert "in Arabic its eligibility is “حالة صحية خطيرة” (medical), in English everyone" in problem.sentence
    assert services_of(folder, "ar")["a"].eligibility == ()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("services,kitchen,xx,name,X", "no language “xx”"),
        ("services,kitchen,en,name,X", "English is the source"),
        ("services,kitchen,fr,status,X", "“status” of services is not translated"),
        ("schedules_of_things,kitchen,fr,name,X", "not translated"),
        ("services,nothing,fr,name,X", "there is no “nothing” in services.csv"),
        ("services,kitchen,ar,name,مطبخ آخر", "already “مطبخ الميناء”"),
    ],
)
def test_a_translation_that_cannot_be_used_is_named(two_kitchens: Path, row: str, reason: str) -> None:
    with (two_kitchens / "texts.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    assert reason in problems_of(two_kitchens, "text")[0].sentence
