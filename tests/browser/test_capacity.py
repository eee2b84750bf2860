"""Capacity, languages of the shift, nothing for this person, and the question heard: tapped in a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldref import settings, today
from fieldref.exchange import keys
from fieldref.guide.build import build
from fieldref.register import shift

WORDS, PIN = "nine quiet boats at dawn", "482915"
TONE = Path(__file__).parents[1] / "data" / "tone.mp3"
HOSTEL = "details:has(input[value=lighthouse-hostel-beds])"
Open = Callable[[str, Path], str]


@pytest.fixture(scope="module")
def river_post(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A safe-point with an open shift, where a speaker has recorded the question in Arabic."""
    folder = tmp_path_factory.mktemp("river-post")
    settings.write(folder, settings.Settings(name="River Post", latitude=36.5, longitude=15.0, step="border"))
    keys.make_device(folder, WORDS)
    (folder / "consent").mkdir()
    (folder / "consent" / "ar.mp3").write_bytes(TONE.read_bytes())
    build(folder)
    shift.open_shift(folder, WORDS, PIN)
    return folder


@pytest.fixture(scope="module")
def doors(open_door: Open, river_post: Path) -> tuple[str, str]:
    """The addresses of its public and its staff door."""
    return open_door("public", river_post), open_door("staff", river_post)


@pytest.fixture(params=["en", "ar"])
def volunteer(request: Any, page: Any, doors: tuple[str, str], river_post: Path) -> Iterator[tuple[Any, str]]:
    """A volunteer at the staff home, and the beginning of that door's addresses in the volunteer's language."""
    today.forget(river_post)
    base = f"{doors[1]}/{request.param}"
    page.goto(f"{base}/sign-in")
    page.fill("#pin", PIN)
    page.press("#pin", "Enter")
    page.wait_for_selector(".tongues")
    yield page, base


def asked(page: Any, base: str, need: str = "shelter") -> None:
    page.goto(f"{base}/")
    page.click("button[value=ar]")
    page.click(f"button[value={need}]")
    page.wait_for_selector("#where")


def test_two_taps_say_that_a_service_is_full_and_phones_read_it(volunteer, doors, browser, accessible) -> None:
    page, base = volunteer
    code = base.rsplit("/", 1)[1]
    visitor = browser.new_page(viewport={"width": 360, "height": 640})
    visitor.goto(f"{doors[0]}/{code}/service/lighthouse-hostel-beds")
    assert visitor.locator(".badge.stale").count() == 0
    page.goto(f"{base}/capacity")
    accessible(page)
    page.click(f"{HOSTEL} summary")
    accessible(page)
    page.click(f"{HOSTEL} button[value=full]")
    page.wait_for_selector("[role=status]")
    accessible(page)
    visitor.reload()
    assert visitor.locator(".badge.stale").count() == 1
    accessible(visitor)
    visitor.goto(f"{doors[0]}/{code}/needs/shelter")
    accessible(visitor)
    visitor.close()
    asked(page, base)
    assert page.locator("#where details label input[value=lighthouse-hostel-beds]").count() == 1


def test_the_languages_of_the_shift_are_ticked_with_the_keyboard_too(volunteer, doors, browser, accessible) -> None:
    page, base = volunteer
    page.goto(f"{base}/speaking")
    page.focus("input[value=fa]")
    page.keyboard.press("Space")
    page.click("label:has(input[value=ti])")
    accessible(page)
    page.click(".done button")
    page.wait_for_selector("[role=status]")
    accessible(page)
    visitor = browser.new_page(viewport={"width": 320, "height": 568})
    visitor.goto(f"{doors[0]}/{base.rsplit('/', 1)[1]}/")
    assert visitor.locator(".spoken [lang]").all_inner_texts() == ["فارسی", "ትግርኛ"]
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 320
    accessible(visitor)
    visitor.close()


def test_where_nothing_fits_one_tap_counts_it_and_one_takes_it_back(volunteer, accessible) -> None:
    page, base = volunteer
    asked(page, base, "natural")
    accessible(page)
    page.click("button[form=nothing][value=resources]")
    page.wait_for_selector("[role=status]")
    accessible(page)
    page.goto(f"{base}/tally")
    assert page.locator("#nothing ~ form button[value=natural] b").inner_text() == "1"
    page.click("form[action$='tally/undo'] button")
    page.wait_for_selector("[role=status]")
    assert page.locator("#nothing ~ form button[value=natural] b").count() == 0
    accessible(page)


def test_the_question_is_heard_in_the_persons_language(volunteer, accessible) -> None:
    """Fetched on the first tap and not before, and played to its end."""
    page, base = volunteer
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.url) if "consent" in request.url else None)
    asked(page, base)
    accessible(page)
    assert (page.locator(".say audio").count(), heard) == (1, [])
    length = page.evaluate(
        "new Promise((done, fail) => { const sound = document.querySelector('audio'); sound.muted = true;"
        " sound.onended = () => done(sound.duration); sound.onerror = () => fail(sound.error.message); sound.play() })"
    )
    assert 1.9 < length < 2.3
    assert set(heard) == {f"{base}/consent"}


VOICE = """
  window.heard = [];
  const speak = said => { heard.push([said.lang, said.text]); setTimeout(said.onend, 5) };
  const getVoices = () => [{lang: "fa-IR", localService: true}];
  Object.defineProperty(window, "speechSynthesis", {value: {getVoices, speak, cancel() {}}});
  window.SpeechSynthesisUtterance = function (text) { this.text = text };
"""


@pytest.mark.parametrize("volunteer", ["ar"], indirect=True)
def test_without_a_recording_the_phones_own_voice_reads_the_sentence_and_nothing_else(volunteer) -> None:
    page, base = volunteer
    page.add_init_script(VOICE)
    page.goto(f"{base}/")
    page.click("button[value=fa]")
    page.click("button[value=shelter]")
    page.click(".say button")
    page.wait_for_selector(".say button.line")
    assert page.evaluate("heard") == [["fa-IR", page.locator(".say p").first.inner_text()]]


def test_the_new_pages_fit_the_narrowest_screen(volunteer) -> None:
    page, base = volunteer
    page.set_viewport_size({"width": 320, "height": 568})
    asked(page, base, "natural")
    for path in ("capacity", "speaking", "tally", "refer"):
        page.goto(f"{base}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        heights = page.locator("main button, main summary, main label").evaluate_all(
            "all => all.map(each => each.getBoundingClientRect().height)"
        )
        assert min(heights) >= 48
