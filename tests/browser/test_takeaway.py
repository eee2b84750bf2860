"""The taken-along guide in a real browser: from the phone's own files, with the network off."""

import re
from pathlib import Path
from typing import Any

import pytest

from fieldref.paper import takeaway as made

OFFERED = ("en", "fr", "es", "ar", "fa", "bn")
SCREENS = ("keep/", "keep/codes", "keep/booklet", "keep/card/risks/water-crossings")
A6 = (105, 148)


@pytest.fixture
def from_downloads(browser: Any, public: str, tmp_path: Path) -> Any:
    """Download the guide in a language; open it from the disk on a phone without any network."""

    def fetch(code: str, **settings: Any) -> Any:
        online = browser.new_context(accept_downloads=True)
        page = online.new_page()
        page.goto(f"{public}/{code}/keep/")
        with page.expect_download() as download:
            page.click("a[href$='guide.html']")
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        online.close()
        offline = browser.new_context(offline=True, viewport={"width": 360, "height": 640}, **settings)
        page = offline.new_page()
        page.goto(path.as_uri())
        return page

    return fetch


@pytest.mark.parametrize("code", OFFERED)
def test_every_link_inside_works_with_the_network_off(from_downloads: Any, code: str) -> None:
    page = from_downloads(code)
    assert page.url.endswith(f"/fieldref-port-miralo-{code}.html")
    links = page.evaluate("[...document.links].map(a => a.getAttribute('href'))")
    assert len([each for each in links if each.startswith("#")]) > 200
    assert {each[:4] for each in links if not each.startswith("#")} == {"tel:"}
    dead = "[...document.links].filter(a => a.hash && !document.getElementById(a.hash.slice(1))).map(a => a.hash)"
    assert page.evaluate(dead) == []
    page.click("nav a >> nth=3")
    assert re.search("#[0-9A-Za-z]{1,2}$", page.url)
    assert page.evaluate("document.querySelector(':target').getBoundingClientRect().top") < 320
    page.context.close()


@pytest.mark.parametrize("code", OFFERED)
def test_the_letters_are_read_and_nothing_scrolls_sideways(from_downloads: Any, code: str) -> None:
    page = from_downloads(code)
    page.set_viewport_size({"width": 320, "height": 568})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert "\ufffd" not in page.inner_text("body")
    assert "+44 1632 960274" in page.inner_text("body")
    page.context.close()


@pytest.mark.parametrize(("code", "scheme"), [("ar", "light"), ("bn", "dark")])
def test_axe_finds_nothing_in_the_file(from_downloads: Any, accessible: Any, code: str, scheme: str) -> None:
    page = from_downloads(code, color_scheme=scheme)
    accessible(page)
    page.context.close()


@pytest.mark.parametrize("code", OFFERED)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page: Any, public: str, accessible: Any, code: str) -> None:
    for path in SCREENS:
        page.set_viewport_size({"width": 320, "height": 568})
        page.goto(f"{public}/{code}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        accessible(page)


@pytest.mark.parametrize("code", OFFERED)
def test_what_is_tapped_is_big_enough_for_a_cold_finger(page: Any, public: str, code: str) -> None:
    for path in SCREENS:
        page.goto(f"{public}/{code}/{path}")
        heights = page.evaluate(
            "[...document.querySelectorAll('a')].filter(e => !e.matches('.skip, p a, li a:not(.rows a)'))"
            ".map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])"
        )
        assert not [what for what, height in heights if height < 48]


@pytest.mark.parametrize("code", OFFERED)
def test_cards_and_the_booklet_are_printed_on_a6(page: Any, public: str, code: str) -> None:
    """The wordiest cards too are one sheet each."""
    for card in ("risks/water-crossings", "risks/heat-and-cold", "rights/police", "risks/violence-against-women"):
        page.goto(f"{public}/{code}/keep/card/{card}")
        assert sheets(page) == [A6], card
    page.goto(f"{public}/{code}/keep/booklet")
    booklet = sheets(page)
    assert set(booklet) == {A6}
    assert len(booklet) <= 28


def test_the_file_on_the_disk_is_the_one_that_is_measured(from_downloads: Any, tmp_path: Path) -> None:
    from_downloads("bn").context.close()
    (file,) = tmp_path.glob("*.html")
    assert file.stat().st_size <= made.LIMIT


def sheets(page: Any) -> list[tuple[int, int]]:
    """The sheets a printer would use, each in millimetres."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    return [(round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) for width, height in boxes]
