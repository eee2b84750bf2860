"""Something small to be done within a minute, in a thread of its own, and only when somebody asked for it."""

import threading
from collections.abc import Callable

MINUTE = 60.0  # seconds


class Later:
    """Calls *chore* a minute after it was first asked for; what is asked in between is the same call."""

    def __init__(self, chore: Callable[[], None], seconds: float = MINUTE) -> None:
        self._chore = chore
        self._seconds = seconds
        self.asked = False

    def ask(self) -> None:
        """Have the chore done. It is not done if the process ends before."""
        if self.asked:
            return
        self.asked = True
        timer = threading.Timer(self._seconds, self._do)
        timer.daemon = True
        timer.start()

    def _do(self) -> None:
        self.asked = False
        self._chore()
