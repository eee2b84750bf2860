"""A workbook of services goes out and comes back the same; a mistake is said by its cell, and then none is taken."""

import datetime
import io
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from fieldref import settings
from fieldref.folders import folder as shipped
from fieldref.guide import packages, spreadsheet, workbook
from fieldref.guide.directory import read
from fieldref.guide.headings import HEADINGS
from fieldref.guide.spreadsheet import WorkbookRefused, open_workbook
from fieldref.guide.tables import TABLES, read_files, read_tables

WORKBOOKS = int(os.environ.get("FIELDREF_WORKBOOKS", "150"))
SAMPLE = shipped("seed") / "directory"


def out(folder: Path) -> bytes:
    return workbook.written(read_tables(read_files(folder), []))


@pytest.fixture
def edited(two_kitchens: Path, tmp_path: Path) -> Callable[..., Path]:
    """Write the two kitchens as a workbook, put these values into cells as a person would, save it, and return it."""

    def make(cells: dict[str, Any], change: Callable[[Any], None] = lambda book: None) -> Path:
        book = load_workbook(io.BytesIO(out(two_kitchens)))
        for where, value in cells.items():
            table, cell = where.split("!")
            book[table][cell] = value
        change(book)
        path = tmp_path / "services.xlsx"
        book.save(path)
        return path

    return make


def mistakes_of(path: Path) -> dict[str, str]:
    with pytest.raises(WorkbookRefused) as refused:
        open_workbook(path)
    return {each.where: each.sentence for each in refused.value.mistakes}


def column(table: str, name: str) -> str:
    """The letter under which a column stands."""
    return "ABCDEFGHIJKLMNOPQRS"[[heading.name for heading in HEADINGS[table]].index(name)]


def test_every_table_of_the_sample_comes_back_as_it_went_out(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    path.write_bytes(out(SAMPLE))
    come, doubts = open_workbook(path)
    assert come.directory == read(SAMPLE)[0]
    assert doubts == ()
    assert read_tables(come.files, [])["texts"] == read_tables(read_files(SAMPLE), [])["texts"]


def test_what_a_spreadsheet_program_saved_is_the_same_directory(edited, two_kitchens: Path) -> None:
    assert open_workbook(edited({}))[0].directory == read(two_kitchens)[0]


def test_a_column_that_the_guide_has_no_place_for_is_kept(tables, tmp_path: Path) -> None:
    folder = tables(services="id,name,status,needs,colour\na,A,active,food,red")
    (tmp_path / "s.xlsx").write_bytes(out(folder))
    assert b"red" in open_workbook(tmp_path / "s.xlsx")[0].files["services"]


def test_every_table_has_its_sheet_and_codes_to_choose_from(two_kitchens: Path) -> None:
    book = load_workbook(io.BytesIO(out(two_kitchens)))
    assert set(TABLES) == set(HEADINGS)
    assert set(book.sheetnames) == {*TABLES, workbook.ABOUT, workbook.CODES}
    services = book["services"]
    assert services.freeze_panes == "B2"
    rules = {str(rule.sqref).split(":")[0]: rule for rule in services.data_validations.dataValidation}
    status, needs = rules[f"{column('services', 'status')}2"], rules[f"{column('services', 'needs')}2"]
    assert (status.showErrorMessage, needs.showErrorMessage) == (True, False)
    assert status.formula1.startswith("codes!")
    assert "Small letters" in services["A1"].comment.text


def test_every_cell_is_text_so_that_a_phone_number_stays_one(two_kitchens: Path) -> None:
    book = load_workbook(io.BytesIO(out(two_kitchens)))
    cell = book["phones"][f"{column('phones', 'number')}2"]
    assert (cell.value, cell.number_format, cell.data_type) == ("+44 1632 960200", "@", "s")
    arabic = next(row for row in book["texts"].iter_rows(min_row=2) if row[2].value == "ar")
    assert arabic[4].alignment.readingOrder == 2


HABITS = {
    "a number for an id": (f"phones!{column('phones', 'id')}2", 7, "7"),
    "a number with a point": (f"locations!{column('locations', 'latitude')}2", 36.5, "36.5"),
    "a date": (f"services!{column('services', 'assured_date')}2", datetime.datetime(2026, 11, 20), "2026-11-20"),
    "a truth": (f"services!{column('services', 'confidential')}3", False, "no"),
    "spaces around": (f"services!{column('services', 'name')}2", "\u00a0 Kitchen \n", "Kitchen"),
    "letters in two parts": (f"services!{column('services', 'name')}2", "Cafe\u0301", "Caf\u00e9"),
    "lines of Windows": (f"services!{column('services', 'description')}2", "One_x000D_\nTwo", "One\nTwo"),
}


@pytest.mark.parametrize(("where", "value", "read_as"), HABITS.values(), ids=HABITS)
def test_the_habits_of_spreadsheet_programs_are_undone(edited, where: str, value: Any, read_as: str) -> None:
    come, _ = open_workbook(edited({where: value}))
    table, cell = where.split("!")
    row = read_tables(come.files, [])[table][int(cell[1:]) - 2]
    assert row[HEADINGS[table]["ABCDEFGHIJKLMNOPQRS".index(cell[0])].name] == read_as


def test_empty_rows_between_and_below_are_passed_over(edited) -> None:
    def spread(book: Any) -> None:
        book["services"].insert_rows(3, 4)
        book["services"]["A900"] = "  "

    come, _ = open_workbook(edited({}, spread))
    assert len(come.directory.services) == 2


WRONG = {
    "no name": ("services", "name", "", "C2", "the name is missing"),
    "a code that is none": ("services", "needs", "food;bread", "F2", "“bread” is not known"),
    "a status that is none": ("services", "status", "open", "E2", "the status is “open”"),
    "a day that is none": ("services", "assured_date", "soon", "O2", "“soon” is no day"),
    "no such service": ("phones", "service_id", "nobody", "B2", "no service “nobody”"),
    "a formula": ("services", "name", '=HYPERLINK("http://evil.example")', "C2", "a formula is not taken"),
    "an error of the program": ("services", "name", "#REF!", "C2", "says #REF! here"),
    "a number as a telephone": ("phones", "number", 441632960200, "C2", "may have cut a + or 0 off"),
    "a place beyond the globe": ("locations", "latitude", "136.5", "D2", "no place on the globe"),
    "a language that is none": ("texts", "language", "xx", "B2", "no language “xx”"),
    "an id that is none": ("services", "id", "My Kitchen", "A2", "must be 1 to 64 small letters"),
}


@pytest.mark.parametrize(("table", "name", "value", "cell", "sentence"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_named_by_its_cell_and_nothing_is_taken(
    edited, table: str, name: str, value: Any, cell: str, sentence: str
) -> None:
    found = mistakes_of(edited({f"{table}!{column(table, name)}2": value}))
    assert sentence in found[f"{table}!{cell}"], found


def test_all_mistakes_are_named_at_once(edited) -> None:
    found = mistakes_of(edited({"services!F2": "bread", "services!A3": "kitchen", "phones!B2": "nobody"}))
    assert {"services!F2", "services!A3", "phones!B2"} <= set(found)


@pytest.mark.parametrize(
    ("change", "where", "sentence"),
    [
        (lambda book: book.remove(book["phones"]), "phones", "this sheet is missing"),
        (lambda book: book["services"].delete_rows(1), "services!A1", "first line must name the columns"),
        (lambda book: book["services"].__setitem__("C1", "id"), "services!A1", "each once"),
        (lambda book: book["services"].__setitem__("Z2", "lost"), "services!Z2", "no heading above"),
        (lambda book: book.create_sheet("mine").append(["notes"]), "mine", "no table of this name"),
    ],
    ids=["no sheet", "no headings", "a heading twice", "no heading above", "a sheet more"],
)
def test_a_workbook_of_another_shape_is_refused(edited, change, where: str, sentence: str) -> None:
    assert sentence in mistakes_of(edited({}, change))[where]


def test_an_empty_workbook_has_no_service(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    path.write_bytes(workbook.written({table: () for table in TABLES}))
    with pytest.raises(WorkbookRefused, match="no service in it"):
        open_workbook(path)


def test_a_doubt_is_said_and_does_not_stop_the_rest(edited) -> None:
    _, doubts = open_workbook(edited({"phones!C2": "ask at the gate"}))
    assert [each.where for each in doubts] == ["phones!C2"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"id,name\n", b"\xd0\xcf\x11\xe0" + b"\0" * 500], ids=range(4))
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s.xlsx").write_bytes(content)
    with pytest.raises(WorkbookRefused, match="no workbook"):
        open_workbook(tmp_path / "s.xlsx")


def repacked(source: Path, changed: dict[str, bytes]) -> Path:
    """The workbook with these parts instead of, or beside, its own."""
    with zipfile.ZipFile(source) as old:
        parts = {name: old.read(name) for name in old.namelist()} | changed
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return source


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "' + b"x" * 1000 + b'">]><sst>&b;&b;</sst>'
EVIL = {
    "a macro": ({"xl/vbaProject.bin": b"x"}, "macros"),
    "a link elsewhere": ({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "macros, links"),
    "something embedded": ({"xl/embeddings/oleObject1.bin": b"x"}, "macros, links"),
    "an entity": ({"xl/sharedStrings.xml": BOMB}, "no spreadsheet program writes"),
    "an entity in wide letters": ({"xl/sharedStrings.xml": BOMB.decode().encode("utf-16")}, "no spreadsheet program"),
    "no XML at all": ({"xl/workbook.xml": b"<<<"}, "cannot be read"),
    "a sheet that is none": ({"xl/worksheets/sheet2.xml": b"<worksheet"}, "cannot be read"),
    "too many parts": ({f"xl/{number}.xml": b"" for number in range(300)}, "larger than any"),
    "much of little": ({"xl/sharedStrings.xml": b" " * 41_000_000}, "larger than any"),
}


@pytest.mark.parametrize(("parts", "sentence"), EVIL.values(), ids=EVIL)
def test_a_hostile_workbook_is_refused_in_words(edited, parts: dict[str, bytes], sentence: str) -> None:
    with pytest.raises(WorkbookRefused, match=sentence):
        open_workbook(repacked(edited({}), parts))


def test_any_damage_is_a_refusal_or_a_directory(edited) -> None:
    """FIELDREF_WORKBOOKS says how many are damaged."""
    path, chance = edited({}), random.Random(4)  # noqa: S311
    whole = path.read_bytes()
    outcomes = {"taken": 0, "refused": 0}
    for _ in range(WORKBOOKS):
        content = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(content)
        try:
            open_workbook(path)
            outcomes["taken"] += 1
        except WorkbookRefused:
            outcomes["refused"] += 1
    assert outcomes["refused"] > WORKBOOKS // 2


def test_a_sheet_longer_than_any_is_refused(edited, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 1)
    with pytest.raises(WorkbookRefused, match="more than 1 rows"):
        open_workbook(edited({}))


def test_what_is_taken_replaces_the_directory(edited, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    settings.write(place, settings.Settings("Place"))
    come, _ = open_workbook(edited({"services!C2": "Other name"}))
    assert packages.take_in(come, place) == 0
    assert {each.name for each in read(place / "directory")[0].services} == {"Other name", "Night soup"}
