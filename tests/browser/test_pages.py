"""Every page in every language, in a real browser on a small phone."""

from typing import Any

import pytest

from fieldref.folders import folder
from fieldref.languages import BY_CODE
from fieldref.vocabulary import SECTIONS

OFFERED = ("en", "fr", "es", "ar", "fa", "bn")
PAGES = sorted(
    path.parent.relative_to(folder("seed") / "pages").as_posix() for path in folder("seed").glob("pages/*/*/en.md")
)
SCREENS = [
    "",
    *(f"{section.code}/" for section in SECTIONS),
    "needs/shelter",
    "needs/family",
    "needs/natural",
    "service/lighthouse-hostel-beds",
    "service/womens-safe-house",
    "service/hill-guest-house-rooms",
    "emergency",
    "search?q=a",
    "search?q=zzzzzz",
    "near/",
    "for/",
    "for/women",
    "keep/",
    "keep/codes",
    "missing",
    "stay",
    "languages/rights/asylum",
    "no-such-page",
]
NARROWEST = {"width": 320, "height": 568}


@pytest.mark.parametrize("code", OFFERED)
def test_axe_finds_nothing_on_any_page(page: Any, public: str, accessible: Any, code: str) -> None:
    for path in (*SCREENS, *PAGES):
        page.goto(f"{public}/{code}/{path}")
        accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_first_page(page: Any, public: str, accessible: Any, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(public)
    accessible(page)


@pytest.mark.parametrize("code", ["en", "ar", "bn"])
def test_axe_finds_nothing_in_the_dark(page: Any, public: str, accessible: Any, code: str) -> None:
    page.emulate_media(color_scheme="dark")
    for path in (*SCREENS, "rights/asylum"):
        page.goto(f"{public}/{code}/{path}")
        accessible(page)


@pytest.mark.parametrize("code", OFFERED)
def test_nothing_scrolls_sideways_on_the_narrowest_phone(page: Any, public: str, code: str) -> None:
    page.set_viewport_size(NARROWEST)
    for path in (*SCREENS, *PAGES):
        page.goto(f"{public}/{code}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"], path


def test_everything_can_be_reached_without_scripts(browser: Any, public: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="ar", viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(public)
    page.click("a.own")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.click("a.big.rights")
    page.click(".rows a >> nth=0")
    page.click("header a >> nth=2")
    page.click("a[hreflang=en]")
    assert page.url.endswith("/en/rights/asylum")
    context.close()


@pytest.mark.parametrize("code", OFFERED)
def test_what_is_tapped_is_big_enough_for_a_cold_finger(page: Any, public: str, code: str) -> None:
    """48 CSS pixels high, for all but links inside a sentence."""
    for path in ("", "services/", "needs/shelter", "rights/asylum"):
        page.goto(f"{public}/{code}/{path}")
        heights = page.evaluate(
            "[...document.querySelectorAll('a, button, input')].filter(e => !e.closest('.text, .skip, .notice, h2, h3')"
            " && !e.matches('.skip')).map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])"
        )
        assert not [what for what, height in heights if height < 48]


@pytest.mark.parametrize("code", OFFERED)
def test_the_language_of_the_page_is_said(page: Any, public: str, code: str) -> None:
    page.goto(f"{public}/{code}/")
    html = page.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == (BY_CODE[code].tag, BY_CODE[code].direction)


def test_nothing_is_asked_of_any_other_address(page: Any, public: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/en/", "/ar/rights/asylum", "/en/needs/shelter"):
        page.goto(f"{public}{path}")
    assert asked
    assert not [url for url in asked if not url.startswith(public)]
    assert page.context.cookies() == []
