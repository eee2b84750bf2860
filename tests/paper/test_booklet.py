from dataclasses import replace
from datetime import datetime

from fieldref.guide.opened import Guide
from fieldref.paper.booklet import booklet_html, chosen
from fieldref.settings import Settings

NOW = datetime(2026, 11, 22, 12)


def test_the_booklet_begins_with_the_step_that_people_here_are_at(shipped_guide: Guide, miralo: Settings) -> None:
    pages = chosen(shipped_guide, miralo, "ar")
    assert pages[0].address == "journey/crossing-a-border"
    assert [page.section for page in pages[1:]] == ["risks"] * 3 + ["rights"] * 2
    assert all(page.critical for page in pages)


def test_where_no_step_is_said_it_begins_with_the_risks(shipped_guide: Guide, miralo: Settings) -> None:
    assert chosen(shipped_guide, replace(miralo, step="unsaid"), "en")[0].section == "risks"


def test_it_has_every_number_the_emergency_and_no_links(shipped_guide: Guide, miralo: Settings) -> None:
    html = booklet_html(shipped_guide, miralo, "en", NOW)
    numbers = [phone.number for each in shipped_guide.services("en").values() for phone in each.phones]
    assert all(number in html for number in (*numbers, "112"))
    assert "href" not in html
    assert "&lt;" not in html
    assert "SAMPLE" in html
