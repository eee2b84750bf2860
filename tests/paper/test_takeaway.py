"""The guide in one file: whole, small, alone, and true when it is read next month."""

import html as markup
import re
import time
from dataclasses import replace
from datetime import date, datetime

import pytest

from fieldref.guide.opened import Guide
from fieldref.paper import takeaway as made
from fieldref.paper.lasting import by_weekday, lasting
from fieldref.settings import Settings

NOW = datetime(2026, 11, 22, 12)
OFFERED = ["en", "fr", "es", "ar", "fa", "bn"]
OUTSIDE = re.compile(r"""(?i)https?:|src=|url\(|@import|<link|<script|href=(?!["']?(?:\#|tel:))""")


def read(guide: Guide, place: Settings, code: str) -> str:
    content = made.takeaway(guide, place, code, NOW)
    return markup.unescape(content.decode("utf-16" if content.startswith(b"\xff\xfe") else "utf-8"))


@pytest.mark.parametrize("code", OFFERED)
def test_it_is_small_and_asks_for_nothing_outside(shipped_guide: Guide, miralo: Settings, code: str) -> None:
    assert len(made.takeaway(shipped_guide, miralo, code, NOW)) <= 250_000
    assert not (found := OUTSIDE.search(read(shipped_guide, miralo, code))), found


@pytest.mark.parametrize("code", OFFERED)
def test_every_link_inside_leads_somewhere_and_no_name_is_given_twice(
    shipped_guide: Guide, miralo: Settings, code: str
) -> None:
    html = read(shipped_guide, miralo, code)
    names = re.findall(r" id=([a-z0-9]+)", html)
    assert len(names) == len(set(names))
    assert set(re.findall(r"href=#([^ >]*)", html)) <= set(names)


@pytest.mark.parametrize("code", OFFERED)
def test_every_page_is_in_it_or_is_named_as_missing(shipped_guide: Guide, miralo: Settings, code: str) -> None:
    html = read(shipped_guide, miralo, code)
    missing = [page for page in shipped_guide.pages(code) if f"{page.title}</h3>" not in html]
    assert all(page.title in html for page in missing)
    assert not any(page.critical for page in missing)
    assert not missing or code == "bn"


def test_a_guide_that_is_too_big_loses_whole_pages_the_critical_ones_last(
    shipped_guide: Guide, miralo: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made, "LIMIT", 100_000)
    html = read(shipped_guide, miralo, "en")
    assert len(html.encode()) <= 100_000
    assert "Not in this file" in html
    assert "Staying alive on the water</h3>" in html
    assert f"{shipped_guide.page('en', 'risks', 'rumours').title}</h3>" not in html


@pytest.mark.parametrize("code", OFFERED)
def test_it_is_made_in_less_than_a_second(shipped_guide: Guide, miralo: Settings, code: str) -> None:
    started = time.process_time()
    made.takeaway(shipped_guide, miralo, code, NOW)
    assert time.process_time() - started < 1


def test_it_never_says_what_is_true_only_now(shipped_guide: Guide, miralo: Settings) -> None:
    html = read(shipped_guide, miralo, "en")
    services = " ".join(re.findall("<article.*?</article>", html, re.DOTALL))
    assert not re.search("(?i)open now|closes soon|closed now|today|tomorrow", services)
    assert "Every day 08:00–20:00" in html
    assert "the week from 22 November 2026" in html
    assert "Checked on 20 November 2026, by a visit" in html


def test_a_secret_shelter_has_a_phone_and_no_place(shipped_guide: Guide, miralo: Settings) -> None:
    html = read(shipped_guide, miralo, "en")
    article = next(
        each for each in re.findall("<article.*?</article>", html, re.DOTALL) if "Safe house for women" in each
    )
    assert "tel:+441632960274" in article
    assert not re.search("on foot|Street|Road|Here, at", article)


def test_what_has_ended_is_left_out(shipped_guide: Guide, miralo: Settings) -> None:
    later = lasting(shipped_guide, miralo, "en", datetime(2027, 7, 1))
    assert "open-school-language" in {each.service.id for each in lasting(shipped_guide, miralo, "en", NOW)}
    assert "open-school-language" not in {each.service.id for each in later}


def test_days_of_the_same_hours_are_said_once() -> None:
    days = by_weekday("Mo-Fr 08:00-20:00; Sa 09:00-12:00", date(2026, 11, 22), "en")
    assert [each.days for each in days] == ["Monday–Friday", "Saturday", "Sunday"]
    assert [len(each.spans) for each in days] == [1, 1, 0]
    assert [each.days for each in by_weekday("24/7", date(2026, 11, 22), "ar")] == [""]
    assert by_weekday("whenever", date(2026, 11, 22), "en") == ()


def test_made_up_places_and_machines_translations_are_called_so(shipped_guide: Guide, miralo: Settings) -> None:
    assert ">SAMPLE<" in read(shipped_guide, miralo, "ar")
    assert "هذه ترجمة آلية" in read(shipped_guide, miralo, "ar")


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("Port Miralo", "fieldref-port-miralo-ar.html"),
        ("Évian / Gare: nº 1", "fieldref-evian-gare-no-1-ar.html"),
        ("النقطة الآمنة", "fieldref-ar.html"),
        ('"; x=../..', "fieldref-x-ar.html"),
    ],
)
def test_its_name_can_be_stored_by_every_phone(miralo: Settings, name: str, stored: str) -> None:
    assert made.file_name(replace(miralo, name=name), "ar", "html") == stored


def test_letters_of_three_bytes_are_stored_in_two() -> None:
    assert made.encoded("আমি").decode("utf-16") == "আমি"
    assert made.encoded("سلام <p>").decode("utf-8") == "سلام <p>"
