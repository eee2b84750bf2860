"""Text at 200 % (WCAG 1.4.4) on a small phone: nothing scrolls sideways and no word is cut off."""

from collections.abc import Iterator
from typing import Any

import pytest

OFFERED = ("en", "fr", "es", "ar", "fa", "bn")
PATHS = (
    "",
    "services/",
    "rights/asylum",
    "needs/shelter",
    "service/lighthouse-hostel-beds",
    "emergency",
    "keep/",
    "missing",
)
TWICE = "html { font-size: 36px !important }"  # 18 px is what a phone shows by itself
# The name in the band is shortened on purpose: it stands in full in the title, and leads home at any length.
CUT = """
  () => [...document.querySelectorAll("body *")].filter(e => {
    const style = getComputedStyle(e);
    return style.overflowX !== "visible" && e.scrollWidth > e.clientWidth && style.display !== "inline"
      && !e.closest("svg, .hide") && !e.matches(".band a:first-child span");
  }).map(e => e.outerHTML.slice(0, 120))
"""
WIDE = """
  width => [...document.querySelectorAll("body *")].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && (box.right > width + 1 || box.left < -1) && !e.closest("svg, .hide");
  }).map(e => e.outerHTML.slice(0, 120))
"""


@pytest.fixture(params=[320, 360])
def tired_eyes(request: Any, browser: Any) -> Iterator[Any]:
    """A phone of that width; its policy is passed by, so that a style can be added as a reader's setting would."""
    context = browser.new_context(bypass_csp=True, viewport={"width": request.param, "height": 640})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("code", OFFERED)
def test_text_twice_as_large_stays_on_the_screen_and_whole(tired_eyes: Any, public: str, code: str) -> None:
    width = tired_eyes.viewport_size["width"]
    wrong: list[object] = []
    for path in PATHS:
        tired_eyes.goto(f"{public}/{code}/{path}")
        tired_eyes.add_style_tag(content=TWICE)
        scrolled = tired_eyes.evaluate("document.documentElement.scrollWidth")
        beyond, cut = tired_eyes.evaluate(WIDE, width), tired_eyes.evaluate(CUT)
        if scrolled > width or beyond or cut:
            wrong.append((path, scrolled, beyond[-2:], cut))
    assert not wrong


def test_a_word_that_is_cut_would_be_noticed(tired_eyes: Any, public: str) -> None:
    tired_eyes.goto(f"{public}/en/rights/asylum")
    tired_eyes.add_style_tag(content=TWICE + " h1 span { overflow: hidden; max-width: 40px }")
    assert tired_eyes.evaluate(CUT)
