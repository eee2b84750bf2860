"""50 phones join at once: how long each waits for what it asks, alone and beside 450 phones that never finish a head.

`make joining`. Each phone asks what a phone asks that joins and reads: the system's probe, on a connection of its own,
then like a browser the first page and its style, its language, and three pages. All begin at the same moment, on a door
that was just opened; later rounds find its pages kept. Phones and door share this machine (loopback, each phone its own
127.1.0.x), so the times include the phones' own work. No radio is in it, and not the wall of the hotspot, which lets
one phone hold 30 connections.
"""

import argparse
import http.client
import json
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fieldref import settings
from fieldref.guide.build import build

LANGUAGES = ("ar", "fa", "bn", "fr", "es", "en")
PROBE = ("connectivitycheck.gstatic.com", "/generate_204")
PAGES = ("rights/asylum", "needs/shelter", "emergency")
REQUESTS = 3 + len(PAGES) + 1  # the probe, the first page, its style, the home, the pages
HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: 10.42.0.1\r\nX-Half: "
PATIENCE = 30  # seconds


@dataclass
class Joined:
    """What phones met: seconds for each request, and for each phone from its probe to its last page; what failed."""

    asked: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float | int]:
        return {
            "phones": len(self.whole),
            "requests": len(self.asked),
            "errors": len(self.errors),
            "p50_ms": round(1000 * statistics.median(self.asked), 1),
            "p99_ms": round(1000 * statistics.quantiles(self.asked, n=100)[98], 1),
            "whole_p50_ms": round(1000 * statistics.median(self.whole), 1),
            "whole_max_ms": round(1000 * max(self.whole), 1),
        }


def main() -> None:
    said = argparse.ArgumentParser(prog="python -m benchmarks.joining")
    said.add_argument("--phones", type=int, default=50)
    said.add_argument("--half", type=int, default=450)
    said.add_argument("--rounds", type=int, default=10)
    said.add_argument("--json", action="store_true")
    chosen = said.parse_args()
    measured: dict[str, dict[str, float | int]] = {}
    with door() as port:
        measured["first round, nothing kept yet"] = rounds(port, chosen.phones, 1)
        measured[f"{chosen.rounds} rounds"] = rounds(port, chosen.phones, chosen.rounds)
        measured[f"{chosen.rounds} rounds beside {chosen.half} half heads"] = rounds(
            port, chosen.phones, chosen.rounds, chosen.half
        )
    if chosen.json:
        print(json.dumps(measured, indent=1))
        return
    print(f"{chosen.phones} phones at once, {REQUESTS} requests each\n")
    print(f"{'':44}{'p50':>9}{'p99':>9}{'a phone, p50':>14}{'slowest':>10}{'errors':>8}   (ms)")
    for name, each in measured.items():
        times = f"{each['p50_ms']:9}{each['p99_ms']:9}{each['whole_p50_ms']:14}{each['whole_max_ms']:10}"
        print(f"{name:44}{times}{each['errors']:5} of {each['requests'] + each['errors']}")


def rounds(port: int, phones: int, times: int, half: int = 0) -> dict[str, float | int]:
    """Let *phones* join at once, *times* over, each time beside *half* connections that stay with half a head."""
    joined = Joined()
    for _ in range(times):
        with ExitStack() as stay:
            for number in range(half):
                stay.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE)).sendall(
                    HALF_A_HEAD + str(number).encode()
                )
            ready = threading.Barrier(phones)
            every = [threading.Thread(target=join, args=(port, number, ready, joined)) for number in range(phones)]
            for phone in every:
                phone.start()
            for phone in every:
                phone.join()
    return joined.figures()


def join(port: int, number: int, ready: threading.Barrier, joined: Joined) -> None:
    """One phone, from its probe to its third page."""
    language, address = LANGUAGES[number % len(LANGUAGES)], f"127.1.0.{number + 1}"
    ready.wait()
    began = time.perf_counter()
    try:
        ask(port, address, joined, None, PROBE[1], 302, Host=PROBE[0])
        browser = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE, source_address=(address, 0))
        page = ask(port, address, joined, browser, "/", 200, **{"Accept-Language": language})
        (style,) = re.findall(r'rel="stylesheet" href="([^"]+)"', page)
        for path in (style, f"/{language}/", *(f"/{language}/{each}" for each in PAGES)):
            ask(port, address, joined, browser, path, 200)
        browser.close()
        joined.whole.append(time.perf_counter() - began)
    except (OSError, http.client.HTTPException, ValueError) as error:
        joined.errors.append(f"phone {number}: {error!r}")


def ask(
    port: int,
    address: str,
    joined: Joined,
    kept: http.client.HTTPConnection | None,
    path: str,
    expected: int,
    **headers: str,
) -> str:
    """Ask once, on the *kept* connection or on a new one; return the page. Anything but *expected* is an error."""
    began = time.perf_counter()
    asking = kept or http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE, source_address=(address, 0))
    asking.request("GET", path, headers=headers)
    answer = asking.getresponse()
    page = answer.read().decode()
    if not kept:
        asking.close()
    if answer.status != expected:
        raise ValueError(f"{path}: {answer.status}")
    joined.asked.append(time.perf_counter() - began)
    return page


@contextmanager
def door() -> Iterator[int]:
    """The public door of a safe-point with the shipped guide, just opened."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings.write(folder, settings.Settings(name="Port Miralo", address="10.42.0.1", network="SAFE-POINT INFO"))
        build(folder)
        opened = subprocess.Popen(
            [sys.executable, "-m", "fieldref.web.listen", "public", str(folder), "127.0.0.1", str(port)]
        )
        try:
            for _ in range(200):
                with socket.socket() as knocking:
                    if knocking.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield port
        finally:
            opened.terminate()
            opened.wait(20)


if __name__ == "__main__":
    main()
