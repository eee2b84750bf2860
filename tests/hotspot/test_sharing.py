"""Who may read what in the folder of a safe-point whose doors are two users. As root, in a folder that root owns.

What the two users can in fact open is tried in test_air.py.
"""

import os
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from fieldref import clock, today, voices
from fieldref.hotspot.sharing import share, unshare
from fieldref.refusal import Refusal
from fieldref.voices import MissingService, hear, open_voices

STAFF, OWN_GROUP, PUBLIC = 64101, 64103, 64102
Looks = Callable[[str], tuple[int, int, int]]


@pytest.fixture
def box(safe_point: Path) -> Path:
    """A safe-point where somebody has been heard, and where a file of no known name lies."""
    assert os.geteuid() == 0, "the hotspot's tests give files to other users: run them as root"
    hear(safe_point, MissingService(language="ar", need="food"))
    (safe_point / "notes.txt").write_text("x")
    (safe_point / "notes.txt").chmod(0o666)
    (safe_point / "guide.db").write_bytes(b"a guide")
    return safe_point


@pytest.fixture
def looks(box: Path) -> Looks:
    """Owner, group and mode of a file or folder of `box`."""

    def at(name: str) -> tuple[int, int, int]:
        seen = (box / name).lstat()
        return seen.st_uid, seen.st_gid, stat.S_IMODE(seen.st_mode)

    return at


def test_what_is_not_named_is_for_the_staff_door_alone(box: Path, looks: Looks) -> None:
    share(box, STAFF, OWN_GROUP, PUBLIC)
    for name, mode in (("register.db", 0o600), ("keys", 0o700), ("keys/device.key", 0o600), ("notes.txt", 0o600)):
        assert looks(name) == (STAFF, OWN_GROUP, mode), name
    assert looks(".") == (STAFF, PUBLIC, 0o710)
    for name in ("fieldref.toml", "guide.db", "announcements.json", "today.json", "clock.json"):
        assert looks(name) == (STAFF, PUBLIC, 0o640), name


def test_voices_move_into_a_folder_that_both_write_to_and_nothing_is_lost(box: Path, looks: Looks) -> None:
    share(box, STAFF, OWN_GROUP, PUBLIC)
    assert looks("voices") == (STAFF, PUBLIC, 0o3770)
    assert looks("voices/voices.db") == looks("voices/voices.db-journal") == (STAFF, PUBLIC, 0o660)
    hear(box, MissingService(language="fa", need="wash"))
    db = open_voices(box)
    assert db.conn.execute("SELECT count(*) FROM missing_service").fetchone() == (2,)
    db.close()
    assert not (box / "voices.db").exists()


def test_shared_twice_is_shared_once(box: Path) -> None:
    share(box, STAFF, OWN_GROUP, PUBLIC)
    before = {path: (*path.lstat()[:7], path.lstat().st_ctime_ns) for path in (box, *box.rglob("*"))}
    share(box, STAFF, OWN_GROUP, PUBLIC)
    assert {path: (*path.lstat()[:7], path.lstat().st_ctime_ns) for path in (box, *box.rglob("*"))} == before


def test_given_back_it_is_as_a_safe_point_without_a_hotspot_has_it(box: Path) -> None:
    names = {path.relative_to(box) for path in box.rglob("*")}
    share(box, STAFF, OWN_GROUP, PUBLIC)
    unshare(box, 0, 0)
    assert {path.relative_to(box) for path in box.rglob("*")} - names <= {
        *map(Path, ("announcements.json", "today.json", "clock.json")),
        Path("voices.db-journal"),
    }
    assert {path.lstat().st_uid for path in (box, *box.rglob("*"))} == {0}
    db = open_voices(box)
    assert db.conn.execute("SELECT count(*) FROM missing_service").fetchone() == (1,)
    db.close()


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_root_gives_away_no_file_that_a_link_points_to(
    box: Path, tmp_path: Path, link: Callable[[Path, Path], None]
) -> None:
    elsewhere = tmp_path / "shadow"
    elsewhere.write_text("x")
    link(elsewhere, box / "keys" / "more")
    with pytest.raises(Refusal, match="is a link"):
        share(box, STAFF, OWN_GROUP, PUBLIC)
    assert elsewhere.stat().st_uid == 0


def test_what_the_staff_door_writes_anew_each_shift_is_still_read_by_the_public_door(box: Path, looks: Looks) -> None:
    """Whether a service is full, and whether somebody stands for the clock: a phone must be told."""
    share(box, STAFF, OWN_GROUP, PUBLIC)
    clock.use(box)
    for _ in range(2):
        today.set_languages(box, ["ar"], datetime.now())
        clock.confirm(datetime.now(), sure=True)
        assert looks("today.json") == (0, PUBLIC, 0o640)
        assert looks("clock.json") == (0, PUBLIC, 0o640)
        today.forget(box)


def test_taking_the_hotspot_away_follows_no_link(box: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("x")
    share(box, STAFF, OWN_GROUP, PUBLIC)
    (box / "voices").rename(box / "other")
    (box / "voices").symlink_to(elsewhere)
    with pytest.raises(Refusal, match="no folder of ours"):
        unshare(box, 0, 0)
    assert (elsewhere / "kept").read_text() == "x"


def test_what_the_public_door_laid_there_does_not_keep_the_hotspot_from_going(box: Path) -> None:
    share(box, STAFF, OWN_GROUP, PUBLIC)
    (box / "voices" / "more" / "still").mkdir(parents=True)
    unshare(box, 0, 0)
    assert not (box / "voices").exists()


def test_what_the_public_door_laid_beside_the_voices_goes(box: Path, tmp_path: Path) -> None:
    """It may write there, so it can lay a link; that must not keep the doors from opening again."""
    share(box, STAFF, OWN_GROUP, PUBLIC)
    (box / "voices" / "voices.db-wal").symlink_to(tmp_path)
    (box / "voices" / "more" / "still").mkdir(parents=True)
    share(box, STAFF, OWN_GROUP, PUBLIC)
    assert sorted(path.name for path in (box / "voices").iterdir()) == ["voices.db", "voices.db-journal"]


def test_a_damaged_voices_file_made_anew_is_for_both_again(box: Path, looks: Looks) -> None:
    share(box, STAFF, OWN_GROUP, PUBLIC)
    (box / "voices" / "voices.db").write_bytes(b"damage" * 1000)
    with voices.held(box):
        pass
    assert looks("voices/voices.db")[1:] == (PUBLIC, 0o660)
