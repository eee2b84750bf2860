"""Reports at the branch door: exact on the screen; a month that is over is passed on, small numbers withheld."""

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from fieldref.exchange.merge import merge_files
from fieldref.register.codes import new_code
from fieldref.register.records import Referral
from fieldref.web.counting import REPORTS

OVER = "2016-11"


@pytest.fixture
def counted(manager: Any, branch: Path, safe_point: Path, close_with: Any, words: str) -> Any:
    """Seven referrals for food and three for water, in a month that is over."""
    many = ["food"] * 7 + ["wash"] * 3
    referrals = [Referral(code=new_code(), day=f"{OVER}-05", need=need, step="border") for need in many]
    merge_files(branch, [close_with(safe_point, *referrals)], words)
    return manager


def test_what_is_passed_on_withholds_what_the_screen_shows(counted: Any) -> None:
    shared, exact = counted.get(f"/en/reports?month={OVER}").text.split("Exact: do not pass on", 1)
    assert '<bdi dir="ltr">7</bdi>' in shared
    assert '<bdi dir="ltr">&lt;5</bdi>' in shared
    assert '<bdi dir="ltr">3</bdi>' not in shared
    assert '<bdi dir="ltr">3</bdi>' in exact
    assert '<bdi dir="ltr">10</bdi>' in exact


def test_files_hold_what_may_be_passed_on(counted: Any) -> None:
    text = counted.get(f"/en/reports/needs-by-step.csv?month={OVER}").data.decode("utf-8-sig")
    assert "wash,0,<5,0,0,0,0,0,>= 0" in text
    sheet = load_workbook(io.BytesIO(counted.get(f"/en/reports/needs-by-step.xlsx?month={OVER}").data)).active
    found = {row[0]: row[2] for row in sheet.iter_rows(values_only=True)}
    assert (found["Food"], found["Water"]) == (7, "<5")
    arabic = load_workbook(io.BytesIO(counted.get(f"/ar/reports/needs-by-step.xlsx?month={OVER}").data)).active
    assert arabic.sheet_view.rightToLeft


def test_a_month_that_is_not_over_is_not_passed_on(manager: Any, monkeypatch: Any) -> None:
    for month in ("2999-01", manager.get("/en/reports").text.split('value="20')[1][:5]):
        month = month if month.startswith("2") and len(month) == 7 else f"20{month}"
        assert manager.get(f"/en/reports/needs-by-step.csv?month={month}").status_code == 404
        assert "is not over" in manager.get(f"/en/reports?month={month}").text


@pytest.mark.parametrize("report", [each.code for each in REPORTS])
def test_every_report_is_shown_and_saved_where_there_is_nothing(manager: Any, report: str) -> None:
    assert manager.get(f"/fa/reports?report={report}&month={OVER}").status_code == 200
    for ending in ("csv", "xlsx"):
        assert manager.get(f"/fa/reports/{report}.{ending}?month={OVER}").status_code == 200


@pytest.mark.parametrize(
    "asked", ["?report=x", "?month=x", "?month=2016-13", "?month=2016-11-05", "?month=0000-01", "/x.csv"]
)
def test_what_is_no_report_is_not_here(manager: Any, asked: str) -> None:
    assert manager.get(f"/en/reports{asked}").status_code == 404


def test_the_paper_backup_asks_for_the_passphrase_once_more(manager: Any, words: str, its_keys: Any) -> None:
    manager.get("/en/keys")
    token = manager.hidden("token")
    refused = manager.post("/en/keys/paper", token=token, passphrase="wrong")
    assert (refused.status_code, "Secret." in refused.text) == (403, False)
    shown = manager.post("/en/keys/paper", token=token, passphrase=words)
    assert shown.text.count("Secret. Whoever holds this sheet") == 2
    assert "no-store" in shown.headers["Cache-Control"]
    assert "style=" not in shown.text
    assert "<style" not in shown.text
