import csv
import io

import pytest

from fieldref.reports.sheets import csv_text, plain_text


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
