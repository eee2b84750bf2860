"""What a branch manager is told of pages and services that are wrong, missing or out of date."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from fieldref import settings
from fieldref.guide import packages
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
            packages.take_in(tables(**files), home)
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


def write_page(home: Path, language: str, front: str) -> None:
    folder = home / "pages" / "rights" / "bridge-rights"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{language}.md").write_text(f"---\n{front}\n---\nYou have rights.\n", "utf-8")


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


def test_findings_come_in_the_order_of_their_weight() -> None:
    weights = [KINDS[finding.kind][0] for finding in in_order(Finding("warning", kind, "", "") for kind in KINDS)]
    assert weights == sorted(weights)
