"""A manager's way through the branch door: receive, settle, publish, and a safe-point's phones show the new words."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldref.exchange import taking
from fieldref.exchange.keys import BRANCH_CARD
from fieldref.register.codes import new_code
from fieldref.register.records import Referral, Tally

WORDS = "nine quiet boats at dawn"
TWICE = new_code()
PAGE = """---
title: Words of the branch
icon: rights
order: 1
translation: source
source_rev: 9
checked: 2026-11-20
sources:
  - title: A law
---
You may ask.
"""
SERVICES = "id,name,status,needs,assured_date,assurer\nkitchen,River kitchen,active,food,2026-11-20,visit\n"
PAGES = ["", "quarantine", "reports", "guide", "keys", "pair"]


@pytest.fixture
def station(branch: Path, new_safe_point: Any, pair: Any) -> Path:
    """One more safe-point that is paired with the branch."""
    folder: Path = new_safe_point("Station")
    pair(branch, folder)
    return folder


@pytest.fixture
def stranger(branch: Path, new_safe_point: Any) -> Path:
    """A safe-point that has the branch's card, and whose own card the branch has never seen."""
    folder: Path = new_safe_point("Stranger")
    shutil.copy(branch / BRANCH_CARD, folder / BRANCH_CARD)
    return folder


@pytest.fixture
def twenty_files(safe_point: Path, station: Path, stranger: Path, close_with: Any, tmp_path: Path) -> list[Path]:
    """Two duplicates, one damaged, one of a stranger, one forked; and one record of which two versions come."""

    def shift(folder: Path, need: str = "food") -> Path:
        return Path(close_with(folder, Tally(step="border", need=need), Referral(code=new_code(), need=need)))

    files = [shift(safe_point) for _ in range(8)]
    shutil.copytree(station, tmp_path / "copy")
    files += [shift(station, "wash") for _ in range(4)]
    forked = shift(tmp_path / "copy", "shelter")
    files += [
        close_with(each, Referral(code=TWICE, need=need)) for each, need in ((safe_point, "food"), (station, "wash"))
    ]
    files += [forked, shift(stranger), shift(station)]
    damaged = tmp_path / "damaged.bin"
    content = bytearray(files[-1].read_bytes())
    content[1000] ^= 1
    damaged.write_bytes(content)
    again = [Path(shutil.copy(files[number], tmp_path / f"copy ({number}).bin")) for number in (0, 9)]
    return [*files, damaged, *again]


@pytest.fixture
def few_files(safe_point: Path, station: Path, close_with: Any, tmp_path: Path) -> list[Path]:
    """One whose predecessor is missing, two that contradict each other, and one that is no bundle."""
    close_with(safe_point)
    files = [
        close_with(each, Referral(code=TWICE, need=need)) for each, need in ((safe_point, "food"), (station, "wash"))
    ]
    (tmp_path / "none.bin").write_bytes(b"nothing")
    return [*files, tmp_path / "none.bin"]


@pytest.fixture
def manager(page: Any, branch: Path, open_door: Any) -> Any:
    """The door of the branch on a laptop, the manager signed in."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{open_door('branch', branch)}/en/sign-in")
    page.fill("#passphrase", WORDS)
    page.press("#passphrase", "Enter")
    page.wait_for_selector("#drop")
    return page


def drop(page: Any, files: list[Path]) -> None:
    """Let go of *files* over the page, as a mouse does."""
    page.set_input_files("#files", files)
    page.evaluate(
        """() => {
            const held = new DataTransfer();
            for (const file of document.getElementById("files").files) held.items.add(file);
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true }));
        }"""
    )
    page.wait_for_selector(".tally", timeout=60_000)


def test_a_managers_day(
    manager: Any, branch: Path, station: Path, twenty_files: list[Path], open_door: Any, context: Any, tmp_path: Path
) -> None:
    assert len(twenty_files) == 20
    drop(manager, twenty_files)
    assert manager.locator(".tally").inner_text().split() == ["New:", "16", "Already", "here:", "2", "Refused:", "2"]
    assert manager.locator(".came").count() == 20
    said = manager.locator("#came").inner_text()
    for words in ("not paired here", "damaged", "In quarantine: 1", "a box was copied", "Already here"):
        assert words in said
    row = manager.locator("tr", has_text="Station")
    assert "Look" in row.inner_text()

    manager.click("a[href$='/quarantine']")
    assert manager.locator("tr.differ").inner_text().split()[0] == "Need"
    manager.locator(".choices label").nth(1).click()
    manager.select_option("select[name=reason]", "asked")
    manager.click("form.case button")
    assert "Nothing is in quarantine" in manager.locator("main").inner_text()

    (branch / "directory").mkdir()
    (branch / "directory" / "services.csv").write_text(SERVICES, "utf-8")
    page = branch / "pages" / "rights" / "asylum"
    page.mkdir(parents=True)
    (page / "en.md").write_text(PAGE, "utf-8")
    manager.click("nav a[href$='/guide']")
    manager.click("form[action$='/publish'] button")
    manager.wait_for_selector(".case a[download]", timeout=120_000)
    with manager.expect_download() as saved:
        manager.click(".case a[download]")
    pack = tmp_path / saved.value.suggested_filename
    saved.value.save_as(pack)

    taken = taking.take(station, pack)
    assert (taken.edition, taken.new, taken.arrived) == (1, True, 6)
    visitor = context.new_page()
    visitor.goto(f"{open_door('public', station)}/en/rights/asylum")
    assert visitor.locator("h1").inner_text() == "Words of the branch"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_for_everybody(
    manager: Any, accessible: Callable[[Any], None], few_files: list[Path], language: str
) -> None:
    start = manager.url.rsplit("/en/", 1)[0] + f"/{language}"
    manager.goto(f"{start}/")
    manager.set_input_files("#files", few_files)
    manager.click("#drop button")
    manager.wait_for_selector(".tally")
    device = manager.locator("th a").first.get_attribute("href").split("/", 2)[2]
    for path in (*PAGES, device):
        manager.goto(f"{start}/{path}")
        for summary in manager.locator("summary").all():
            summary.click()
        for width, height in ((1280, 800), (360, 640)):
            manager.set_viewport_size({"width": width, "height": height})
            accessible(manager)
            assert manager.evaluate("document.documentElement.scrollWidth") <= width, path
    manager.click("header form button")
    accessible(manager)
    assert manager.locator("#passphrase").count() == 1
