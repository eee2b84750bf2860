import pytest

from fieldref.register.codes import printed
from fieldref.register.importing import LARGEST, Imported, ImportRefused, import_referrals
from fieldref.register.records import Referral, append
from fieldref.register.schema import open_register
from fieldref.register.shift import NoShift


@pytest.fixture
def sheet(tmp_path):
    """Write a CSV file of these lines and return its path."""

    def write(*lines, encoding="utf-8"):
        path = tmp_path / "sheet.csv"
        path.write_text("\n".join(lines) + "\n", encoding)
        return path

    return write


def referrals(db):
    return list(db["referral"].rows)


def tallies(db):
    return [{name: value for name, value in row.items() if name != "id"} for row in db["tally"].rows]


def refusal(db, path):
    with pytest.raises(ImportRefused) as refused:
        import_referrals(db, path)
    assert referrals(db) == tallies(db) == []
    return str(refused.value)


def test_missing_columns_and_empty_cells_are_unsaid_and_codes_are_made(open_shift, sheet):
    lines = ("day,need,step,consent", "2026-11-22,food,,yes", "2026-11-22,wash,camp,yes")
    assert import_referrals(open_shift, sheet(*lines)) == Imported(2, 0)
    first, second = sorted(referrals(open_shift), key=lambda row: row["need"])
    assert (first["step"], first["sex"], second["step"]) == ("unsaid", "unsaid", "camp")
    assert first["code"] != second["code"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_excels_semicolons_and_byte_order_mark_are_understood(open_shift, sheet, encoding):
    assert import_referrals(open_shift, sheet("day;need", "2026-11-22;food", ";", encoding=encoding)) == Imported(0, 1)


@pytest.mark.parametrize("consent", ["no", "", "unsaid"])
def test_without_a_yes_nothing_is_kept_but_the_day_the_step_and_the_need(open_shift, sheet, consent):
    row = f"2026-11-22,food,camp,female,12-17,fa,{Referral().code},{consent}"
    lines = ("day,need,step,sex,age_band,language,code,consent", row)
    assert import_referrals(open_shift, sheet(*lines)) == Imported(0, 1)
    assert referrals(open_shift) == []
    assert tallies(open_shift) == [{"day": "2026-11-22", "step": "camp", "need": "food", "people": 1}]


def test_a_file_without_a_column_for_consent_is_only_counted(open_shift, sheet):
    assert import_referrals(open_shift, sheet("day,need", "2026-11-22,food", "2026-11-22,food")) == Imported(0, 2)


def test_a_referral_that_was_imported_has_a_yes(open_shift, sheet):
    lines = ("day,need,consent", "2026-11-22,food,yes", "2026-11-22,wash,no")
    assert import_referrals(open_shift, sheet(*lines)) == Imported(1, 1)
    assert [row["consent"] for row in referrals(open_shift)] == ["yes"]


def test_a_code_may_be_written_as_printed(open_shift, sheet):
    code = Referral().code
    import_referrals(open_shift, sheet("code,day,need,consent", f"{printed(code).lower()},2026-11-22,food,yes"))
    assert referrals(open_shift)[0]["code"] == code


def test_every_bad_cell_is_named_with_its_line_and_what_may_stand_there(open_shift, sheet):
    said = refusal(open_shift, sheet("day,need,sex", "2026-11-22,food,x", "2026-11-22,food,", "22.11.2026,,male"))
    assert 'line 2: sex is "x"; it must be one of: female, male, other, unsaid' in said
    assert 'line 4: day is "22.11.2026"; it must be a day like 2026-11-22' in said
    assert 'line 4: need is ""' in said
    assert "line 3" not in said


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["day,need,name", "2026-11-22,food,Amina"], 'there is no column "name"'),
        (["day,step", "2026-11-22,camp"], "the column need is missing"),
        (["day,need,need", "2026-11-22,food,food"], "there twice"),
        (["day,need", "2026-11-22,food,wash"], "more cells than columns"),
        (["day,need", '2026-11-22,"food'], "not CSV"),
        (["day,need,consent", "2026-11-22,food,maybe"], 'consent is "maybe"'),
        (["day,need,consent,sex", "2026-11-22,food,no,Amina"], 'sex is "Amina"'),
        ([""], "the column day is missing"),
    ],
)
def test_what_cannot_be_imported_is_refused_whole(open_shift, sheet, lines, said):
    assert said in refusal(open_shift, sheet(*lines))


def test_the_same_code_twice_is_refused(open_shift, sheet):
    code = Referral().code
    lines = ("code,day,need,consent", f"{code},2026-11-22,food,yes", f"{code.lower()},2026-11-22,food,yes")
    assert "line 3: the code is the same as in line 2" in refusal(open_shift, sheet(*lines))


def test_a_code_that_is_in_the_register_is_refused(open_shift, sheet):
    there = Referral()
    append(open_shift, there)
    with pytest.raises(ImportRefused, match="line 2: a referral with this code is in the register"):
        import_referrals(open_shift, sheet("code,day,need,consent", f"{there.code},2026-11-22,food,yes"))


def test_other_encodings_and_huge_files_are_refused(open_shift, sheet, tmp_path):
    assert "UTF-8" in refusal(open_shift, sheet("day,need", "2026-11-22,café", encoding="latin-1"))
    huge = tmp_path / "huge.csv"
    huge.write_bytes(b"x" * (LARGEST + 1))
    assert "larger than" in refusal(open_shift, huge)


def test_an_import_needs_an_open_shift(safe_point, sheet):
    db = open_register(safe_point)
    with pytest.raises(NoShift):
        import_referrals(db, sheet("day,need", "2026-11-22,food"))
    db.close()
