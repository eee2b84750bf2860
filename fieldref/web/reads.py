"""How often each page of the guide is read: counted in memory, written down once a minute, and only in coarse steps.

A page that was read fewer than five times in a language on a day is not on the disk at all: in a rare language it
could be the same person. So the counts mean "at least". What the door counted since the last step or minute is lost
when it stops, by itself or in a power cut; that is the price of never writing per reader.
"""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

from fieldref import clock
from fieldref.refusal import Refusal
from fieldref.voices import PageView, hear_all
from fieldref.web.later import Later

STEPS = (0, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)

IsPage = Callable[[str, str], bool]


class Reads:
    """The counts of one door since midnight. *is_page* says whether a language has a page (section/slug)."""

    def __init__(self, folder: Path, is_page: IsPage, today: Callable[[], date] = clock.today) -> None:
        self._folder = folder
        self._is_page = is_page
        self._today = today
        self._day = today()
        self._lock = threading.Lock()
        self._paths: dict[str, int] = {}
        self._read: Counter[tuple[str, str]] = Counter()
        self._writing = Later(self.write)

    def count(self, path: str) -> None:
        """Somebody reads *path*. In front of every page, so no lock: two threads at once may count one."""
        self._paths[path] = self._paths.get(path, 0) + 1
        if not self._writing.asked:
            self._writing.ask()

    def write(self) -> None:
        """Keep the steps that were reached since the last time. Where that fails, they are not kept."""
        with self._lock:
            paths, self._paths = self._paths, {}
            if self._day != self._today():
                self._day, self._read = self._today(), Counter()
            steps = [view for path, times in paths.items() for view in self._reached(path, times)]
        if steps:
            try:
                hear_all(self._folder, steps)
            except Refusal:
                return

    def _reached(self, path: str, times: int) -> list[PageView]:
        language, _, page = path.removeprefix("/").partition("/")
        if page.count("/") != 1 or not self._is_page(language, page):
            return []
        before = self._read[language, page]
        self._read[language, page] += times
        return [
            PageView(day=self._day.isoformat(), page=page, language=language, count=step - last)
            for last, step in pairwise(STEPS)
            if before < step <= before + times
        ]
