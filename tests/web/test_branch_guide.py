"""The branch's guide at its door: the workbook out and in, what was found, and the signed file."""

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from fieldref.exchange import pack as packs_of_branch
from fieldref.exchange import publishing
from fieldref.guide import directory

SERVICES = "id,name,status,needs,assured_date,assurer\nkitchen,River kitchen,active,food,2026-11-20,visit\n"


@pytest.fixture
def listed(branch: Path) -> Path:
    """The branch with a service of its own."""
    (branch / "directory").mkdir()
    (branch / "directory" / "services.csv").write_text(SERVICES, "utf-8")
    return branch


@pytest.fixture
def untried(monkeypatch: Any) -> None:
    """Packs are not tried out here; tests/exchange/test_publishing.py does."""
    monkeypatch.setattr(publishing, "try_out", lambda *paths: None)


def workbook(manager: Any, change: Any = lambda sheet: None) -> bytes:
    book = load_workbook(io.BytesIO(manager.get("/en/guide/services.xlsx").data))
    change(book["services"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take(manager: Any, content: bytes) -> Any:
    return manager.send("services.xlsx", content, "/en/guide/take-workbook", "workbook")


def rename(name: str) -> Any:
    def change(sheet: Any) -> None:
        [heading] = [cell for cell in sheet[1] if cell.value == "name"]
        sheet.cell(2, heading.column).value = name

    return change


def test_a_workbook_goes_out_and_comes_back_changed(manager: Any, listed: Path) -> None:
    answer = take(manager, workbook(manager, rename("Hill kitchen")))
    assert (answer.status_code, "Services taken: 1" in answer.text) == (200, True)
    assert [each.name for each in directory.read(listed / "directory")[0].services] == ["Hill kitchen"]
    assert list(listed.glob(".coming-*")) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 5000])
def test_what_is_no_workbook_changes_nothing(manager: Any, listed: Path, content: bytes) -> None:
    assert take(manager, content).status_code == 400
    assert (listed / "directory" / "services.csv").read_text("utf-8") == SERVICES
    assert list(listed.glob(".coming-*")) == []


def test_a_mistake_is_named_by_its_cell_and_no_row_is_taken(manager: Any, listed: Path) -> None:
    answer = take(manager, workbook(manager, rename("=HYPERLINK(1)")))
    assert (answer.status_code, "services!" in answer.text) == (400, True)
    assert (listed / "directory" / "services.csv").read_text("utf-8") == SERVICES


def test_the_sample_is_not_published_unless_it_is_said_so(manager: Any, untried: None) -> None:
    manager.get("/en/guide")
    token = manager.hidden("token")
    answer = manager.post("/en/guide/publish", token=token)
    assert (answer.status_code, "only invented" in answer.text) == (400, True)
    assert manager.post("/en/guide/publish", token=token, anyway="yes").status_code == 303


def test_a_pack_is_signed_numbered_and_offered_once(
    manager: Any, listed: Path, its_keys: Any, untried: None, tmp_path: Path
) -> None:
    manager.get("/en/guide")
    assert manager.post("/en/guide/publish", token=manager.hidden("token")).headers["Location"] == "/en/guide"
    said = manager.get("/en/guide").text
    assert "Published: number 1." in said
    assert "Receipts, for so many safe-points" in said
    assert "Published: number" not in manager.get("/en/guide").text
    with manager.get("/en/guide/pack/1") as got:
        (tmp_path / "got.pack").write_bytes(got.data)
    pack = packs_of_branch.verify(tmp_path / "got.pack", its_keys.card)
    assert (pack.header.edition, "beside/revocations" in pack.files) == (1, True)
    assert manager.get("/en/guide/pack/2").status_code == 404


def test_an_error_in_the_guide_stands_in_the_way_and_is_shown(manager: Any, listed: Path, untried: None) -> None:
    (listed / "directory" / "services.csv").write_text(SERVICES + "nameless,,active,food,,\n", "utf-8")
    manager.get("/en/guide")
    assert "the name is missing" in manager.page
    answer = manager.post("/en/guide/publish", token=manager.hidden("token"))
    assert (answer.status_code, "tick the box" in answer.text) == (400, True)
