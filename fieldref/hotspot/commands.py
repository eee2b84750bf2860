"""The commands that bring the hotspot's files to life, and take it down. Every command of the hotspot runs here."""

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldref.hotspot import sharing
from fieldref.hotspot.wanted import Hotspot
from fieldref.refusal import Refusal

PATIENCE = 90  # seconds; a radio may need many to become an access point
DOORS = ("fieldref-public.service", "fieldref-staff.service")
STAFF_LAN = "fieldref-staff-lan.service"


@dataclass(frozen=True)
class Command:
    """A command and why it is run. One that may fail (`must` is false) was only wanted where it works."""

    words: tuple[str, ...]
    why: str
    must: bool = True

    def __str__(self) -> str:
        return " ".join(self.words)


def _command(words: str, why: str, *, must: bool = True) -> Command:
    return Command(tuple(words.split()), why, must)


def doors_of(hotspot: Hotspot) -> tuple[str, ...]:
    """The units of the doors."""
    return (*DOORS, STAFF_LAN) if hotspot.staff_lan else DOORS


def to_install(hotspot: Hotspot) -> tuple[Command, ...]:
    """Return what is run once the files are there."""
    return (
        _command("systemd-sysusers /etc/sysusers.d/fieldref.conf", "makes the two users of the doors"),
        _command(
            f"{hotspot.python} -I -m fieldref.hotspot.sharing {hotspot.folder}",
            f"gives the folder to {sharing.STAFF}, and to {sharing.PUBLIC} only what phones are shown",
        ),
        _command("systemctl daemon-reload", "reads the units"),
        _command("systemctl restart systemd-journald.service", "moves the journal into memory"),
        _command("systemctl restart fieldref-wall.service", "puts up the wall before any phone can join"),
        _command(f"iw reg set {hotspot.country}", "tells the radio its country without a restart", must=False),
        _command("nmcli radio wifi on", "switches the radio on where it was blocked"),
        _command("systemctl try-restart wpa_supplicant.service", "keeps it from noting phones", must=False),
        _command("nmcli connection reload", "reads the profile"),
        _command("nmcli --wait 60 connection up fieldref", "makes the Wi-Fi"),
        _command(f"systemctl restart {' '.join(doors_of(hotspot))}", "opens the doors"),
    )


def before_removal(doors: Iterable[str]) -> tuple[Command, ...]:
    """Return what is run while the files are still there; *doors* are the units that were installed."""
    return (
        _command(f"systemctl stop {' '.join(doors)}", "closes the doors", must=False),
        _command("nmcli connection down fieldref", "ends the Wi-Fi", must=False),
        _command("systemctl stop fieldref-wall.service", "takes the wall down", must=False),
    )


def after_removal(users: Iterable[str]) -> tuple[Command, ...]:
    """Return what is run once the files are gone; *users* are those that the installation made."""
    return (
        _command("systemctl daemon-reload", "forgets the units", must=False),
        _command("nmcli connection reload", "forgets the profile", must=False),
        _command("systemctl try-restart wpa_supplicant.service", "has it as it was", must=False),
        _command(
            "systemctl restart systemd-journald.service", "keeps the journal where it was kept before", must=False
        ),
        *(_command(f"userdel {name}", "removes a user that was made for a door", must=False) for name in users),
    )


def run(commands: Iterable[Command]) -> list[str]:
    """Run *commands* in their order; return what those said that failed and might.

    Raises Refusal at the first that fails and must not.
    """
    complaints = []
    for command in commands:
        _, said = _run(command.words)
        if said and command.must:
            raise Refusal(f"{command} failed: {said}. Mend it and run fieldref hotspot install again")
        if said:
            complaints.append(f"{command}: {said}")
    return complaints


def ask(words: str) -> str | None:
    """Return what the command *words* answers; None where it fails or is not there. For those that only look."""
    answer, wrong = _run(words.split())
    return None if wrong else answer


def _run(words: Sequence[str]) -> tuple[str, str]:
    """The answer, and in one line what went wrong, if anything did."""
    try:
        done = subprocess.run(  # noqa: S603 (our own words; what comes from settings was checked)
            words, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except FileNotFoundError:
        return "", "there is no such program"
    except subprocess.TimeoutExpired:
        return "", f"it did not end within {PATIENCE} seconds"
    if done.returncode == 0:
        return done.stdout, ""
    said = (done.stderr or done.stdout).strip().splitlines()
    return done.stdout, said[-1].rstrip(".") if said else f"it ended with status {done.returncode}"
