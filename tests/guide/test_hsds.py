"""Anybody's HSDS 3 package comes in, what has no place here is said, and what goes out loses nothing."""

import csv
import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldref.folders import folder as shipped
from fieldref.guide import meanings, packages
from fieldref.guide.csvfile import DirectoryError
from fieldref.guide.foreign import TAKEN
from fieldref.guide.packages import Package, open_package
from fieldref.guide.service import Phone, Place, Service

EXAMPLE = Path(__file__).parents[1] / "data" / "hsds3"
ID = "0b6f4c6e-1d5a-4b1e-9a54-1f6b8a0c1d{:02}"
TALKING = Service(
    id=ID.format(2),
    name="Talking room",
    organization_id=ID.format(1),
    organization="Harbour Neighbours",
    description="Talk with someone who listens, alone or in a group.",
    alert="Please ring twice.",
    needs=("health_mental",),
    access=("walk_in",),
    documents="none",
    cost="free",
    languages=("ar", "prs"),
    assured=date(2026, 11, 2),
    hours="Mo,Tu,Th 10:00-18:00, 2026 Nov 01-2026 Dec 31 Fr 22:00-02:00",
    hours_note="Weekdays\nNot on feast days",
    phones=(Phone("p1", "+44 1632 960301", "voice", "Extension 12. Ask for the talking room"),),
    place=Place(
        ID.format(5),
        "Old Net Store",
        "Bus 1 to the quay",
        "Net Lane 3, 2nd floor",
        "Port Miralo",
        "XX",
        36.5012,
        15.0031,
    ),
)


@pytest.fixture(scope="module")
def come() -> Package:
    """The example package, read."""
    return open_package(EXAMPLE / "package")


def service(package: Package, number: int) -> Service:
    return next(each for each in package.directory.services if each.id == ID.format(number))


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def said(package: Package, kind: str) -> str:
    return "\n".join(f"{each.where}: {each.sentence}" for each in package.problems if each.kind == kind)


def test_all_that_has_a_place_is_taken(come: Package) -> None:
    assert service(come, 2) == TALKING


@pytest.mark.parametrize("wrapped", [lambda it: it, lambda it: [it], lambda it: {"total_items": 1, "contents": [it]}])
def test_the_same_service_as_json_is_the_same_service(tmp_path: Path, wrapped: Callable[[Any], Any]) -> None:
    found = json.loads((EXAMPLE / "service_full.json").read_text("utf-8"))
    (tmp_path / "services.json").write_text(json.dumps(wrapped(found)), "utf-8")
    assert open_package(tmp_path / "services.json").directory.services == (TALKING,)


def test_tables_in_one_file_of_json_are_the_package_too(tmp_path: Path, come: Package) -> None:
    found = {path.stem: rows_of(path) for path in (EXAMPLE / "package").glob("*.csv")}
    (tmp_path / "tabular.json").write_text(json.dumps(found), "utf-8")
    assert open_package(tmp_path / "tabular.json").directory == come.directory


def test_a_service_at_a_location_and_an_organization_can_be_the_outermost(tmp_path: Path) -> None:
    whole = json.loads((EXAMPLE / "service_full.json").read_text("utf-8"))
    (link,), organization = whole.pop("service_at_locations"), whole.pop("organization")
    for name, outer in (
        ("at", link | {"service": whole | {"organization": organization}}),
        ("of", organization | {"services": [whole | {"service_at_locations": [link]}]}),
    ):
        (tmp_path / name).write_text(json.dumps(outer), "utf-8")
        assert open_package(tmp_path / name).directory.services == (TALKING,)


def test_the_descriptor_names_the_package_it_lies_in(come: Package) -> None:
    assert open_package(EXAMPLE / "package" / "datapackage.json") == come


def test_a_service_without_a_phone_of_its_own_is_called_at_its_place(come: Package) -> None:
    assert [phone.number for phone in service(come, 3).phones] == ["+44 1632 960302"]
    assert "960304" not in "".join(map(repr, come.directory.services)), "Ann's own number is not kept"


def test_prices_and_ages_are_read_as_far_as_they_are_clear(come: Package) -> None:
    assert (service(come, 4).cost, service(come, 4).eligibility) == ("partly", ("children", "women"))
    assert (service(come, 3).cost, service(come, 3).eligibility) == ("", ("conditions",))


def test_words_without_a_code_are_named(come: Package) -> None:
    phrases = said(come, "phrase")
    words = (
        "Juggling",
        "A coin if you have one",
        "Ask Ann for a ticket",
        "A passport and a letter",
        "People who sleep",
    )
    assert all(f"“{each}" in phrases for each in words)
    assert "“pl” is not known as one of languages" in said(come, "code")


def test_a_rule_that_is_more_than_we_read_leaves_the_hours_unknown(come: Package) -> None:
    assert service(come, 3).hours == ""
    assert "every 2 weeks" in said(come, "hours")


def test_a_place_on_the_internet_is_no_place_to_go_to(come: Package) -> None:
    assert service(come, 4).place is None
    assert "a place on the internet cannot be gone to" in said(come, "unused")


def test_every_column_that_is_left_out_is_said(come: Package) -> None:
    left = said(come, "unused")
    for path in (EXAMPLE / "package").glob("*.csv"):
        rows = rows_of(path)
        for column in rows[0] if path.stem in TAKEN else ():
            if column not in TAKEN[path.stem] and any(row[column] for row in rows):
                assert f"{column} is left out of" in left, (path.stem, column)
    assert "contacts.csv: 1 row left out: the names of people are not kept" in left
    assert "accessibility.csv: 1 row left out: the guide has no place for it" in left


def test_a_row_that_cannot_be_used_is_refused_as_ever(come: Package) -> None:
    assert "the id “” must be" in said(come, "refused")
    assert len(come.directory.services) == 3


def test_what_was_brought_in_is_kept_as_our_files_and_read_again(come: Package, tmp_path: Path) -> None:
    packages.take_in(come, tmp_path)
    again = open_package(tmp_path / "directory")
    assert again.directory == come.directory
    assert "the id “” must be" in said(again, "refused")


def test_of_two_different_services_with_one_id_the_second_is_refused(tmp_path: Path) -> None:
    both = [{"id": "a", "name": name, "status": "active"} for name in ("Kitchen", "Clinic", "Kitchen")]
    (tmp_path / "two.json").write_text(json.dumps(both), "utf-8")
    found = open_package(tmp_path / "two.json")
    assert [each.name for each in found.directory.services] == ["Kitchen"]
    assert said(found, "duplicate").count("“Clinic”, is left out") == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "is no JSON"),
        (b"\xff\xfe", "not in UTF-8"),
        (b"[]", "holds no service"),
        (b'"words"', "holds no service"),
        (b'{"contents": [1, null, "x"]}', "holds no service"),
        (b"[" * 100_000, "is no JSON|nested too deeply"),
    ],
)
def test_a_file_that_is_no_directory_is_refused_in_words(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "services.json").write_bytes(content)
    with pytest.raises(DirectoryError, match=reason):
        open_package(tmp_path / "services.json")


def test_a_descriptor_cannot_lead_out_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("id,name,status\na,Secret,active\n", "utf-8")
    inner = tmp_path / "package"
    inner.mkdir()
    resources = [{"name": "service", "path": path} for path in ("../secret.csv", str(tmp_path / "secret.csv"))]
    (inner / "datapackage.json").write_text(json.dumps({"resources": resources}), "utf-8")
    with pytest.raises(DirectoryError, match="holds no service"):
        open_package(inner)


@pytest.mark.parametrize(
    ("code", "name", "ours"),
    [("ara", "", "ar"), ("fa-AF", "", "prs"), ("en_GB", "", "en"), ("", "Farsi", "fa"), ("", "العربية", "ar"),
     ("kur", "", "kmr"), ("ckb", "", "ckb"), ("pl", "Polish", "pl"), ("", "Old Norse", "old-norse")],
)  # fmt: skip
def test_languages_are_known_by_other_codes_and_by_name(code: str, name: str, ours: str) -> None:
    assert meanings.language(code, name) == ours


@pytest.mark.parametrize(
    ("words", "amounts", "cost"),
    [
        ("Free", [], "free"),
        ("It is free of charge.", [], "free"),
        ("", ["0", "0.00"], "free"),
        ("", ["0", "3"], "partly"),
        ("", ["3"], "paid"),
        ("Free", ["5"], "paid"),
        ("", ["a coin"], ""),
        ("Free for children", [], ""),
        ("", [], ""),
    ],
)
def test_a_price_is_said_only_where_it_is_clear(words: str, amounts: list[str], cost: str) -> None:
    assert meanings.cost(words, amounts) == cost


def both_ways(package: Package, room: Path) -> None:
    """Out as a folder and as a file, and in again: the same directory, with nothing to complain of."""
    name = f"out-{random.getrandbits(64):x}"
    packages.give_out(package.directory, room / name)
    packages.give_out_as_json(package.directory, room / f"{name}.json")
    for source in (room / name, room / f"{name}.json"):
        again = open_package(source)
        assert again.directory == package.directory
        assert {problem.kind for problem in again.problems} <= {"code"}, again.problems


def test_the_sample_goes_out_and_comes_back_the_same(tmp_path: Path) -> None:
    both_ways(open_package(shipped("seed") / "directory"), tmp_path)


def test_the_example_goes_out_and_comes_back_the_same(come: Package, tmp_path: Path) -> None:
    both_ways(come, tmp_path)


WORDS = st.text(st.sampled_from("aZ é,;\"'\n\r“فر١0-|#"), max_size=12).map(str.strip)
DAYS = st.sampled_from(["", "2014-01-01", "2014-12-31", "2027-02-30"])
# Rows of the shape that the Jordan services directory (UNHCR, 2014) has, its holes and slips among them.
JORDAN = st.fixed_dictionaries(
    {
        "organization_id": st.sampled_from(["", "accts", "acf", "nobody"]),
        "name": WORDS,
        "status": st.sampled_from(["active", "inactive", "Active", ""]),
        "needs": st.sampled_from(["", "education", "food;wash", "gold"]),
        "eligibility_description": st.sampled_from(["", "Open to all", "Woman at risk;SGBV", "Family unity"]),
        "application_process": st.sampled_from(["", "Referrals not accepted", "Referrals accepted"]),
        "access": st.sampled_from(["", "All the above", "Outreach", "Walk-in & Outreach", "by boat"]),
        "nationality": st.sampled_from(["", "No restriction", "Other nationalities only", "Syrians only"]),
        "documents": st.sampled_from(["", "UNHCR ASC", "No Requirement;MOI card", "a stamp"]),
        "languages": st.sampled_from(["", "ar;en", "kmr;prs"]),
        "confidential": st.sampled_from(["", "yes", "no"]),
        "valid_to": DAYS,
        "assured_date": DAYS,
    }
)
HOURS = st.fixed_dictionaries(
    {
        "freq": st.just("WEEKLY"),
        "byday": st.sampled_from(["", "SU,MO,TU,WE,TH", "FR", "XX"]),
        "opens_at": st.sampled_from(["", "08:30", "13:00pm"]),
        "closes_at": st.sampled_from(["", "17:00", "02:00"]),
        "description": WORDS,
    }
)


def write(folder: Path, table: str, rows: list[dict[str, str]]) -> None:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else ["id"])
        writer.writeheader()
        writer.writerows(rows)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(JORDAN, min_size=1, max_size=5), times=st.lists(HOURS, max_size=5), words=st.lists(WORDS, max_size=5)
)
def test_rows_like_those_of_jordan_go_out_and_come_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Any], times: list[Any], words: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("jordan")
    places = [f"place-{number}" for number in range(3)]
    write(folder, "services", [{"id": str(number), **row} for number, row in enumerate(rows)])
    write(folder, "organizations", [{"id": id, "name": id.upper()} for id in ("accts", "acf", "unhcr")])
    write(folder, "locations", [{"id": id, "name": id, "latitude": "32.1", "longitude": "35.75"} for id in places])
    links = [{"id": str(number), "service_id": str(number), "location_id": places[number % 3]} for number in range(4)]
    write(folder, "service_at_locations", links)
    hours = [{"id": f"h{number}", "service_id": str(number // 2), **row} for number, row in enumerate(times)]
    write(folder, "schedules", hours)
    texts = [
        {"table": table, "id": id, "language": "ar", "field": field, "text": text}
        for text in words
        for table, id, field in (
            ("services", "0", "name"),
            ("schedules", "h0", "description"),
            ("organizations", "unhcr", "name"),
            ("locations", places[0], "name"),
        )
    ]
    write(folder, "texts", texts)
    found = open_package(folder)
    if found.directory.services:
        both_ways(found, folder)
