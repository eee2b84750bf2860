"""fieldref hotspot, as it is typed."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fieldref import settings
from fieldref.cli import commands
from fieldref.cli import hotspot as typed


@pytest.fixture
def bridge(tmp_path: Path) -> Path:
    folder = tmp_path / "bridge"
    folder.mkdir()
    settings.write(
        folder, settings.Settings(name="Bridge", country="GR", address="10.42.0.1", network="SAFE-POINT INFO")
    )
    return folder


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    root = tmp_path / "machine"
    root.mkdir()
    return root


def run(folder: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(commands, ["--folder", str(folder), "hotspot", *map(str, words)])


def test_planned_installed_looked_at_and_removed(bridge: Path, machine: Path) -> None:
    at = ("--root", machine)
    plan = run(bridge, "plan", *at, "--diff").output
    assert "+ssid=SAFE-POINT INFO" in plan
    assert not list(machine.iterdir())
    assert run(bridge, "status", *at).exit_code == 1
    assert "fieldref-public.service" in run(bridge, "install", *at).output
    assert "nothing was changed" in run(bridge, "install", *at).output
    assert run(bridge, "status", *at).exit_code == 0
    assert json.loads(run(bridge, "status", *at, "--json").output)["installed"] is True
    assert run(bridge, "remove", *at).exit_code == 0
    assert not list(machine.iterdir())


def test_a_plan_for_programs_has_every_file_with_its_reason(bridge: Path, machine: Path) -> None:
    plan = json.loads(run(bridge, "plan", "--root", machine, "--json").output)
    assert {file["state"] for file in plan["files"]} == {"new"}
    assert all(len(file["why"]) > 40 for file in plan["files"])
    assert plan["commands"] == []


def test_a_plan_for_this_system_has_every_command_with_its_reason(
    bridge: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldref.hotspot.wanted.HIDDEN", ())
    monkeypatch.setattr(typed, "cut_off", lambda interface: "you are logged in from 192.168.1.50 by wlan0")
    plan = run(bridge, "plan", "--python", "/opt/fieldref/bin/python").output
    assert re.search(r"systemctl restart fieldref-wall.service\n +puts up the wall", plan)
    assert plan.index("fieldref-wall.service\n      puts") < plan.index("nmcli --wait 60 connection up fieldref")
    assert "Careful: you are logged in from 192.168.1.50 by wlan0" in plan


def test_nobody_is_cut_off_without_a_yes(bridge: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldref.hotspot.wanted.HIDDEN", ())
    monkeypatch.setattr(typed, "cut_off", lambda interface: "you are logged in from 192.168.1.50 by wlan0")
    monkeypatch.setattr(typed, "_as_root", lambda root: None)
    monkeypatch.setattr(typed.installing, "install", lambda *said, **more: pytest.fail("it went on"))
    done = run(bridge, "install", "--python", "/opt/fieldref/bin/python")
    assert done.exit_code == 1
    assert "Make it the hotspot now?" in str(done.exception)


def test_the_coordinators_passphrase_goes_nowhere_without_the_staff_door(bridge: Path, machine: Path) -> None:
    assert run(bridge, "plan", "--root", machine, "--coordinator-lan").exit_code == 2
