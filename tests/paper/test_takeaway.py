"""The guide in one file: whole, small, alone, and true when it is read next month."""

import html as markup
import re
import time
import unicodedata
from dataclasses import replace
from datetime import date, datetime

import pytest

from fieldref.guide.opened import Guide
from fieldref.languages import language
from fieldref.paper import takeaway as made
from fieldref.paper.lasting import by_weekday, lasting
from fieldref.settings import Settings

NOW = datetime(2026, 11, 22, 12)
OFFERED = ["en", "fr", "es", "ar", "fa", "bn"]
OUTSIDE = re.compile(r"""(?i)https?:|src=|url\(|@import|<link|<script|href=(?!["']?(?:\#|tel:))""")


def read(guide: Guide, place: Settings, code: str) -> str:
    content = made.takeaway(guide, place, code, NOW)
    html = markup.unescape(content.decode("utf-16" if content.startswith(b"\xff\xfe") else "utf-8"))
    return unicodedata.normalize("NFC", html)


def services(html: str) -> list[str]:
    """Each service in the file, from its heading to the next one."""
    return re.findall(r"<h4 id=.*?(?=<h[234]|</section>)", html, re.DOTALL)


@pytest.mark.parametrize("code", OFFERED)
def test_it_is_small_and_asks_for_nothing_outside(shipped_guide: Guide, miralo: Settings, code: str) -> None:
    assert len(made.takeaway(shipped_guide, miralo, code, NOW)) <= 250_000
    assert not (found := OUTSIDE.search(read(shipped_guide, miralo, code))), found


@pytest.mark.parametrize("code", OFFERED)
def test_every_link_inside_leads_somewhere_and_no_name_is_given_twice(
    shipped_guide: Guide, miralo: Settings, code: str
) -> None:
    html = read(shipped_guide, miralo, code)
    names = re.findall(r" id=([a-zA-Z0-9]+)", html)
    assert len(names) == len(set(names))
    assert set(re.findall(r"href=#([^ >]*)", html)) <= set(names)


@pytest.mark.parametrize("code", OFFERED)
def test_every_page_and_every_service_is_in_it(shipped_guide: Guide, miralo: Settings, code: str) -> None:
    html = read(shipped_guide, miralo, code)
    assert [page.address for page in shipped_guide.pages(code) if f"{page.title}</h3>" not in html] == []
    assert len(services(html)) == len(lasting(shipped_guide, miralo, code, NOW))


@pytest.mark.parametrize("code", OFFERED)
def test_what_makes_it_small_takes_no_word(shipped_guide: Guide, miralo: Settings, code: str) -> None:
    whole = made.shown(shipped_guide, miralo, code, NOW)
    small = made.lean(whole, language(code).direction)
    assert len(small) < len(whole)
    assert spoken(small) == spoken(whole)


def test_where_it_would_be_too_big_a_way_is_told_once_and_led_to(
    shipped_guide: Guide, miralo: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read(shipped_guide, miralo, "en")
    monkeypatch.setattr(made, "LIMIT", len(whole.encode()) - 1)
    html = read(shipped_guide, miralo, "en")
    assert whole.count("Port Clinic, Park Street 2") == 5
    assert html.count("Port Clinic, Park Street 2") == 1
    (told,) = (each for each in services(html) if "Park Street 2" in each)
    name = re.search("id=([a-zA-Z0-9]+)", told)
    assert name and html.count(f"<a href=#{name[1]}>Port Clinic</a>") == 4
    assert "Not in this file" not in html


def spoken(html: str) -> list[str]:
    """The words of *html*, as a browser would break it into them."""
    ends = re.sub(r"</?(?:p|li|ul|ol|h\d|div|section|nav|a|main|header|title)\b[^>]*>", " ", html)
    return unicodedata.normalize("NFC", markup.unescape(re.sub("<[^>]*>", "", ends))).split()


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
    assert not re.search("(?i)open now|closes soon|closed now|today|tomorrow", " ".join(services(html)))
    assert "Every day 08:00–20:00" in html
    assert "the week from 22 November 2026" in html
    assert "Checked on 20 November 2026, by a visit" in html


def test_a_secret_shelter_has_a_phone_and_no_place(shipped_guide: Guide, miralo: Settings) -> None:
    html = read(shipped_guide, miralo, "en")
    shelter = next(each for each in services(html) if "Safe house for women</h4>" in each)
    assert "tel:+441632960274" in shelter
    assert not re.search("on foot|Street|Road|Here, at", shelter)


def test_the_next_safe_points_are_in_it(shipped_guide: Guide, miralo: Settings) -> None:
    html = read(shipped_guide, miralo, "en")
    listed = html[html.index("Next safe-points</h2>") :]
    assert listed.index("Salt Bay") < listed.index("Oldbridge") < listed.index("Pine Pass")
    assert "44 km, north-east" in listed
    assert "tel:+441632960501" in listed


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
