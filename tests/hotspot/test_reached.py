"""Nobody is cut off by the hotspot without being asked."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldref.hotspot import commands, reached
from fieldref.hotspot.reached import cut_off

HERE = json.dumps([{"addr_info": [{"local": "192.168.1.7"}, {"local": "fe80::7"}]}])
Processes = Callable[..., None]


@pytest.fixture
def processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Processes:
    """A machine whose wlan0 has an address, with this process under a shell, and a shell under a login."""
    monkeypatch.delenv(reached.LOGIN, raising=False)
    monkeypatch.setattr(reached, "PROCESSES", tmp_path)
    monkeypatch.setattr(commands, "ask", lambda words: HERE if words.endswith("wlan0") else None)

    def running(login: str = "", way: str = "eth0") -> None:
        for number, parent in ((os.getpid(), 20), (20, 10), (10, 1), (1, 0)):
            (tmp_path / str(number)).mkdir()
            (tmp_path / str(number) / "stat").write_text(f"{number} (a (b) c) S {parent} 1 1")
        (tmp_path / "20" / "environ").write_text("HOME=/\0SUDO_USER=pi\0")
        (tmp_path / "10" / "environ").write_text(f"HOME=/\0SSH_CONNECTION={login}\0" if login else "HOME=/\0")
        (tmp_path / "net").mkdir()
        (tmp_path / "net" / "route").write_text(f"Iface\tDestination\n{way}\t00000000\n{way}\t0001A8C0\n")

    return running


def test_a_login_by_the_radio_is_found_although_sudo_hides_it(processes: Processes) -> None:
    processes(login="192.168.1.50 50000 192.168.1.7 22")
    assert "you are logged in from 192.168.1.50 by wlan0" in cut_off("wlan0")


def test_a_login_by_the_cable_is_none_by_the_radio(processes: Processes) -> None:
    processes(login="192.168.2.50 50000 192.168.2.7 22")
    assert cut_off("wlan0") == ""


def test_a_radio_that_is_the_way_to_the_network_is_one_too(processes: Processes) -> None:
    processes(way="wlan0")
    assert "this machine's way" in cut_off("wlan0")


def test_at_the_screen_with_a_cable_nobody_is_asked(processes: Processes) -> None:
    processes()
    assert cut_off("wlan0") == ""


def test_where_it_cannot_be_told_one_is_asked(processes: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    processes(login="192.168.2.50 50000 192.168.2.7 22")
    monkeypatch.setattr(commands, "ask", lambda words: None)
    assert "cannot be told" in cut_off("lo")
