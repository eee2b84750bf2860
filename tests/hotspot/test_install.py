"""Installed, installed again, changed, cut short, taken away: the machine is as it was, and no edit is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fieldref.hotspot import install as installing
from fieldref.hotspot import manifest
from fieldref.hotspot.install import install, left_to_run, planned, remove
from fieldref.hotspot.status import status
from fieldref.hotspot.wanted import Hotspot
from fieldref.refusal import Refusal

PROFILE = Path("etc/NetworkManager/system-connections/fieldref.nmconnection")
JOURNAL = Path("etc/systemd/journald.conf.d/fieldref.conf")
Wanted = Callable[..., Hotspot]


def everything(root: Path) -> dict[str, tuple[int, bytes | None]]:
    """Each folder and file below *root* with its mode, content and, in the content, the time it was written."""
    return {
        str(path.relative_to(root)): (path.stat().st_mode, path.read_bytes() if path.is_file() else None)
        for path in root.rglob("*")
    }


def times(root: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in root.rglob("*")}


def test_installed_twice_is_installed_once(machine: Path, wanted: Wanted) -> None:
    install(wanted(), machine)
    before = times(machine)
    assert {change.state for change in planned(wanted(), machine)} == {"same"}
    install(wanted(), machine)
    assert times(machine) == before


def test_removed_it_leaves_nothing(machine: Path, wanted: Wanted) -> None:
    before = everything(machine)
    install(wanted(), machine)
    assert everything(machine) != before
    remove(machine)
    assert everything(machine) == before


def test_what_stood_there_before_comes_back_with_its_mode(machine: Path, wanted: Wanted) -> None:
    (machine / JOURNAL).parent.mkdir(parents=True)
    (machine / JOURNAL).write_text("[Journal]\nStorage=persistent\n")
    (machine / JOURNAL).chmod(0o600)
    before = everything(machine)
    install(wanted(), machine)
    install(wanted(network="OTHER NAME"), machine)
    assert "volatile" in (machine / JOURNAL).read_text()
    remove(machine)
    assert everything(machine) == before


def test_planning_shows_the_difference_and_changes_nothing(machine: Path, wanted: Wanted) -> None:
    install(wanted(), machine)
    before = times(machine)
    changed = [change for change in planned(wanted(network="OTHER NAME"), machine) if change.state == "changed"]
    assert [change.path for change in changed] == [f"/{PROFILE}"]
    assert "-ssid=SAFE-POINT INFO\n+ssid=OTHER NAME\n" in changed[0].diff
    assert times(machine) == before


def test_the_password_is_for_root_alone(machine: Path, wanted: Wanted) -> None:
    install(wanted(password="kept to ourselves"), machine)
    holders = [path for path in machine.rglob("*") if path.is_file() and b"kept to ourselves" in path.read_bytes()]
    assert [path.relative_to(machine) for path in holders] == [PROFILE]
    assert (machine / PROFILE).stat().st_mode & 0o777 == 0o600
    install(wanted(password="another one now"), machine)
    assert (machine / manifest.PATH).stat().st_mode & 0o777 == 0o600


def test_what_somebody_changed_in_a_file_is_kept_beside(machine: Path, wanted: Wanted) -> None:
    install(wanted(), machine)
    (machine / PROFILE).write_text("my own\n")
    assert [change.edited for change in planned(wanted(), machine) if change.state == "changed"] == [True]
    assert status(machine, "wlan0").changed == (f"/{PROFILE}",)
    install(wanted(), machine)
    assert "ssid=SAFE-POINT INFO" in (machine / PROFILE).read_text()
    beside = (machine / PROFILE).with_name(f"{PROFILE.name}~")
    assert beside.read_text() == "my own\n"
    (machine / JOURNAL).write_text("my own too\n")
    remove(machine)
    assert not (machine / JOURNAL).exists()
    assert (machine / JOURNAL).with_name("fieldref.conf~").read_text() == "my own too\n"


def test_a_file_that_is_no_longer_wanted_goes(machine: Path, wanted: Wanted, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(machine)
    install(wanted(), machine)
    files_of = installing.files_of
    monkeypatch.setattr(installing, "files_of", lambda hotspot: files_of(hotspot)[1:])
    gone = [change.path for change in planned(wanted(), machine) if change.state == "gone"]
    install(wanted(), machine)
    assert not (machine / gone[0].lstrip("/")).exists()
    remove(machine)
    assert everything(machine) == before


@pytest.mark.parametrize("after", range(0, 12, 2))
def test_cut_short_anywhere_it_can_be_finished_or_undone(
    machine: Path, wanted: Wanted, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    (machine / JOURNAL).parent.mkdir(parents=True)
    (machine / JOURNAL).write_text("[Journal]\nStorage=persistent\n")
    before, written = everything(machine), iter(range(after))
    write_whole = installing.write_whole

    def cut(*args: object, **more: object) -> None:
        if next(written, None) is None:
            raise KeyboardInterrupt
        write_whole(*args, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(installing, "write_whole", cut)
        try:
            install(wanted(), machine)
        except KeyboardInterrupt:
            assert not status(machine, "wlan0").works
    install(wanted(), machine)
    assert {change.state for change in planned(wanted(), machine)} == {"same"}
    assert not list(machine.rglob("*~"))
    remove(machine)
    assert everything(machine) == before


def test_a_link_that_leads_out_of_an_image_is_not_followed(machine: Path, wanted: Wanted, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (machine / "etc" / "systemd").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refusal, match="leads out of"):
        install(wanted(), machine)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_for_an_image_no_command_is_run(machine: Path, wanted: Wanted) -> None:
    assert left_to_run(wanted(), machine) == ()
    assert left_to_run(wanted(), Path("/")) != ()


def test_there_is_nothing_to_remove_where_nothing_was_installed(machine: Path) -> None:
    with pytest.raises(Refusal, match="nothing was changed"):
        remove(machine)


def test_a_damaged_manifest_is_said_to_be_damaged(machine: Path, wanted: Wanted) -> None:
    install(wanted(), machine)
    (machine / manifest.PATH).write_text('{"format": 1, "files": 3}')
    with pytest.raises(Refusal, match="damaged"):
        remove(machine)
