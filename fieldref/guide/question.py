"""The question of consent read by a speaker: consent/<language>.mp3 in the safe-point's folder or the shipped seed.

None is shipped: no speaker has read it yet. What is in the folder goes before what is shipped.
"""

from dataclasses import dataclass
from pathlib import Path

from fieldref.folders import folder as shipped
from fieldref.guide.audio import KINDS, LARGEST
from fieldref.languages import BY_CODE

FOLDER = "consent"


@dataclass(frozen=True)
class Sound:
    """A recording: where it lies, its media type, its size in bytes."""

    path: Path
    kind: str
    size: int

    def content(self) -> bytes:
        return self.path.read_bytes()


def recorded(folder: Path, language: str) -> Sound | None:
    """The question read aloud in *language* (a code) for the safe-point in *folder*, or None.

    A file that is empty, too large or no sound of the kind that its name says is none: the question is shown anyway.
    """
    if language not in BY_CODE:
        return None
    for place in (folder, shipped("seed")):
        for ending in KINDS:
            if (sound := _sound(place / FOLDER / f"{language}.{ending}", ending)) is not None:
                return sound
    return None


def _sound(path: Path, ending: str) -> Sound | None:
    kind, skipped, beginnings = KINDS[ending]
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        return None
    sound = head[skipped:].startswith(beginnings) and size <= LARGEST
    return Sound(path, kind, size) if sound else None
