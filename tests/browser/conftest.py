"""Real doors, listening on this machine, for a real browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from fieldref import clock, settings
from fieldref.exchange import keys
from fieldref.guide.build import build
from fieldref.register import shift

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PASSPHRASE, PIN = "nine quiet boats at dawn", "482915"
Open = Callable[..., str]


@pytest.fixture(scope="session")
def open_door() -> Iterator[Open]:
    """Start a door as `fieldref serve` does and return its address; all are closed at the end."""
    running: list[subprocess.Popen[bytes]] = []

    def start(name: str, folder: Path, *more: str) -> str:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "fieldref.web.listen", name, str(folder), "127.0.0.1", str(port), *more]
        running.append(subprocess.Popen(command, env=os.environ))
        address = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{address}/robots.txt" if name == "public" else f"{address}/en/sign-in")
                return address
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"the {name} door did not open")

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=15)


@pytest.fixture(scope="session")
def port_miralo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A safe-point with the shipped guide, the sample directory and an open shift."""
    folder = tmp_path_factory.mktemp("port-miralo")
    settings.write(folder, settings.Settings(name="Port Miralo", latitude=36.5, longitude=15.0, step="border"))
    keys.make_device(folder, PASSPHRASE)
    build(folder)
    clock.use(folder)
    clock.confirm(clock.now())
    shift.open_shift(folder, PASSPHRASE, PIN)
    return folder


@pytest.fixture(scope="session")
def public(open_door: Open, port_miralo: Path) -> str:
    """The address of the public door."""
    return open_door("public", port_miralo)


@pytest.fixture(scope="session")
def staff(open_door: Open, port_miralo: Path) -> str:
    """The address of the staff door."""
    return open_door("staff", port_miralo)


@pytest.fixture
def accessible() -> Callable[[Any], None]:
    """Fail with axe's words unless the page is free of findings at WCAG 2.2 AA."""

    def check(page: Any) -> None:
        if page.locator(".done").count():
            # As tall as the page: what the finish bar covers for the moment can be scrolled from under it.
            page.set_viewport_size({"width": 360, "height": page.evaluate("document.documentElement.scrollHeight")})
        found = Axe().run(page, options=WCAG)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check
