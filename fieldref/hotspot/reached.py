"""Would making the hotspot cut somebody off? Its radio may be the way by which one is logged in."""

import json
import os
from pathlib import Path

from fieldref.hotspot import commands

LOGIN = "SSH_CONNECTION"  # "their-address their-port our-address our-port"
PROCESSES = Path("/proc")


def cut_off(interface: str) -> str:
    """Return in words why somebody may be cut off when *interface* becomes the hotspot; empty if nothing speaks for it.

    sudo takes the login out of the environment, so the processes that started this one are asked too.
    """
    login = _login(os.getpid())
    addresses = _addresses(interface)
    if login and addresses is None:
        return f"you are logged in from {login[0]}, and it cannot be told whether that is by {interface}"
    if login and addresses and login[1] in addresses:
        return f"you are logged in from {login[0]} by {interface}"
    if interface in _ways_out():
        return f"{interface} is this machine's way to its network"
    return ""


def _login(process: int) -> tuple[str, str] | None:
    """Their address and ours, of the login that this *process* belongs to."""
    said = os.environ.get(LOGIN, "")
    while not said and process > 1:
        said = _environment(process).get(LOGIN, "")
        process = _parent(process)
    words = said.split()
    return (words[0], words[2]) if len(words) == 4 else None


def _environment(process: int) -> dict[str, str]:
    try:
        content = (PROCESSES / str(process) / "environ").read_text("utf-8", "replace")
    except OSError:
        return {}
    return dict(line.split("=", 1) for line in content.split("\0") if "=" in line)


def _parent(process: int) -> int:
    try:
        content = (PROCESSES / str(process) / "stat").read_text("utf-8", "replace")
    except OSError:
        return 0
    return int(content.rpartition(")")[2].split()[1])


def _addresses(interface: str) -> set[str] | None:
    """The addresses of *interface*; None where that cannot be told."""
    answer = commands.ask(f"ip -json address show dev {interface}")
    if answer is None:
        return set() if not (Path("/sys/class/net") / interface).exists() else None
    return {each["local"] for link in json.loads(answer) for each in link.get("addr_info", ())}


def _ways_out() -> set[str]:
    """The interfaces with a default route."""
    try:
        lines = (PROCESSES / "net" / "route").read_text("utf-8").splitlines()[1:]
    except OSError:
        return set()
    return {line.split()[0] for line in lines if line.split()[1] == "00000000"}
