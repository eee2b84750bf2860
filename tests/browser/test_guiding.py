"""The coordinator takes the branch's guide with a phone's browser, and a visitor's phone shows it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldref.cli.init import make_safe_point
from fieldref.exchange.branch import make_branch
from fieldref.settings import Settings

WORDS = "nine quiet boats at dawn"


@pytest.fixture
def quiet_post(tmp_path: Path, pair: Any) -> Path:
    """A safe-point whose branch, North, lies beside it."""
    folder = tmp_path / "quiet-post"
    make_safe_point(folder, Settings(name="Quiet Post", languages=("en", "ar"), step="border"), WORDS)
    make_branch(tmp_path / "north", "North", WORDS)
    pair(tmp_path / "north", folder)
    return folder


@pytest.fixture(params=["en", "ar"])
def coordinator(request: Any, page: Any, open_door: Any, quiet_post: Path) -> Iterator[Any]:
    """The page of the guide, in English and in Arabic."""
    page.goto(f"{open_door('staff', quiet_post)}/{request.param}/sign-in")
    page.fill("#passphrase", WORDS)
    page.press("#passphrase", "Enter")
    page.wait_for_selector(".pin")
    page.goto(page.url.replace("/shift", "/"))
    page.click("a[href$='/guide']")
    yield page


def test_a_guide_comes_by_file_is_shown_and_goes_back(
    coordinator: Any, accessible: Any, open_door: Any, quiet_post: Path, tmp_path: Path, little_pack: Any, context: Any
) -> None:
    accessible(coordinator)
    assert coordinator.evaluate("document.documentElement.scrollWidth") <= 360
    damaged = tmp_path / "damaged.pack"
    shutil.copy(little_pack(tmp_path / "north", 7, "New words"), damaged)
    damaged.write_bytes(damaged.read_bytes()[:-3])
    for path, role in ((damaged, "alert"), (tmp_path / "New words.pack", "status")):
        coordinator.set_input_files("#pack", path)
        coordinator.click("form[action$=take] button")
        coordinator.wait_for_selector(f"[role={role}]")
        accessible(coordinator)
    visitor = context.new_page()
    visitor.goto(f"{open_door('public', quiet_post)}/en/rights/asylum")
    assert visitor.locator("h1").inner_text() == "New words"
    coordinator.click("form[action$=back] button")
    coordinator.wait_for_selector("[role=status]")
    visitor.reload()
    assert visitor.locator("h1").inner_text() != "New words"
