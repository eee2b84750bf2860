"""What a branch manager is told of pages and services that are wrong, missing or out of date."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from time import process_time

import pytest

from fieldref import settings
from fieldref.guide import addresses, packages
from fieldref.guide.checks import KINDS, Finding, check, in_order
from fieldref.vocabulary import NEEDS

TODAY = date(2026, 11, 23)
HEADER = "id,name,status,needs,assured_date,assurer,valid_to"
WriteTables = Callable[..., Path]
Check = Callable[..., list[Finding]]


@pytest.fixture
def found(tmp_path: Path, tables: WriteTables) -> Check:
    """Check a safe-point with these tables and give back the findings of one kind."""

    def of_kind(kind: str, languages: tuple[str, ...] = ("en",), **files: str) -> list[Finding]:
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        if not (home / "fieldref.toml").exists():
            settings.write(home, settings.Settings("Bridge", languages=languages))
        if files:
            packages.take_in(packages.open_package(tables(**files)), home)
        return [finding for finding in check(home, TODAY) if finding.kind == kind]

    return of_kind


def test_what_was_refused_is_found_again_as_an_error(found: Check) -> None:
    (finding,) = found("refused", services=f"{HEADER}\na,,active,food,,,\nb,B,active,food,,,")
    assert (finding.weight, finding.where) == ("error", "services.csv line 2")


def test_a_service_whose_time_is_over_is_a_warning(found: Check) -> None:
    (finding,) = found("expired", services=f"{HEADER}\na,A,active,food,2026-11-20,visit,2026-10-31")
    assert finding == Finding("warning", "expired", "service a", "“A”: its time was over on 2026-10-31")


def test_a_service_that_was_verified_too_long_ago_says_what_was_agreed(found: Check) -> None:
    rows = f"{HEADER}\na,A,active,food,2026-09-01,phone,\nb,B,active,food,,,\nc,C,active,food,2026-11-01,visit,"
    sentences = [finding.sentence for finding in found("stale", services=rows)]
    assert sentences == [
        "“A”: it was last verified on 2026-09-01; it should be every 60 days",
        "“B”: it was never verified; it should be every 30 days",
    ]


def test_missing_hours_are_told_from_hours_that_cannot_be_made_out(found: Check) -> None:
    files = {
        "services": f"{HEADER}\na,A,active,food,,,\nb,B,active,food,,,\nc,C,active,food,,,",
        "schedules": "id,service_id,opening_hours,description\n1,b,every morning,\n2,c,,Ring any time",
    }
    assert [finding.where for finding in found("no_hours", **files)] == ["service a"]
    assert ["“B”" in finding.sentence for finding in found("hours", **files)] == [True]


def test_a_need_that_no_running_service_answers_is_named(found: Check) -> None:
    needs = ";".join(need.code for need in NEEDS if need.code not in ("natural", "income"))
    rows = f"{HEADER}\na,A,active,{needs},,,\nb,B,defunct,income,,,"
    (finding,) = found("unserved", services=rows)
    assert "the need income" in finding.sentence


def test_services_that_are_only_the_sample_are_named(found: Check) -> None:
    (finding,) = found("sample")
    assert "bring in your own" in finding.sentence
    assert not found("sample", services=f"{HEADER}\na,A,active,food,,,")


def test_hours_that_never_come_again_and_notices_of_days_gone_by_are_named(found: Check) -> None:
    rows = "\n".join(f"{id},{id.upper()},active,food,2026-11-20,{alert}" for id, alert in [
        ("a", ""), ("b", "Shut on 1 December 2025"), ("c", "Shut 2026-11-20 to 2026-12-01"),
        ("d", "Shut on 31 Feb 2025"),
    ])  # fmt: skip
    hours = (
        "id,service_id,opening_hours\n1,a,2020 Jan 01-2026 Nov 22 Mo-Su 09:00-17:00\n2,b,24/7\n3,c,Jun-Aug 10:00-12:00"
    )
    findings = found("past", services=f"id,name,status,needs,assured_date,alert\n{rows}", schedules=hours)
    assert [finding.where for finding in findings] == ["service a", "service b"]


TWO = "id,organization_id,name,status,needs\na,friends,Soup kitchen,active,food\nb,{},{},active,food"
PLACES = "id,name,latitude,longitude\nx,Quay,36.5,15.0\ny,The quay,36.50001,15.00001\nz,Hill,36.6,15.1"
FRIENDS = "id,name\nfriends,Friends\nothers,Others"


@pytest.mark.parametrize(
    ("organization", "name", "place", "number", "twins"),
    [
        ("friends", "SOUP KITCHEN", "x", "+44 1632 960999", True),
        ("friends", "Soup kitchen", "y", "+44 1632 960999", True),
        ("others", "Soup kitchen", "z", "+441632960001", True),
        ("others", "Soup kitchen", "x", "+44 1632 960999", False),
        ("friends", "Soup kitchen", "z", "+44 1632 960999", False),
        ("friends", "Clinic", "x", "+44 1632 960001", False),
    ],
)
def test_a_service_that_is_listed_twice_is_named(
    found: Check, organization: str, name: str, place: str, number: str, twins: bool
) -> None:
    findings = found(
        "twin",
        organizations=FRIENDS,
        services=TWO.format(organization, name),
        locations=PLACES,
        service_at_locations=f"id,service_id,location_id\n1,a,x\n2,b,{place}",
        phones=f"id,service_id,number\n1,a,+44 1632 960001\n2,b,{number}",
    )
    assert [finding.where for finding in findings] == ["service b"] * twins


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ("2026-11-20,,,2026-12-31,2026-12-01", "it ends on 2026-12-01, before it begins on 2026-12-31"),
        ("2026-11-24,,,,", "which has not come yet"),
        ("2026-11-20,walk_in,,,", "people can just come, but no place is given"),
        ("2026-11-20,phone,,,", "no number is given"),
        ("2026-11-20,,any;SY,,", "of any country"),
        ("2026-11-20,,,,", ""),
    ],
)
def test_facts_that_cannot_all_be_true_are_named(found: Check, facts: str, sentence: str) -> None:
    header = "id,name,status,needs,assured_date,access,nationality,valid_from,valid_to"
    findings = found("unlike", services=f"{header}\na,A,active,food,{facts}")
    assert [sentence in finding.sentence for finding in findings] == [True] * bool(sentence)


def test_a_place_more_than_50_km_away_is_named(found: Check, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    settings.write(home, settings.Settings("Bridge", latitude=36.5, longitude=15.0))
    (finding,) = found(
        "far",
        services=f"{HEADER}\na,A,active,food,,,\nb,B,active,food,,,",
        locations="id,name,latitude,longitude\nx,Near,36.9,15.0\ny,Far,37.0,15.0",
        service_at_locations="id,service_id,location_id\n1,a,x\n2,b,y",
    )
    assert finding.sentence == "“B”: it is 56 km from the safe-point"


def test_numbers_that_no_phone_can_dial_are_named_the_emergency_number_too(found: Check, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    settings.write(home, settings.Settings("Bridge", emergency_number="ask us"))
    phones = "id,service_id,number\n1,a,at the desk\n2,a,+44 1632 960001"
    findings = found("phone", services=f"{HEADER}\na,A,active,food,,,", phones=phones)
    assert [finding.where for finding in findings] == ["phones.csv line 2", "fieldref.toml"]


def test_services_without_a_name_in_a_language_of_the_safe_point_are_counted(found: Check) -> None:
    rows = f"{HEADER}\na,A,active,food,,,\nb,B,active,food,,,"
    texts = "table,id,language,field,text\nservices,a,ar,name,ألف"
    findings = found("text_missing", languages=("en", "ar", "fr"), services=rows, texts=texts)
    assert [finding.sentence[:44] for finding in findings] == [
        "1 of 2 services have no name in Arabic (b …)",
        "2 of 2 services have no name in French (a, b",
    ]


def write_page(home: Path, language: str, front: str, body: str = "You have rights.") -> None:
    folder = home / "pages" / "rights" / "bridge-rights"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{language}.md").write_text(f"---\n{front}\n---\n{body}\n", "utf-8")


SOURCE = "title: Rights\norder: 990\nsource_rev: {}\nchecked: 2026-11-20\nsources: [{{title: The law}}]"


def test_a_page_that_is_missing_in_a_language_of_the_safe_point_is_named(found: Check, tmp_path: Path) -> None:
    found("page", languages=("en", "ti"))
    write_page(tmp_path / "home", "en", SOURCE.format(1))
    findings = {finding.where: finding.sentence for finding in found("page_missing")}
    assert findings["rights/bridge-rights"] == "“Rights” is missing in Tigrinya"


def test_a_translation_behind_its_source_is_named(found: Check, tmp_path: Path) -> None:
    found("page")
    write_page(tmp_path / "home", "en", SOURCE.format(3))
    write_page(tmp_path / "home", "fr", "title: Droits\ntranslation: machine\nsource_rev: 2")
    finding = next(each for each in found("page_outdated") if "bridge-rights" in each.where)
    assert finding.where == "rights/bridge-rights/fr.md"
    assert finding.sentence == "it follows revision 2 of a source that is at 3"


def test_a_page_that_cannot_be_used_is_an_error(found: Check, tmp_path: Path) -> None:
    found("page")
    write_page(tmp_path / "home", "en", "title: Rights\norder: first")
    (finding,) = found("page")
    assert finding.weight == "error"
    assert "rights/bridge-rights/en.md" in finding.sentence


def test_a_link_that_leads_nowhere_is_an_error(found: Check, tmp_path: Path) -> None:
    found("link")
    body = "[a](/rights/asylum) [b](/rights/gone) [c](https://outside.example) [d](/needs/food) [e](/emergency)"
    write_page(tmp_path / "home", "en", SOURCE.format(1), body)
    findings = found("link")
    assert [finding.weight for finding in findings] == ["error", "error"]
    assert "leads to /rights/gone, which is not there" in findings[0].sentence
    assert "out of the guide" in findings[1].sentence


def test_a_printed_address_whose_page_is_gone_is_an_error(found: Check, tmp_path: Path) -> None:
    assert not found("address"), "what releases of fieldref have had is all there"
    for address in ("ar/rights/gone", "ar/rights/asylum", "fr/service/closed-kitchen"):
        addresses.remember(tmp_path / "home", address)
    sentences = [finding.sentence for finding in found("address")]
    assert [sentence.split()[0] for sentence in sentences] == ["ar/rights/gone", "fr/service/closed-kitchen"]


def test_a_text_with_more_words_than_people_read_is_named(found: Check, tmp_path: Path) -> None:
    found("page_long")
    write_page(tmp_path / "home", "en", SOURCE.format(1), "word " * 301)
    write_page(tmp_path / "home", "fr", "title: Droits\ntranslation: machine\nsource_rev: 1", "mot " * 400)
    (finding,) = found("page_long")
    assert (finding.where, finding.sentence) == ("rights/bridge-rights/en.md", "it has 301 words; at most 300 are read")


def test_a_text_with_more_bytes_than_come_at_once_is_named(found: Check, tmp_path: Path) -> None:
    found("page_long")
    long_words = " ".join(sha256(bytes([n])).hexdigest() for n in range(120))
    write_page(tmp_path / "home", "en", SOURCE.format(1), long_words)
    (finding,) = found("page_long")
    assert "bytes, packed; at most 3000" in finding.sentence


def test_a_page_whose_facts_nobody_has_checked_for_a_year_is_named(found: Check, tmp_path: Path) -> None:
    found("page_old")
    write_page(tmp_path / "home", "en", SOURCE.format(1).replace("2026-11-20", "2025-11-22"))
    (finding,) = found("page_old")
    assert finding.sentence == "its facts were last checked on 2025-11-22"


def test_the_shipped_guide_is_looked_through_in_two_seconds_of_work(found: Check) -> None:
    begins = process_time()
    found("sample")
    assert process_time() - begins < 2


def test_findings_come_in_the_order_of_their_weight() -> None:
    weights = [KINDS[finding.kind][0] for finding in in_order(Finding("warning", kind, "", "") for kind in KINDS)]
    assert weights == sorted(weights)
