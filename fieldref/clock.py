"""What time it is here, and who says so: a Raspberry Pi has no clock battery, and wakes up in the past.

A clock is *trusted* when the network set it, when the branch said the time, or when a person looked and said yes;
until then hours are shown but never "open now", and nothing is removed for being old. What was said holds for as
long as the machine runs: it is kept as the moment at which the machine started, and counted from there by a clock
that nobody can set. A machine with a battery for its clock keeps it over a restart too, as long as its day goes on
from the last one that was seen.

Times are local and without a zone, like the hours on a door. `use` names the folder whose clock this process goes
by; before that, and at a branch, it is the machine's own.
"""

import json
import subprocess
import threading
import time
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from fieldref.database import write_whole
from fieldref.refusal import Refusal

FILE_NAME = "clock.json"
LARGEST = 4096
Source = Literal["", "network", "branch", "person", "kept"]
SAID: tuple[Source, ...] = ("person", "branch")

# A year that is none of these is a slip of a finger. In the last that there are, the hours of tomorrow cannot be told.
YEARS = range(2024, 2100)
AGREE = timedelta(minutes=2)  # a set clock may differ by this from one that was never touched
GAP = timedelta(days=30)  # a battery may be believed over this long a silence
ASKED_AGAIN = 5.0  # seconds for which an answer of this module holds
NETWORK_ASKED_AGAIN = 60.0
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
BATTERY = Path("/dev/rtc0")
MODEL = Path("/proc/device-tree/model")
SET_BY_NETWORK = Path("/run/systemd/timesync/synchronized")  # systemd-timesyncd makes it; others answer timedatectl


class ClockRefused(Refusal):
    """This cannot be the time."""


@dataclass(frozen=True)
class Clock:
    """What a clock says: add `correction` to the machine's own time. `source` says who stands for it, "" nobody."""

    source: Source = ""
    correction: timedelta = timedelta()
    said: str = ""  # tells one confirmation from the next

    @property
    def trusted(self) -> bool:
        return self.source != ""

    @property
    def mark(self) -> tuple[str, str]:
        """The same for as long as nobody says otherwise."""
        return self.source, self.said


@dataclass(frozen=True)
class _Memory:
    """clock.json: `started` is when the machine started, by what was said in the boot `boot`; `day` was seen last.

    `correction` (seconds) is what the machine's own clock lacked then.
    """

    boot: str = ""
    started: str = ""
    source: Source = ""
    correction: float = 0.0
    day: str = "1970-01-01"


class Machine:
    """The machine's own clocks; tests put another in its place."""

    def now(self) -> datetime:
        """What the machine holds to be the time. Anybody may set it."""
        return datetime.now()

    def running(self) -> timedelta:
        """How long the machine has been running, asleep or not. Nobody can set that."""
        which = getattr(time, "CLOCK_BOOTTIME", None)
        return timedelta(seconds=time.monotonic() if which is None else time.clock_gettime(which))

    def boot(self) -> str:
        """What tells one start of the machine from the next; empty where a system does not say."""
        try:
            return BOOT_ID.read_text("ascii").strip()
        except OSError:
            return ""

    def has_battery(self) -> bool:
        """Whether its clock goes on while it is off. A Raspberry Pi 5 has the clock and rarely the battery."""
        if not BOOT_ID.exists():
            return True  # Windows and macOS run on nothing else
        return BATTERY.exists() and not _model().startswith("Raspberry Pi")

    def by_network(self) -> bool:
        """Whether a time server has set its clock since it started."""
        if SET_BY_NETWORK.exists():
            return True
        ask = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
        try:
            answer = subprocess.run(ask, capture_output=True, text=True, timeout=2, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired):
            return False
        return answer.stdout.strip() == "yes"


MACHINE = Machine()
_folder: Path | None = None
_lock = threading.Lock()
_known: tuple[float, Clock] | None = None
_network: tuple[float, bool] | None = None
_first: tuple[datetime, timedelta] | None = None  # the machine's time and its running time when first asked


def use(folder: Path) -> None:
    """Go by the clock of the safe-point in *folder* from now on. One process serves one folder."""
    global _folder, _known, _network, _first
    with _lock:
        _folder, _known, _network, _first = folder, None, None, None


def now() -> datetime:
    """The local time as far as it is known; never before a day that was seen here already."""
    return MACHINE.now() + state().correction


def today() -> date:
    """The day that a record of now carries."""
    return now().date()


def state() -> Clock:
    """Who stands for the time, asked again every few seconds."""
    global _known
    if _folder is None:
        return Clock()
    with _lock:
        moment = time.monotonic()
        if _known is None or moment - _known[0] > ASKED_AGAIN:
            _known = (moment, _state(_folder))
        return _known[1]


def confirm(said: datetime, source: Source = "person", *, sure: bool = False) -> None:
    """Go by *said*, local time without a zone, from now on: a person, or the branch, says that it is the time.

    Raises ClockRefused for a year that cannot be, and for a time before the last day that was seen here, unless
    somebody is *sure*: then that day was the mistake.
    """
    if _folder is None or source not in SAID:
        raise ValueError("no folder is in use, or nobody said so")
    if said.year not in YEARS:
        raise ClockRefused(f"the year {said.year} is not now; look at the day again")
    memory = _read(_folder)
    if not sure and said.date() < date.fromisoformat(memory.day):
        raise ClockRefused(f"this box has seen {memory.day} already; look at the day again")
    new = _Memory(
        boot=MACHINE.boot(),
        started=(said - MACHINE.running()).isoformat(),
        source=source,
        correction=(said - MACHINE.now()).total_seconds(),
        day=said.date().isoformat(),
    )
    _keep(_folder, new)


def seen(day: date) -> None:
    """Note that *day* has come: a trusted clock, or a pack that the branch signed, says so. No earlier one is today."""
    if _folder is not None and day.year in YEARS and day > date.fromisoformat((memory := _read(_folder)).day):
        _keep(_folder, replace(memory, day=day.isoformat()))


def _state(folder: Path) -> Clock:
    memory = _read(folder)
    clock = _said(memory) or _by_network() or _over_a_restart(memory)
    earliest = datetime.fromisoformat(memory.day)
    if clock.trusted and (MACHINE.now() + clock.correction).date() >= earliest.date():
        return clock
    # Nobody stands for it. It is no earlier than what we have seen, whatever the machine says.
    return Clock("", max(earliest - MACHINE.now(), timedelta()))


def _said(memory: _Memory) -> Clock | None:
    """What was said since the machine started, whatever its own clock was set to since."""
    if memory.source not in SAID or not memory.boot or memory.boot != MACHINE.boot():
        return None
    moment = datetime.fromisoformat(memory.started) + MACHINE.running()
    return Clock(memory.source, moment - MACHINE.now(), memory.started)


def _by_network() -> Clock | None:
    global _network
    moment = time.monotonic()
    if _network is None or moment - _network[0] > NETWORK_ASKED_AGAIN:
        _network = (moment, MACHINE.by_network())
    return Clock("network") if _network[1] else None


def _over_a_restart(memory: _Memory) -> Clock:
    """What was said before this start, where a battery has kept the clock going and nobody set it since."""
    global _first
    if memory.source not in SAID or not MACHINE.has_battery():
        return Clock()
    wall, running = MACHINE.now(), MACHINE.running()
    if _first is None:
        _first = (wall, running)
    if abs((wall - _first[0]) - (running - _first[1])) > AGREE:
        return Clock()
    correction = timedelta(seconds=memory.correction)
    last = date.fromisoformat(memory.day)
    return Clock("kept", correction, memory.started) if last <= (wall + correction).date() <= last + GAP else Clock()


def _read(folder: Path) -> _Memory:
    """What is kept in *folder*; nothing where it cannot be read, because the doors must open."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            found: dict[str, Any] = json.loads(file.read(LARGEST))
        memory = _Memory(**found)
        if date.fromisoformat(memory.day).year > YEARS[-1]:
            return _Memory()
        timedelta(seconds=memory.correction)
        if memory.source:
            datetime.fromisoformat(memory.started)
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):
        return _Memory()
    return memory


def _keep(folder: Path, memory: _Memory) -> None:
    global _known, _first
    with _lock:
        write_whole(folder / FILE_NAME, json.dumps(vars(memory)).encode())
        _known = _first = None


def _model() -> str:
    try:
        return MODEL.read_text("utf-8", errors="replace")
    except OSError:
        return ""
