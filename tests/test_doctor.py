"""One look at a box: what is ill stands first, in words, with what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldref import clock, doctor, settings
from fieldref.doctor import Finding, Patient, examine
from fieldref.guide.build import FILE_NAME, build
from fieldref.hotspot.box import LOW_NOW, LOW_ONCE, Box, Disk
from fieldref.hotspot.status import Status
from fieldref.register.records import Tally


@dataclass(frozen=True)
class Board(Box):
    """A machine that says what the test wants of its disk and power."""

    free: int = 20 * 10**9
    writable: bool = True
    errors: int | None = None
    worn: int | None = None
    low: str | None = ""

    def disk(self, folder: Path) -> Disk:
        return Disk(self.free, 32 * 10**9, self.writable, self.errors, self.worn)

    def power_is_low(self) -> str | None:
        return self.low


@pytest.fixture(scope="session")
def guide(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The shipped guide as a file."""
    folder = tmp_path_factory.mktemp("built")
    settings.write(folder, settings.Settings(name="Bridge"))
    return build(folder).read_bytes()


@pytest.fixture
def well(safe_point: Path, branch: Path, guide: bytes) -> Path:
    """A paired safe-point with a guide, on a good machine."""
    (safe_point / FILE_NAME).write_bytes(guide)
    clock.use(safe_point)
    return safe_point


def of(found: list[Finding], about: str) -> Finding:
    [one] = [each for each in found if each.about == about]
    return one


def test_a_new_safe_point_is_well_but_for_its_address(well: Path, tmp_path: Path) -> None:
    found = examine(Patient(well, Board(root=tmp_path)))
    assert {each.about for each in found if each.state != "well"} == {"The address"}
    assert {"The clock", "The disk", "Power", "Keys", "The outbox", "The guide", "The Wi-Fi", "Versions"} <= {
        each.about for each in found
    }


@pytest.mark.parametrize(
    ("box", "about", "state"),
    [
        ({"writable": False}, "The disk", "ill"),
        ({"errors": 3}, "The disk", "ill"),
        ({"worn": 90}, "The disk", "ill"),
        ({"free": 50 * 10**6}, "The disk", "ill"),
        ({"free": 500 * 10**6}, "The disk", "look"),
        ({"low": "now"}, "Power", "ill"),
        ({"low": "earlier"}, "Power", "look"),
    ],
    ids=str,
)
def test_what_ails_the_machine_is_said_with_what_to_do(well: Path, box: dict[str, Any], about: str, state: str) -> None:
    found = of(examine(Patient(well, Board(root=well, **box))), about)
    assert found.state == state
    assert found.says % found.figures
    assert found.do or state == "look"


def test_what_is_ill_stands_first(well: Path) -> None:
    states = [each.state for each in examine(Patient(well, Board(root=well, writable=False, low="earlier")))]
    assert states == sorted(states, key=["ill", "look", "well"].index)


def test_power_that_no_machine_tells_of_is_left_out(well: Path) -> None:
    assert not [each for each in examine(Patient(well, Board(root=well, low=None))) if each.about == "Power"]


@pytest.mark.parametrize("name", ["guide.db", "register.db"])
def test_a_damaged_book_is_named_and_nothing_is_deleted(well: Path, name: str) -> None:
    book = (well / name).read_bytes()
    (well / name).write_bytes(book[:100] + b"\xff" * (len(book) - 100))
    found = [each for each in doctor._books(Patient(well))]
    assert [(each.state, each.figures) for each in found] == [("ill", {"name": name})]
    assert (well / name).exists()


def test_a_guide_of_last_month_and_files_nobody_answered_for_are_worth_a_look(
    well: Path, close_with: Callable[..., Path]
) -> None:
    close_with(well, Tally(need="food"))
    later = Patient(well, Board(root=well), clock.today() + timedelta(days=45))
    found = examine(later)
    assert (of(found, "The guide").state, of(found, "The outbox").state) == ("look", "look")


def test_a_sealed_file_that_is_gone_is_ill(well: Path, close_with: Callable[..., Path]) -> None:
    close_with(well, Tally(need="food")).unlink()
    assert of(examine(Patient(well, Board(root=well))), "The outbox").state == "ill"


def test_a_safe_point_that_lost_its_key_or_has_no_branch_is_told(safe_point: Path, guide: bytes) -> None:
    (safe_point / FILE_NAME).write_bytes(guide)
    assert of(examine(Patient(safe_point, Board(root=safe_point))), "Keys").do == "Pair first."
    (safe_point / "keys" / "device.key").unlink()
    assert of(examine(Patient(safe_point, Board(root=safe_point))), "Keys").state == "ill"


@pytest.mark.parametrize(("works", "state"), [(True, "well"), (False, "ill")])
def test_the_hotspot_is_asked_whether_it_works(
    well: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, works: bool, state: str
) -> None:
    (tmp_path / "sys/class/net/wlan0/wireless").mkdir(parents=True)
    asked = Status(True, True, wifi=works, wall=True, doors={"public": True}, phones=7)
    monkeypatch.setattr(doctor.hotspot, "status", lambda root, interface: asked)
    assert of(examine(Patient(well, Board(root=tmp_path))), "The Wi-Fi").state == state


def test_a_raspberry_pi_is_read_as_its_system_tells_it(tmp_path: Path) -> None:
    for path, text in {
        "proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.4\0",
        "sys/fs/ext4/mmcblk0p2/errors_count": "2\n",
        "sys/block/mmcblk0/device/life_time": "0x09 0x02\n",
        "sys/class/net/wlan0/wireless/x": "",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text)
    box = Box(tmp_path)
    disk = box.disk(tmp_path)
    assert (box.model(), disk.errors, disk.worn, box.radios()) == ("Raspberry Pi 4 Model B Rev 1.4", 2, 90, ["wlan0"])
    assert disk.writable
    assert not (tmp_path / ".takes").exists()


@pytest.mark.parametrize(("bits", "low"), [(0, ""), (LOW_NOW | LOW_ONCE, "now"), (LOW_ONCE, "earlier")])
def test_the_voltage_is_what_the_firmware_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bits: int, low: str
) -> None:
    (tmp_path / "vcgencmd").write_text(f"#!/bin/sh\necho throttled={bits:#x}\n")
    (tmp_path / "vcgencmd").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert Box().power_is_low() == low
