import csv
import io

import pytest
from openpyxl import load_workbook

from fieldref.reports.sheets import csv_text, plain_text, workbook


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_a_formula(start):
    [[cell]] = csv.reader(io.StringIO(csv_text([[start]]).decode("utf-8-sig"), newline=""))
    assert cell == f"'{start}"


def test_a_spreadsheet_sees_the_encoding_and_the_commas():
    content = csv_text([["ع", "a,b"], ["<5", ">= 9"]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [["ع", "a,b"], ["<5", ">= 9"]]


def test_numbers_stand_in_columns():
    assert plain_text([["Need", "Camp"], ["Water", "7"]]).splitlines() == ["Need   Camp", "Water     7"]


def opened(made):
    return load_workbook(io.BytesIO(made))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "https://evil.example", "mailto:a@b.example", "<5"])
def test_a_workbook_holds_no_formula_and_no_link(cell):
    sheet = opened(workbook([["Need", "Total"], [cell, "7"]], "Needs")).active
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].hyperlink) == (cell, "s", None)
    assert (sheet["B2"].value, sheet["B2"].data_type) == (7, "n")


def test_a_workbook_says_first_how_it_is_to_be_read():
    sheet = opened(workbook([["Need"], ["Food"]], "a/b:c*" * 20, ["October", "at least"], right_to_left=True)).active
    assert [sheet["A1"].value, sheet["A2"].value, sheet["A4"].value, sheet["A5"].value] == [
        "October", "at least", "Need", "Food"
    ]  # fmt: skip
    assert sheet.sheet_view.rightToLeft
