"""Files that are sent in, in a private folder on the disk they are for; it is gone with the request."""

import errno
import io
import shutil
import tempfile
from pathlib import Path
from typing import IO, cast

from flask import Flask, Request, current_app, g

PREFIX = ".coming-"


class Capped(io.FileIO):
    """A new file that keeps the first *most* bytes and one more, whatever is written: so much says it is too large."""

    def __init__(self, path: Path, most: int) -> None:
        super().__init__(path, "x+b")
        self._most = most + 1

    def write(self, data: bytes) -> int:  # type: ignore[override]  # (werkzeug gives bytes)
        taken = data[: max(0, self._most - self.tell())]
        if super().write(taken) != len(taken):
            raise OSError(errno.ENOSPC, "the disk is full")
        return len(data)


class IncomingRequest(Request):
    """A request whose files go where `FILES` says for its endpoint: a file each, of so many bytes at most."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        most: int | None = current_app.config["FILES"].get(self.endpoint)
        if most is None:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        if "room" not in g:
            g.room = Path(tempfile.mkdtemp(prefix=PREFIX, dir=current_app.config["FOLDER"]))
            g.sent = []
        # Never under the name it was sent with: that is whatever somebody wrote.
        g.sent.append(Capped(g.room / f"{len(g.sent)}", most))
        return cast(IO[bytes], g.sent[-1])


def paths_of(name: str, request: Request) -> list[tuple[str, Path]]:
    """The files of the field *name*: what each was called, cleaned for a screen, and where it lies, closed."""
    found = []
    for sent in request.files.getlist(name):
        path = Path(cast(Capped, sent.stream).name)
        sent.close()
        if sent.filename:
            found.append((shown_name(sent.filename), path))
    return found


def shown_name(name: str) -> str:
    """The name of a file as it may stand on a screen: without folders, and without what turns or hides letters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character if character.isprintable() else "?" for character in last)[:80] or "?"


def take_files(app: Flask, folder: Path, files: dict[str, int]) -> None:
    """Let *app* take files at the endpoints *files*, each of so many bytes; what a power cut left is removed."""
    for left in folder.glob(f"{PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
    app.request_class = IncomingRequest
    app.config["FILES"] = files
    app.teardown_request(_clear)


def _clear(error: BaseException | None) -> None:
    room = g.pop("room", None)
    if room is not None:
        for each in g.pop("sent"):
            each.close()  # what is open cannot be removed everywhere
        shutil.rmtree(room, ignore_errors=True)
