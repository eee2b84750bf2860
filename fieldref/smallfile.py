"""A small file that one door writes whole and another reads: read again only when it was replaced."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

Content = TypeVar("Content")
Identity = tuple[int, int, int] | None


class SmallFile(Generic[Content]):
    """What *read* makes of the file at *path*; safe to ask from many threads. *read* never raises."""

    def __init__(self, path: Path, read: Callable[[Path], Content]) -> None:
        self._path = path
        self._read = read
        self._lock = threading.Lock()
        self._known: tuple[Identity, Content] | None = None

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
            if self._known is None or self._known[0] != identity:
                self._known = identity, self._read(self._path)
            return self._known[1]
