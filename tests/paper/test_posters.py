import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fieldref.guide import pages
from fieldref.guide.pages import Page
from fieldref.paper.posters import poster
from fieldref.refusal import Refusal
from fieldref.settings import Settings

TODAY = date(2026, 11, 22)


@pytest.fixture
def asylum(tmp_path: Path) -> Page:
    text = tmp_path / "rights" / "asylum" / "en.md"
    text.parent.mkdir(parents=True)
    text.write_text(
        "---\ntitle: Asking for asylum\norder: 10\nsource_rev: 1\nchecked: 2026-11-22\n"
        "sources:\n  - title: The Convention\n---\nYou may ask.\n"
    )
    (read,), errors = pages.read([tmp_path])
    assert not errors
    return read


def test_a_poster_first_joins_the_network_and_then_opens_the_page(safe_point: Settings) -> None:
    html = poster(safe_point, "en", printed=TODAY)
    assert html.index("Join this Wi-Fi") < html.index("SAFE-POINT FREE INFO</bdi>") < html.index("Open this page")
    assert "No password" in html


def test_a_password_is_printed(safe_point: Settings) -> None:
    html = poster(replace(safe_point, password="blue lamp 1234"), "en", printed=TODAY)
    assert ">blue lamp 1234</bdi>" in html
    assert "No password" not in html


def test_without_a_network_there_is_one_step(safe_point: Settings) -> None:
    html = poster(replace(safe_point, network=""), "en", printed=TODAY)
    assert "Join this Wi-Fi" not in html
    assert html.count('class="qr"') == 1
    assert 'class="number"' not in html


def test_a_title_the_language_lacks_is_marked_as_english(safe_point: Settings, asylum: Page) -> None:
    html = poster(safe_point, "ar", asylum, printed=TODAY)
    assert '<html lang="ar" dir="rtl">' in html
    assert '<h1 lang="en" dir="ltr">Asking for asylum</h1>' in html
    assert 'aria-label="HTTP://10.42.0.1/AR/RIGHTS/ASYLUM"' in html


def test_a_poster_says_where_and_when_it_was_printed(safe_point: Settings) -> None:
    html = poster(safe_point, "bn", printed=TODAY, guide_version="2026-11-20")
    for said in ("Safe-point, Port Miralo", "বাংলা", "Bengali", "2026-11-22", "2026-11-20"):
        assert said in html


def test_a_poster_needs_no_other_file(safe_point: Settings) -> None:
    html = poster(safe_point, "ar", printed=TODAY)
    assert not re.search(r"<script|<link|src=|href=|url\(|@import", html)
    assert set(re.findall(r"(?i)https?://[\w.]+", html)) == {"http://10.42.0.1", "HTTP://10.42.0.1"}


def test_a_poster_that_leads_nowhere_is_refused(safe_point: Settings) -> None:
    with pytest.raises(Refusal, match="address"):
        poster(replace(safe_point, address="localhost"), "en", printed=TODAY)
