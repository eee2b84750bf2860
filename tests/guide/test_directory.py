"""Files become services, row by row, and come back from the guide in a visitor's language."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from fieldref.database import open_in_memory
from fieldref.folders import folder as shipped
from fieldref.guide import directory
from fieldref.guide.directory import Phone, Place, Problem, Service

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


def test_all_that_a_row_says_is_taken(two_kitchens: Path) -> None:
    found, problems = directory.read(two_kitchens)
    assert not problems
    assert found.services[0] == Service(
        id="kitchen",
        name="Kitchen",
        organization_id="friends",
        organization="Harbour Friends",
        description="Hot meals",
        alert="Shut on 1 Dec",
        needs=("food", "wash"),
        eligibility=("women",),
        access=("walk_in",),
        documents="none",
        cost="free",
        languages=("en", "ar"),
        hours="Mo-Fr 12:00-14:00",
        hours_note="Until the food is gone",
        phones=(Phone("kitchen-phone", "+44 1632 960200", "voice", "Ask for Sam"),),
        place=Place("quay", "Old Quay", "Past the church", "Quay Road 4", "Port Miralo", "XX", 36.5, 15.01),
    )


def test_the_guide_gives_back_what_was_stored(two_kitchens: Path) -> None:
    assert tuple(services_of(two_kitchens).values()) == directory.read(two_kitchens)[0].services


def test_a_service_comes_in_the_words_of_its_reader(two_kitchens: Path) -> None:
    kitchen = services_of(two_kitchens, "ar")["kitchen"]
    assert (kitchen.name, kitchen.language) == ("مطبخ الميناء", "ar")
    assert kitchen.hours_note == "حتى نفاد الطعام"
    assert kitchen.place and kitchen.place.name == "الرصيف القديم"


def test_words_without_a_translation_stay_and_are_named(two_kitchens: Path) -> None:
    kitchen = services_of(two_kitchens, "ar")["kitchen"]
    assert kitchen.alert == "Shut on 1 Dec"
    assert set(kitchen.untranslated) == {"transportation", "phones", "alert", "organization"}


def test_a_service_without_a_translated_name_is_in_the_source_language(two_kitchens: Path) -> None:
    assert services_of(two_kitchens, "ar")["soup"].language == "en"
    assert services_of(two_kitchens, "fr")["kitchen"].name == "Kitchen"


def test_the_order_is_that_of_the_file(tables: WriteTables) -> None:
    folder = tables(services="id,name,status,needs\nz,Z,active,food\na,A,active,food\nm,M,active,food")
    assert list(services_of(folder)) == ["z", "a", "m"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",Kitchen,active", "the id “” must be"),
        ("Kitchen 1,Kitchen,active", "the id “Kitchen 1” must be"),
        ("kitchen,,active", "the name is missing"),
        ("kitchen,Kitchen,", "the status is “”"),
        ("kitchen,Kitchen,running", "the status is “running”"),
        ("kitchen,Kitchen,active,,more", "more cells than the header"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_in_words(tables: WriteTables, row: str, reason: str) -> None:
    folder = tables(services=f"id,name,status,needs\nbeds,Beds,active,shelter\n{row}")
    (problem,) = problems_of(folder, "refused")
    assert (problem.table, problem.line) == ("services", 3)
    assert reason in problem.sentence
    assert list(services_of(folder)) == ["beds"]


def test_of_two_rows_with_one_id_the_first_is_taken_and_the_later_named(tables: WriteTables) -> None:
    folder = tables(services="id,name,status,needs\n7,Kitchen,active,food\n7,Clinic,active,food")
    (problem,) = problems_of(folder, "duplicate")
    assert services_of(folder)["7"].name == "Kitchen"
    assert problem.line == 3
    assert "already that of “Kitchen” in line 2; this one, “Clinic”, is left out" in problem.sentence


def test_a_line_is_where_its_row_begins(tables: WriteTables) -> None:
    rows = 'id,name,description,status,needs\nbeds,Beds,"One\nTwo",active,shelter\nfood,,,active,food'
    assert problems_of(tables(services=rows), "refused")[0].line == 4


def test_unknown_codes_are_left_out_and_named(tables: WriteTables) -> None:
    folder = tables(services="id,name,status,needs,languages,cost\na,A,active,food;gold,en;xx,cheap")
    sentences = " ".join(problem.sentence for problem in problems_of(folder, "code"))
    assert all(word in sentences for word in ("“gold”", "“xx”", "“cheap”"))
    service = services_of(folder)["a"]
    assert (service.needs, service.languages, service.cost) == (("food",), ("en",), "")


def test_a_service_that_answers_no_need_is_taken_with_a_word(tables: WriteTables) -> None:
    assert problems_of(tables(services="id,name,status\na,A,active"), "code")[0].field == "needs"


def test_dates_and_who_verified_are_taken(tables: WriteTables) -> None:
    folder = tables(
        services="""
            id,name,status,needs,assured_date,assurer,valid_from,valid_to
            a,A,active,food,2026-11-20T10:00:00Z,visit,2026-01-01,2026-12-31
        """
    )
    a = services_of(folder)["a"]
    assert (a.assured, a.assurer) == (date(2026, 11, 20), "visit")
    assert (a.valid_from, a.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))


def test_a_day_that_is_none_is_left_out(tables: WriteTables) -> None:
    folder = tables(services="id,name,status,needs,assured_date\na,A,active,food,20.11.2026")
    assert services_of(folder)["a"].assured is None
    assert "“20.11.2026” is no day" in problems_of(folder, "date")[0].sentence


@pytest.mark.parametrize("place", ["91,15", "0,0", "36.5,", "north,15", "nan,15"])
def test_a_place_off_the_globe_has_no_coordinates(tables: WriteTables, place: str) -> None:
    folder = tables(
        services="id,name,status,needs\na,A,active,food",
        locations=f"id,name,latitude,longitude\nquay,Quay,{place}",
        service_at_locations="id,service_id,location_id\n1,a,quay",
    )
    found = services_of(folder)["a"].place
    assert found and (found.name, found.latitude, found.longitude) == ("Quay", None, None)
    assert len(problems_of(folder, "place")) == 1


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("+44 1632 960200", "tel:+441632960200"),
        ("+44 (0) 20 7946 0000", "tel:+442079460000"),
        ("112", "tel:112"),
        ("(01632) 960-200", "tel:01632960200"),
        ("ask at the desk", ""),
        ("0800-HELP", ""),
        ("12", ""),
        ("", ""),
    ],
)
def test_a_number_is_dialled_only_if_a_phone_could(number: str, dialled: str) -> None:
    assert Phone("1", number).dial == dialled


def test_a_number_that_cannot_be_dialled_is_shown_and_named(tables: WriteTables) -> None:
    folder = tables(
        services="id,name,status,needs\na,A,active,food",
        phones="id,service_id,number\n1,a,ask at the desk",
    )
    assert services_of(folder)["a"].phones[0].number == "ask at the desk"
    assert "no phone can dial" in problems_of(folder, "phone")[0].sentence


def test_rows_that_belong_to_nothing_are_named(tables: WriteTables) -> None:
    folder = tables(
        services="id,organization_id,name,status,needs\na,nobody,A,active,food",
        phones="id,service_id,number\n1,b,112112",
        service_at_locations="id,service_id,location_id\n1,a,nowhere",
    )
    found = {(problem.table, problem.line) for problem in problems_of(folder, "reference")}
    assert found == {("services", 2), ("phones", 2), ("service_at_locations", 2)}


def test_the_sample_stands_in_until_there_is_a_directory(tmp_path: Path) -> None:
    assert directory.folder_of(tmp_path) == (shipped("seed") / "directory", True)
    (tmp_path / "directory").mkdir()
    assert directory.folder_of(tmp_path) == (tmp_path / "directory", False)


def test_the_sample_has_nothing_that_visitors_would_miss() -> None:
    found, problems = directory.read(shipped("seed") / "directory")
    assert len(found.services) >= 30
    serious = {"refused", "duplicate", "contradiction", "confidential", "hours", "phone", "reference"}
    assert [problem for problem in problems if problem.kind in serious] == []
