"""The child processes that read payloads (reader.py): each has its own, and ends in time whatever it reads.

Where the system can, one process is kept ready and forks for every payload: that costs a millisecond, not thirty.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import IO, Any

from fieldref.exchange import reader
from fieldref.folders import PACKAGE
from fieldref.refusal import Refusal

LONGEST_LINE = 16 * 2**20
CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")
# Nothing of the environment (a passphrase may stand there) but what a program needs to start at all.
NEEDED = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


class PayloadRefused(Refusal):
    """What a bundle holds is not what a safe-point records."""


class Confined:
    """Has payloads read, one at a time; for use in a `with` block, by one thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._late = False

    def __enter__(self) -> "Confined":
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    @contextmanager
    def answer(self, payload: bytes) -> Iterator[Iterator[list[Any]]]:
        """Yield the lines that a new process says of *payload*; none of them is to be believed.

        They raise PayloadRefused where the process does not come to its end.
        """
        source, target = self._files()
        self._late = False
        timer = Timer(10 * reader.seconds(len(payload)), self._too_late)
        timer.start()
        try:
            with suppress(BrokenPipeError), source:
                source.write(payload)
            with target:
                yield self._lines(target)
        finally:
            timer.cancel()
            if not CAN_FORK:
                self._stop()

    def _files(self) -> tuple[IO[bytes], IO[bytes]]:
        """Where to write a payload, and where to read what a new process says of it."""
        (theirs_in, source), (target, theirs_out) = os.pipe(), os.pipe()
        try:
            if CAN_FORK:
                socket.send_fds(self._ready(), [b"?"], [theirs_in, theirs_out])
            else:
                self._process = _python("main()", stdin=theirs_in, stdout=theirs_out)
        except BaseException:
            os.close(source)
            os.close(target)
            raise
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        return open(source, "wb"), open(target, "rb")

    def _ready(self) -> socket.socket:
        if self._control is None or self._process is None or self._process.poll() is not None:
            self._stop()
            self._control, theirs = socket.socketpair()
            with theirs:
                its = theirs.fileno()
                self._process = _python(f"serve({its})", pass_fds=[its], start_new_session=True)
        return self._control

    def _lines(self, answer: IO[bytes]) -> Iterator[list[Any]]:
        while (line := answer.readline(LONGEST_LINE)).endswith(b"\n"):
            said = json.loads(line)
            if said == ["end"]:
                return
            if said == ["newer"]:
                raise PayloadRefused("it was made by a newer fieldref: update this one first")
            yield said
        if self._late:
            raise PayloadRefused("reading it takes too long")
        raise PayloadRefused("the database inside is not one that fieldref made")

    def _too_late(self) -> None:
        self._late = True
        self._stop()

    def _stop(self) -> None:
        """End the process, and all that it forked."""
        process, control = self._process, self._control
        self._process, self._control = None, None
        if control:
            control.close()
        if process:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9) if CAN_FORK else process.kill()
            process.wait()


def _python(call: str, **options: Any) -> "subprocess.Popen[bytes]":
    # -I and our own path alone: the folder one stands in, a stick's perhaps, must not offer a module.
    code = f"import sys; sys.path.append({str(PACKAGE.parent)!r}); from fieldref.exchange.reader import *; {call}"
    around = {name: os.environ[name] for name in NEEDED if name in os.environ}
    silence = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    return subprocess.Popen([sys.executable, "-I", "-S", "-c", code], env=around, **{**silence, **options})  # noqa: S603
