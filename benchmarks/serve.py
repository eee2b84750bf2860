"""How fast a kept page is handed out, beside nginx with the same bytes from disk. `make bench`

Both servers on one core, the load on another, the same phone-like request, turn and turn about in one run; the
figure is the ratio. Needs nginx and wrk (apt install nginx-light wrk) and talks to 127.0.0.1 only.
"""

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldref import settings
from fieldref.guide.build import build

PAGE = "/ar/needs/shelter"
SECONDS = int(os.environ.get("FIELDREF_BENCH_SECONDS", "5"))
ROUNDS = 5
CONNECTIONS = 50
SERVER_CORE, LOAD_CORE = "0", "1"

NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
  access_log off; gzip_static always; gunzip off; keepalive_requests 1000000; sendfile off;
  open_file_cache max=100; open_file_cache_valid 60s;
  default_type "text/html; charset=utf-8"; {headers}
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; }}
}}
"""


def main() -> None:
    """Print requests a second and the ratio to nginx, with connections kept and with a new one each."""
    for program in ("nginx", "wrk", "taskset"):
        if shutil.which(program) is None and not Path(f"/usr/sbin/{program}").exists():
            sys.exit(f"{program} is missing: sudo apt install nginx-light wrk util-linux")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        settings.write(folder, settings.Settings(name="Port Miralo", latitude=36.5, longitude=15.0))
        build(folder)
        with ours(folder) as our_port:
            answer = ask(our_port)
            with nginx(folder, answer) as nginx_port:
                assert ask(nginx_port)[1] == answer[1], "both must serve the same bytes"
                report({"nginx": nginx_port, "fieldref": our_port}, len(answer[1]))


def report(ports: dict[str, int], size: int) -> None:
    """Measure turn and turn about, and print medians and ratios."""
    print(f"{PAGE}, {size} bytes packed, {CONNECTIONS} connections, {ROUNDS} x {SECONDS} s each, median\n")
    print(f"{'':24}{'nginx /s':>12}{'fieldref /s':>14}{'ratio':>8}")
    for kind, close in (("connections kept", False), ("a new connection each", True)):
        speeds: dict[str, list[float]] = {name: [] for name in ports}
        for _ in range(ROUNDS):
            for name, port in ports.items():
                speeds[name].append(load(port, close))
        theirs, own = (statistics.median(speeds[name]) for name in ("nginx", "fieldref"))
        print(f"{kind:24}{theirs:12,.0f}{own:14,.0f}{own / theirs:8.2f}")


def load(port: int, close: bool) -> float:
    """Requests a second that wrk got; an error of any kind ends the benchmark."""
    command = [
        "taskset",
        "-c",
        LOAD_CORE,
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{SECONDS}s",
        "-H",
        "Accept-Encoding: gzip",
    ]
    command += (["-H", "Connection: close"] if close else []) + [f"http://127.0.0.1:{port}{PAGE}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found, said
    return float(found[1])


@contextmanager
def ours(folder: Path) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "fieldref.web.listen", "public", str(folder), "127.0.0.1", str(port)]
    with running(["taskset", "-c", SERVER_CORE, *command], port):
        yield port


@contextmanager
def nginx(folder: Path, answer: tuple[dict[str, str], bytes]) -> Iterator[int]:
    headers, body = answer
    page = folder / "www" / (PAGE.strip("/") + ".gz")
    page.parent.mkdir(parents=True)
    page.write_bytes(body)
    for parent in [folder / "www", *page.relative_to(folder).parents]:
        (folder / parent).chmod(0o755)
    skipped = {"connection", "content-type", "content-length", "content-encoding", "etag", "server", "date"}
    same = " ".join(f'add_header {name} "{value}";' for name, value in headers.items() if name not in skipped)
    port = free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, headers=same))
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    with running(["taskset", "-c", SERVER_CORE, binary, "-c", str(folder / "nginx.conf")], port):
        yield port


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command)
    try:
        for _ in range(100):
            try:
                ask(port)
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def ask(port: int) -> tuple[dict[str, str], bytes]:
    """The packed answer, its headers in small letters."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{PAGE}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}, answer.read()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


if __name__ == "__main__":
    main()
