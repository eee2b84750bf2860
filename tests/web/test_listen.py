"""A door listens where it may, and nowhere else."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from fieldref.cli.demo import _free
from fieldref.refusal import Refusal
from fieldref.web import listen


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::"])
def test_the_staff_door_refuses_to_leave_the_machine(tmp_path: Path, host: str) -> None:
    with pytest.raises(Refusal, match="this machine only"):
        listen.listen("staff", tmp_path, host, 8081)


def test_a_door_that_cannot_open_says_why_in_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "fieldref.web.listen", "staff", str(tmp_path), "0.0.0.0", "8081"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("fieldref: the staff door")


def test_a_port_that_is_taken_is_named_before_anything_is_made() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Refusal, match=f"port {port} is taken"):
            _free(port, "--port")


def test_a_free_port_is_free() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    _free(port, "--port")
