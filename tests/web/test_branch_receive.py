"""Bundles sent in through a browser: what came of each is said, and no file stays."""

import re
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from fieldref.exchange import seal, taking
from fieldref.register.codes import new_code
from fieldref.register.records import Referral
from fieldref.web import branch as door
from fieldref.web import incoming
from fieldref.web.branch import create_branch


@pytest.fixture
def bundle(safe_point: Path, branch: Path, close_with: Any) -> bytes:
    """What `safe_point` brings: one referral."""
    return bytes(close_with(safe_point, Referral(code=new_code(), need="food")).read_bytes())


def left_in(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{incoming.PREFIX}*"))


def test_many_files_are_sent_at_once_without_a_script(manager: Any, bundle: bytes, branch: Path) -> None:
    damaged = bundle[:2000] + bytes([bundle[2000] ^ 1]) + bundle[2001:]
    answer = manager.send_all([("a.bin", bundle), ("b.bin", bundle), ("c.bin", damaged), ("d.txt", b"")])
    assert answer.status_code == 303
    said = manager.get("/en/").text
    assert "Bridge, bundle <bdi" in said
    assert "Referrals: <bdi" in said
    for words in ("Already here, nothing changed", "sealed for another branch", "no bundle. Copy it again"):
        assert words in said
    assert left_in(branch) == []


def test_no_content_is_taken_for_the_end_of_the_form(manager: Any) -> None:
    for tricky in (b"\r\n" * 60_000, b"\r" * 140_000, b"\r\n--" * 30_000):
        assert "sealed for another branch" in manager.send("a.bin", tricky[: 2**16], one="yes").text
        assert "no bundle" in manager.send("a.bin", tricky, one="yes").text


def test_a_script_gets_what_came_of_one_file(manager: Any, bundle: bytes) -> None:
    answer = manager.send("a.bin", bundle, one="yes")
    assert answer.text.count("<li") == 1
    assert "Bridge" in answer.text


def test_a_file_of_a_stranger_is_named_so(manager: Any, branch: Path, new_safe_point: Any, close_with: Any) -> None:
    stranger = new_safe_point("Stranger")
    shutil.copy(branch / "keys" / "branch.card", stranger / "keys" / "branch.card")
    assert "not paired here" in manager.send("x.bin", close_with(stranger).read_bytes(), one="yes").text


def test_a_gap_a_fork_and_a_doubt_are_said(
    manager: Any, safe_point: Path, branch: Path, close_with: Any, tmp_path: Path
) -> None:
    first = close_with(safe_point)
    shutil.copytree(safe_point, tmp_path / "copy")
    code = new_code()
    second = close_with(safe_point, Referral(code=code, need="food"))
    forked = close_with(tmp_path / "copy", Referral(code=code, need="wash"))
    assert "before this one has not come" in manager.send("2.bin", second.read_bytes(), one="yes").text
    assert "has not come" not in manager.send("1.bin", first.read_bytes(), one="yes").text
    said = manager.send("3.bin", forked.read_bytes(), one="yes").text
    assert "a box was copied or restored" in said
    assert "In quarantine: 1" in said


@pytest.fixture
def guide_said(manager: Any, safe_point: Path, branch: Path, close_with: Any) -> Any:
    """What the table and the page of `safe_point` say of its guide, once its next bundle came."""

    def said() -> list[str]:
        manager.send("a.bin", close_with(safe_point).read_bytes())
        table = manager.get("/en/").text
        page = manager.get(re.findall(r"/en/safe-points/[a-z2-7]+", table)[0]).text
        cells = (r'<td data-name="Guide">(.*?)</td>', r"Guide at its last shift</dt><dd>(.*?)</dd>")
        found = [re.findall(cell, text) for cell, text in zip(cells, (table, page), strict=True)]
        return [re.sub("<[^>]+>", "", text) for [text] in found]

    return said


def test_the_guide_of_a_safe_point_is_said_and_whether_the_branch_has_a_newer_one(
    guide_said: Any, safe_point: Path, branch: Path, little_pack: Any
) -> None:
    assert guide_said() == ["its own files"] * 2
    seventh = little_pack(branch, 7, "Seventh")
    taking.take(safe_point, seventh)
    (branch / "packs").mkdir()
    shutil.copy(seventh, branch / "packs" / "guide-0007.pack")
    assert guide_said() == ["7"] * 2
    shutil.copy(seventh, branch / "packs" / "guide-0008.pack")
    assert guide_said() == ["7 (older)"] * 2


def test_of_bundles_that_do_not_say_it_the_guide_is_not_known(
    manager: Any, safe_point: Path, branch: Path, close_with: Any, open_books: Any
) -> None:
    assert '<td data-name="Guide"><span>–</span></td>' in manager.get("/en/").text
    manager.send("a.bin", close_with(safe_point).read_bytes())
    db = open_books(branch)
    db.conn.execute("UPDATE bundle SET edition = NULL")
    db.conn.commit()
    assert '<td data-name="Guide"><span>not known</span></td>' in manager.get("/en/").text


EVIL = {
    "../../../etc/passwd": "passwd",
    "<script>alert(1)</script>.bin": "script&gt;.bin",
    "gpj.\u202enib.bin": "gpj.?nib.bin",
    "a\x00b\x07.bin": "a?b?.bin",
    "x" * 500: "x" * 80,
    "=1+1'.bin": "=1+1&#39;.bin",
}


def test_an_evil_name_names_no_file_and_moves_no_letter(manager: Any, branch: Path) -> None:
    before = sorted(branch.rglob("*"))
    said = manager.send_all([(name, b"x") for name in EVIL], one="yes").text
    assert [name for name in EVIL.values() if f"<bdi>{name}</bdi>" not in said] == []
    assert sorted(branch.rglob("*")) == before
    assert "<script>alert" not in manager.get("/en/").text


def test_a_name_is_shown_without_its_folders() -> None:
    assert incoming.shown_name("C:\\Users\\somebody\\a.bin") == incoming.shown_name("/home/somebody/a.bin") == "a.bin"


def test_a_file_larger_than_any_bundle_is_refused_alone(
    manager: Any, bundle: bytes, branch: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(seal, "LARGEST", 70_000)
    monkeypatch.setitem(manager.door.config["FILES"], "collecting.take", 70_000)
    manager.send_all([("large.bin", b"x" * 200_000), ("good.bin", bundle)])
    said = manager.get("/en/").text
    assert "larger than any bundle" in said
    assert "Bridge, bundle" in said


def test_what_is_kept_of_a_large_file_is_little(tmp_path: Path) -> None:
    with incoming.Capped(tmp_path / "x", 10) as file:
        assert [file.write(b"12345678") for _ in range(3)] == [8, 8, 8]
    assert (tmp_path / "x").stat().st_size == 11


def test_too_much_at_once_is_refused_in_words(manager: Any, branch: Path, monkeypatch: Any) -> None:
    monkeypatch.setitem(door.LARGEST, "collecting.take", 1000)
    answer = manager.send("a.bin", b"x" * 2000)
    assert (answer.status_code, "too much at once" in answer.text) == (413, True)
    assert left_in(branch) == []


def test_a_file_at_any_other_form_is_too_much(manager: Any, branch: Path) -> None:
    assert manager.send("a.card", b"x" * 100_000, "/en/pair/look", "card").status_code == 413
    assert left_in(branch) == []


def test_nothing_is_sent_in_without_a_session(outsider: Any, branch: Path, bundle: bytes) -> None:
    data = {"files": (BytesIO(bundle), "x.bin")}
    answer = outsider.client.post("/en/take", data=data, base_url=outsider.here)
    assert answer.status_code == 303
    assert left_in(branch) == []


def test_what_a_power_cut_left_is_removed_when_the_door_opens(branch: Path) -> None:
    (branch / f"{incoming.PREFIX}left").mkdir()
    (branch / f"{incoming.PREFIX}left" / "1").write_bytes(b"sealed")
    create_branch(branch)
    assert left_in(branch) == []


def test_the_list_is_each_windows_own(manager: Any, second_manager: Any, bundle: bytes) -> None:
    manager.send("mine.bin", bundle)
    assert "mine.bin" in manager.get("/en/").text
    assert "mine.bin" not in second_manager.get("/en/").text
    manager.post("/en/clear", token=manager.hidden("token"))
    assert "mine.bin" not in manager.get("/en/").text
