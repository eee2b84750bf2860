"""A slip held before the camera, in a real browser: the camera is a film that the test makes of a printed slip."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fieldref.paper.slips import Slip, sheet
from fieldref.register.codes import new_code, printed

WIDE, HIGH, PICTURES = 640, 480, 10
Film = Callable[[str], Path]


@pytest.fixture
def film(page: Any, tmp_path: Path) -> Film:
    """Film a slip as a camera above a table sees it, a little turned; an empty code is an empty table."""

    def shoot(code: str) -> Path:
        table = Image.new("L", (WIDE, HIGH), 150)
        if code:
            slip = Slip(code_printed=printed(code), language="ar", place_name="Border Post",
                        service_name="Lighthouse Hostel", valid_until=date(2026, 12, 6))  # fmt: skip
            page.set_viewport_size({"width": 397, "height": 560})
            page.set_content(sheet(slip))
            seen = Image.open(io.BytesIO(page.screenshot())).convert("L").rotate(7, expand=True, fillcolor=150)
            table.paste(seen, ((WIDE - seen.width) // 2, HIGH - seen.height))
        file = tmp_path / "film.y4m"
        grey = b"FRAME\n" + table.tobytes() + b"\x80" * (WIDE * HIGH // 2)
        file.write_bytes(b"YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n" % (WIDE, HIGH) + grey * PICTURES)
        return file

    return shoot


@pytest.fixture
def before_a_camera(
    browser_type: Any, browser_type_launch_args: dict[str, Any], staff: str
) -> Iterator[Callable[..., Any]]:
    """The page that asks for a code, signed in, in a browser whose camera sees *film*; None: it has no camera."""
    running = []

    def opened(film: Path | None, language: str = "en") -> Any:
        flags = [*browser_type_launch_args["args"], "--use-fake-ui-for-media-stream"]
        if film:
            flags += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
        running.append(browser_type.launch(**browser_type_launch_args | {"args": flags}))
        page = running[-1].new_page(viewport={"width": 360, "height": 640})
        page.goto(f"{staff}/{language}/sign-in")
        page.fill("#pin", "482915")
        page.press("#pin", "Enter")
        page.wait_for_selector(".tongues")
        page.goto(f"{staff}/{language}/outcome")
        return page

    yield opened
    for each in running:
        each.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_slip_before_the_camera_leads_to_what_came_of_it(
    film: Film, before_a_camera: Any, language: str, accessible: Any
) -> None:
    code = new_code()
    page = before_a_camera(film(code), language)
    accessible(page)
    page.click("#scan button")
    page.wait_for_selector("#outcome", timeout=20_000)
    assert printed(code) in page.locator("main").inner_text()
    assert code not in page.url


def test_an_empty_table_is_looked_at_until_the_camera_is_stopped(film: Film, before_a_camera: Any) -> None:
    page = before_a_camera(film(""))
    seen: list[int] = []
    page.on("response", lambda answer: seen.append(answer.status) if answer.url.endswith("/scan") else None)
    page.click("#scan button")
    page.wait_for_selector("#scan video")
    while seen.count(204) < 3:
        page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.click("#scan button")
    assert page.locator("#scan video").count() == 0
    page.wait_for_timeout(400)
    before = len(seen)
    page.wait_for_timeout(800)
    assert len(seen) == before
    assert set(seen) <= {204, 429}


def test_a_camera_that_does_not_open_is_said_and_typing_works(before_a_camera: Any) -> None:
    page = before_a_camera(None)
    page.click("#scan button")
    page.wait_for_selector("#scan [role=status]:has-text('does not open')")
    page.fill("#code", printed(new_code()).lower())
    page.press("#code", "Enter")
    page.wait_for_selector("#outcome")


def test_who_was_locked_out_meanwhile_is_led_to_sign_in(film: Film, before_a_camera: Any) -> None:
    page = before_a_camera(film(""))
    page.context.clear_cookies()
    page.click("#scan button")
    page.wait_for_selector("#pin")
