"""A small file that one door writes whole and another reads: read again only when it was replaced."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

Content = TypeVar("Content")
Identity = tuple[int, int, int] | None


class SmallFile(Generic[Content]):
    """What *read*, which never raises, makes of the file at *path*; *nothing* while there is none.

    Safe to ask from many threads.
    """

    def __init__(self, path: Path, read: Callable[[Path], Content], nothing: Content) -> None:
        self._path = path
        self._read = read
        self._nothing = nothing
        self._lock = threading.Lock()
        self._known: tuple[Identity, Content] = None, nothing

    def identity(self) -> Identity:
        """What tells one file from the next; None while there is none."""
        try:
            seen = self._path.stat()
        except OSError:
            return None
        return seen.st_ino, seen.st_mtime_ns, seen.st_size

    def content(self) -> Content:
        identity = self.identity()
        with self._lock:
            if self._known[0] != identity:
                self._known = identity, self._nothing if identity is None else self._read(self._path)
            return self._known[1]
