"""A page read aloud in a real browser: by the phone's own voice where it has one, and from a recording."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldref import settings
from fieldref.guide.build import build

TONE = Path(__file__).parents[1] / "data" / "tone.mp3"
# A phone whose voices are VOICES (some know them only LATER, when window.wake() is called) and whose engine FAILS or
# not; what it says is in window.heard: one paragraph, and the next when window.go() is called.
PHONE = """
  window.heard = []; window.stopped = 0;
  let saying = null, voices = LATER ? [] : VOICES;
  const synth = {
    onvoiceschanged: null,
    getVoices: () => voices,
    speak: said => { heard.push(said.text); saying = said; if (FAILS) setTimeout(() => said.onerror({}), 20) },
    cancel: () => { stopped++; const said = saying; saying = null; if (said) setTimeout(() => said.onerror({}), 20) },
  };
  window.go = () => { const said = saying; saying = null; said.onend({}) };
  Object.defineProperty(window, "speechSynthesis", {value: synth});
  window.SpeechSynthesisUtterance = function (text) { this.text = text };
  window.wake = () => { voices = VOICES; synth.onvoiceschanged() };
"""
BUTTON = "main button.act:has(+ #listen)"
Voiced = Callable[..., Any]


@pytest.fixture
def with_voice(page: Any, public: str) -> Voiced:
    """Open a text on a phone that has these voices."""

    def opened(code: str, *langs: str, local: bool = True, later: bool = False, fails: bool = False) -> Any:
        voices = [{"lang": lang, "localService": local} for lang in langs]
        script = PHONE.replace("VOICES", str(voices).replace("True", "true").replace("False", "false"))
        page.add_init_script(script.replace("LATER", str(later).lower()).replace("FAILS", str(fails).lower()))
        page.goto(f"{public}/{code}/rights/asylum")
        return page

    return opened


@pytest.mark.parametrize(
    ("code", "lang"),
    [("en", "en-US"), ("ar", "ar_EG"), ("fa", "fa"), ("bn", "bn-BD"), ("fr", "FR-ca"), ("es", "es-419")],
)
def test_a_voice_for_the_page_reads_it_and_a_second_tap_stops_it(with_voice: Voiced, code: str, lang: str) -> None:
    page = with_voice(code, "de-DE", lang)
    button = page.locator(BUTTON)
    calm = button.inner_text()
    button.click()
    assert page.evaluate("heard") == [page.locator("h1").inner_text()]
    assert button.get_attribute("class") == "act"
    page.evaluate("go()")
    assert page.evaluate("heard")[1] == page.locator(".text > p").first.text_content()
    button.click()
    page.wait_for_timeout(60)
    assert (len(page.evaluate("heard")), button.inner_text()) == (2, calm)


def test_the_whole_page_is_read_once_and_then_the_button_is_as_before(with_voice: Voiced) -> None:
    page = with_voice("en", "en-GB")
    button = page.locator(BUTTON)
    button.click()
    while page.locator(f"{BUTTON}:not(.line)").count():
        page.evaluate("go()")
    heard = "".join(page.evaluate("heard"))
    shown = page.locator("h1").inner_text() + page.evaluate(
        "[...document.querySelector('.text').children].filter(e => !e.matches('button, script'))"
        ".map(e => e.textContent).join('')"
    )
    assert "".join(heard.split()) == "".join(shown.split())
    button.click()
    assert page.evaluate("heard.length - heard.lastIndexOf(heard[0])") == 1


def test_stopped_and_started_again_it_begins_at_the_title(with_voice: Voiced) -> None:
    page = with_voice("en", "en-GB")
    for _ in range(3):  # quicker than the engine says that it has stopped
        page.evaluate(f"document.querySelector('{BUTTON}').click()")
    page.wait_for_timeout(60)
    assert page.evaluate("heard") == [page.locator("h1").inner_text()] * 2
    assert page.locator(f"{BUTTON}:not(.line)").count() == 1


def test_voices_that_a_phone_knows_only_later_count_too(with_voice: Voiced) -> None:
    page = with_voice("ar", "ar-SA", later=True)
    assert page.locator(BUTTON).count() == 0
    page.evaluate("wake(), wake()")
    assert page.locator(BUTTON).count() == 1


@pytest.mark.parametrize("langs", [(), ("de-DE",), ("eng-x",), ("fa-IR", "arn")])
def test_without_a_voice_for_the_page_there_is_no_button(with_voice: Voiced, langs: tuple[str, ...]) -> None:
    assert with_voice("ar", *langs).locator(BUTTON).count() == 0


def test_a_voice_that_needs_the_internet_is_none(with_voice: Voiced) -> None:
    assert with_voice("en", "en-US", local=False).locator(BUTTON).count() == 0


def test_a_button_that_turns_out_dead_goes(with_voice: Voiced) -> None:
    page = with_voice("en", "en-US", fails=True)
    page.locator(BUTTON).click()
    page.wait_for_selector(BUTTON, state="detached")


def test_leaving_the_page_ends_the_reading(with_voice: Voiced, public: str) -> None:
    page = with_voice("en", "en-US")
    page.locator(BUTTON).click()
    before = page.evaluate("stopped")
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    page.wait_for_timeout(60)
    assert page.evaluate("stopped") == before + 1
    assert page.locator(f"{BUTTON}.line").count() == 1  # for whoever comes back to it


@pytest.mark.parametrize("code", ["en", "ar"])
def test_the_button_is_big_and_axe_finds_nothing(with_voice: Voiced, accessible: Any, code: str) -> None:
    page = with_voice(code, code)
    assert page.locator(BUTTON).bounding_box()["height"] >= 48
    accessible(page)
    page.locator(BUTTON).click()
    accessible(page)


def test_without_scripts_there_is_no_button(browser: Any, public: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{public}/en/rights/asylum")
    assert page.locator(".text button").count() == 0
    context.close()


@pytest.fixture(scope="module")
def recorded(open_door: Callable[[str, Path], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a public door with one page that somebody recorded in Arabic."""
    folder = tmp_path_factory.mktemp("recorded")
    settings.write(folder, settings.Settings(name="Recorded", languages=("en", "ar")))
    (folder / "pages" / "rights" / "asylum").mkdir(parents=True)
    (folder / "pages" / "rights" / "asylum" / "ar.mp3").write_bytes(TONE.read_bytes())
    build(folder)
    return open_door("public", folder)


def test_a_recording_is_fetched_on_the_first_tap_and_plays_to_its_end(page: Any, recorded: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{recorded}/ar/rights/asylum")
    assert not [url for url in asked if "/listen" in url]
    length = page.evaluate(
        "new Promise((done, fail) => { const sound = document.querySelector('audio'); sound.muted = true;"
        " sound.onended = () => done(sound.duration); sound.onerror = () => fail(sound.error.message); sound.play() })"
    )
    assert 1.9 < length < 2.3
    assert [url for url in asked if "/ar/listen/rights/asylum?v=" in url]


@pytest.mark.parametrize("width", [320, 360])
def test_a_player_fits_the_phone_and_axe_finds_nothing(page: Any, recorded: str, accessible: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(f"{recorded}/ar/rights/asylum")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("a[download]").bounding_box()["height"] >= 48
    accessible(page)


def test_a_recording_can_be_kept(page: Any, recorded: str) -> None:
    page.goto(f"{recorded}/ar/rights/asylum")
    with page.expect_download() as coming:
        page.click("a[download]")
    assert coming.value.suggested_filename == "asylum-ar.mp3"
    assert Path(coming.value.path()).read_bytes() == TONE.read_bytes()
