"""A safe-point takes its branch's guide: newer goes over older, what was there is kept, and nothing half is served."""

import os
import shutil
import sqlite3
import sys
import threading
from datetime import date

import pytest
from werkzeug.test import Client

from fieldref import database
from fieldref.exchange import publishing, taking, trying
from fieldref.exchange.taking import OlderPack, back, newest_day, standing, take
from fieldref.guide import packfile, packs, sources
from fieldref.guide.build import build, build_beside
from fieldref.guide.opened import Guide
from fieldref.guide.packfile import PackRefused
from fieldref.refusal import Refusal
from fieldref.web.public import create_public

DIED = 86


def own_page(folder, path: str, text: str) -> None:
    page = folder / "pages" / path
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, "utf-8")


def kitchen(folder, language: str = "en") -> str:
    return Guide(folder / "guide.db").services(language)["kitchen"].name


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack is tried in this process: where many are taken."""

    def try_here(folder, path, guide) -> None:
        build_beside(folder, guide, packfile.read(path))

    for module in (taking, publishing):
        monkeypatch.setattr(module, "try_out", try_here)


@pytest.fixture
def renamed(branch, publish):
    """Publish once more, the kitchen under this name."""

    def make(name: str):
        services = branch / "directory" / "services.csv"
        services.write_text(f"id,name,status,needs\nkitchen,{name},active,food\n", "utf-8")
        return publish()

    return make


def test_a_pack_is_served_by_a_door_that_is_open(guided, publish) -> None:
    phone = Client(create_public(guided))
    assert "Sample kitchen" in phone.get("/en/service/kitchen").text
    taken = take(guided, publish())
    assert (taken.edition, taken.day, taken.before, taken.new) == (1, "2026-11-25", 0, True)
    assert "River kitchen" in phone.get("/en/service/kitchen").text
    assert "مطبخ" in phone.get("/ar/service/kitchen").text


def test_the_same_pack_once_more_changes_nothing(guided, publish, quick) -> None:
    pack = publish()
    take(guided, pack)
    before = (guided / "guide.db").stat()
    assert not take(guided, pack).new
    assert (guided / "guide.db").stat() == before


def test_one_goes_back_to_the_guide_before_and_forth_again(guided, renamed, quick) -> None:
    take(guided, renamed("First"))
    take(guided, renamed("Second"))
    take(guided, renamed("Third"))
    assert sorted(packs.kept(guided)) == [2, 3]
    assert (back(guided).edition, kitchen(guided)) == (2, "Second")
    assert (standing(guided).edition, standing(guided).other) == (2, 3)
    assert (back(guided).edition, kitchen(guided)) == (3, "Third")


def test_from_the_first_pack_one_goes_back_to_the_guide_of_ones_own_files(guided, publish, quick) -> None:
    take(guided, publish())
    assert (back(guided).edition, kitchen(guided)) == (0, "Sample kitchen")
    assert (back(guided).edition, kitchen(guided)) == (1, "River kitchen")


def test_where_no_pack_came_there_is_nothing_to_go_back_to(guided) -> None:
    with pytest.raises(Refusal, match="no other guide"):
        back(guided)


def test_an_older_pack_is_taken_only_when_it_is_asked_for(guided, renamed, quick) -> None:
    first, second = renamed("First"), renamed("Second")
    take(guided, second)
    with pytest.raises(OlderPack, match="edition 1 of 2026-11-25, older than edition 2, which is served"):
        take(guided, first)
    assert kitchen(guided) == "Second"
    assert take(guided, first, older=True).edition == 1
    assert kitchen(guided) == "First"


def test_two_packs_of_one_number_are_noticed(guided, branch, renamed, quick) -> None:
    take(guided, renamed("First"))
    shutil.rmtree(branch / "packs")  # an old copy of the branch's folder was put back
    with pytest.raises(OlderPack, match="was the branch's folder copied"):
        take(guided, renamed("Other"))
    assert kitchen(guided) == "First"


def test_what_a_safe_point_has_besides_is_shown_too(guided, publish, quick) -> None:
    own_page(guided, "rights/asylum/fr.md", "---\ntitle: Asile\ntranslation: human\nsource_rev: 1\n---\n\nMots.\n")
    (guided / "directory").mkdir()
    rows = "id,name,status,needs\nkitchen,Old kitchen,active,food\nwell,Well,active,wash\n"
    (guided / "directory" / "services.csv").write_text(rows, "utf-8")
    take(guided, publish())
    guide = Guide(guided / "guide.db")
    assert {each.name for each in guide.services("en").values()} == {"River kitchen", "Well"}
    assert guide.page("fr", "rights", "asylum").title == "Asile"


def test_a_page_of_ones_own_does_not_hide_the_branchs_and_that_is_said(guided, publish, little_seed, quick) -> None:
    text = (little_seed / "pages/rights/asylum/ar.md").read_text("utf-8").replace("لجوء", "قديم")
    own_page(guided, "rights/asylum/ar.md", text)
    assert take(guided, publish()).hidden == ("pages/rights/asylum/ar.md",)
    assert Guide(guided / "guide.db").page("ar", "rights", "asylum").title == "لجوء"


def test_a_guide_that_is_built_anew_is_still_the_branchs(guided, publish, quick) -> None:
    take(guided, publish())
    build(guided)
    assert (Guide(guided / "guide.db").edition, kitchen(guided)) == (1, "River kitchen")
    packs.path_of(guided, 1).unlink()
    with pytest.raises(PackRefused, match="take that pack again"):
        build(guided)
    assert kitchen(guided) == "River kitchen"


def test_a_damaged_guide_is_built_anew_of_the_newest_pack(guided, publish, quick) -> None:
    take(guided, publish())
    (guided / "guide.db").write_bytes(b"not a guide")
    build(guided)
    assert kitchen(guided) == "River kitchen"


def test_today_is_not_before_the_day_of_the_newest_pack(guided, publish, quick) -> None:
    assert newest_day(guided) is None
    take(guided, publish())
    back(guided)
    assert newest_day(guided) == date(2026, 11, 25)


EVIL = {
    "no page": {"directory/services.csv": b"id,name,status\nkitchen,Kitchen,active\n"},
    "services that are none": {"directory/services.csv": b"\xff\xfe\x00"},
    "a bomb of aliases": {
        "pages/rights/asylum/en.md": b"---\na: &a [x,x,x,x,x,x,x,x,x,x]\n"
        + b"".join(b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 10)) for c in range(98, 110))
        + b"title: *m\nneed: *m\nsource_rev: 1\n---\n\nWords.\n"
    },
}


@pytest.mark.parametrize("instead", EVIL.values(), ids=EVIL)
def test_evil_files_inside_a_valid_signature_are_refused_and_the_old_guide_is_served(
    guided, signed_pack, sound_files, monkeypatch, instead
) -> None:
    monkeypatch.setattr(trying, "SECONDS", 30)
    files = instead if "directory/services.csv" in instead else sound_files | instead
    phone = Client(create_public(guided))
    with pytest.raises(PackRefused, match="the guide in it"):
        take(guided, signed_pack(files))
    assert "Sample kitchen" in phone.get("/en/service/kitchen").text
    assert not list(guided.glob(".[!g]*")) + list(guided.glob(".guide*"))
    assert not list((guided / "packs").iterdir())


def test_a_page_with_a_script_is_shown_without_it(guided, signed_pack, sound_files) -> None:
    evil = sound_files["pages/rights/asylum/en.md"] + b"\n<script>alert(1)</script>\n\n[go](javascript:alert(1))\n"
    take(guided, signed_pack(sound_files | {"pages/rights/asylum/en.md": evil}))
    page = Client(create_public(guided)).get("/en/rights/asylum").text
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_an_evil_database_is_no_pack(guided, tmp_path) -> None:
    path = tmp_path / "evil.pack"
    db = sqlite3.connect(path)  # noqa: TID251 (a hostile file)
    db.execute("CREATE VIEW page AS SELECT 1")
    db.close()
    with pytest.raises(PackRefused, match="it is not a pack"):
        take(guided, path)


def test_a_file_larger_than_any_pack_is_not_copied_whole(guided, publish, monkeypatch) -> None:
    pack = publish()
    monkeypatch.setattr(packfile, "LARGEST", 100)
    monkeypatch.setattr(packfile, "LARGEST_HEADER", 100)
    with pytest.raises(PackRefused, match="larger than any pack"):
        take(guided, pack)
    assert not (guided / "packs" / ".coming").exists()


def test_a_full_disk_leaves_the_old_guide(guided, publish, quick, monkeypatch) -> None:
    pack = publish()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(taking, "move_whole", full)
    with pytest.raises(OSError, match="No space"):
        take(guided, pack)
    assert kitchen(guided) == "Sample kitchen"
    monkeypatch.undo()
    assert not list(guided.glob(".guide.db.taking*"))


def test_a_page_that_is_read_while_guides_are_swapped_is_of_one_of_them(guided, renamed, quick) -> None:
    take(guided, renamed("First"))
    take(guided, renamed("Second"))
    phone, seen, stop = Client(create_public(guided)), set(), threading.Event()

    def read() -> None:
        while not stop.is_set():
            page = phone.get("/en/service/kitchen")
            seen.add((page.status_code, "First" in page.text, "Second" in page.text))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(12):
        back(guided)
    stop.set()
    reader.join()
    assert seen <= {(200, True, False), (200, False, True)}
    assert len(seen) == 2


def die_at(line: int, act) -> bool:
    """Do *act* in a process that dies before its *line*-th line of ours; whether it got that far."""
    ours = {module.__file__ for module in (taking, database, packs, sources)}
    child = os.fork()
    if child == 0:
        left = line

        def trace(frame, event, _):
            nonlocal left
            if frame.f_code.co_filename not in ours:
                return None
            if event == "line":
                left -= 1
                if left < 0:
                    os._exit(DIED)
            return trace

        sys.settrace(trace)
        try:
            act()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == DIED


@pytest.mark.parametrize(("act", "step"), [("take", 1), ("back", 3)])
def test_a_power_cut_at_any_line_leaves_the_old_guide_or_the_new_one(
    guided, renamed, quick, tmp_path, act, step
) -> None:
    first, second = renamed("First"), renamed("Second")
    take(guided, first)
    if act == "back":
        take(guided, second)
    line, seen = 0, {"First": 0, "Second": 0}
    while True:
        box = tmp_path / f"box-{line}"
        shutil.copytree(guided, box)
        died = die_at(line, lambda box=box: take(box, second) if act == "take" else back(box))
        seen[kitchen(box)] += 1
        build(box)  # its pack is there, whichever it is
        there = kitchen(box)
        back(box) if act == "back" and there == "Second" else take(box, second, older=True)
        assert kitchen(box) == ("First" if act == "back" and there == "Second" else "Second")
        assert {path.name for path in box.glob(".*")} == set()
        shutil.rmtree(box)
        if not died:
            break
        line += step
    assert min(seen.values()) > 1
    assert line > 40
