"""Lighthouse 12 on the pages most people see, with its simulated slow 4G and a mid-range phone. `make lighthouse`

Needs node 18 and Debian's chromium; installs lighthouse 12.8.2 with npm into a folder of its own.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from fieldref import settings
from fieldref.guide.build import build

LIGHTHOUSE = "lighthouse@12.8.2"
PATHS = ("/en/", "/ar/", "/en/rights/asylum", "/ar/rights/asylum", "/en/needs/shelter", "/ar/needs/shelter")
CATEGORIES = ("performance", "accessibility", "best-practices")
CHROME = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)


def main() -> None:
    """Print a line a page: its three scores of 100, and the milliseconds to the first and largest paint."""
    for program in ("npm", "chromium"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is missing: sudo apt install {program}")
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        subprocess.run(["npm", "install", "--silent", "--prefix", str(room), LIGHTHOUSE], check=True)
        settings.write(room, settings.Settings(name="Port Miralo", latitude=36.5, longitude=15.0, step="border"))
        build(room)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "fieldref.web.listen", "public", str(room), "127.0.0.1", str(port)]
        door = subprocess.Popen(command)
        try:
            wait_for(f"http://127.0.0.1:{port}/")
            print(
                f"{'page':22}" + "".join(f"{category:>16}" for category in CATEGORIES) + f"{'FCP ms':>9}{'LCP ms':>9}"
            )
            for path in PATHS:
                print(f"{path:22}" + measure(room, f"http://127.0.0.1:{port}{path}"))
        finally:
            door.terminate()
            door.wait(timeout=20)


def measure(room: Path, address: str) -> str:
    """Run lighthouse once and return its scores as a line."""
    out = room / "result.json"
    binary = room / "node_modules" / ".bin" / "lighthouse"
    command = [str(binary), address, f"--chrome-flags={CHROME}", "--output=json", f"--output-path={out}", "--quiet"]
    command.append(f"--only-categories={','.join(CATEGORIES)}")
    subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": shutil.which("chromium") or ""})
    found = json.loads(out.read_text("utf-8"))
    scores = [round(found["categories"][category]["score"] * 100) for category in CATEGORIES]
    paints = [
        found["audits"][audit]["numericValue"] for audit in ("first-contentful-paint", "largest-contentful-paint")
    ]
    return "".join(f"{score:16}" for score in scores) + "".join(f"{paint:9.0f}" for paint in paints)


def wait_for(address: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(address)
            return
        except OSError:
            time.sleep(0.1)


if __name__ == "__main__":
    main()
