import re
from dataclasses import replace
from datetime import date

from fieldref.paper.slips import Slip, sheet, slip_html


def test_a_slip_says_its_language_and_direction(slip: Slip) -> None:
    assert '<article class="slip a6" lang="ar" dir="rtl">' in slip_html(slip)
    assert 'lang="bn" dir="ltr"' in slip_html(replace(slip, language="bn"))


def test_the_code_may_break_only_after_a_hyphen(slip: Slip) -> None:
    assert "<span>K7QM-</span><wbr><span>3XWF-</span><wbr><span>9T2R-C</span>" in slip_html(slip)


def test_the_qr_code_carries_the_code_and_no_more(slip: Slip) -> None:
    assert slip.qr_data == "K7QM3XWF9T2RC"
    assert 'aria-label="K7QM3XWF9T2RC"' in slip_html(slip)


def test_what_is_not_known_is_left_out() -> None:
    bare = Slip(
        code_printed="K7QM-3XWF-9T2R-C",
        language="en",
        place_name="Port Miralo",
        service_name="Lighthouse Hostel",
        valid_until=date(2026, 12, 6),
    )
    html = slip_html(bare)
    assert "<li>" not in html
    assert 'class="street"' not in html


def test_a_service_cannot_write_markup_on_a_slip(slip: Slip) -> None:
    assert "<script" not in sheet(replace(slip, service_name="<script>", bring="<script>", phone="<script>"))


def test_a_slip_on_a_staff_page_has_no_style_of_its_own(slip: Slip) -> None:
    """The staff door's policy forbids inline style and script."""
    assert not re.search(r"style=|<style|<script|\son\w+=", slip_html(slip))


def test_a_sheet_needs_no_other_file(slip: Slip) -> None:
    for paper in ("a6", "roll"):
        assert not re.search(r"https?:|src=|href=|url\(|@import", sheet(slip, paper=paper))
