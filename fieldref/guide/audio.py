"""Pages read aloud: <folder>/<section>/<slug>/<language>.mp3 beside the text, kept inside guide.db.

A recording belongs to the text it lies beside: where a later folder replaces the text, the recording of the words
that were replaced is not used.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from fieldref.database import Database
from fieldref.refusal import Refusal

# By preference: every phone plays the first. Each with how such a file begins, and after how many bytes.
KINDS: dict[str, tuple[str, int, tuple[bytes, ...]]] = {
    "mp3": ("audio/mpeg", 0, (b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3", b"\xff\xe2")),
    "m4a": ("audio/mp4", 4, (b"ftyp",)),
    "opus": ("audio/ogg", 0, (b"OggS",)),
    "ogg": ("audio/ogg", 0, (b"OggS",)),
}
# What recorders also write, and not every phone plays.
OTHERS = {"aac", "amr", "3gp", "flac", "wav", "webm", "wma"}
LARGEST = 3_000_000  # bytes: eight minutes of speech at 48 kbit/s; more keeps a shared Wi-Fi busy
SCHEMA = """
    CREATE TABLE audio (
        section TEXT, slug TEXT, language TEXT, ending TEXT, bytes INTEGER, mark TEXT, content BLOB,
        PRIMARY KEY (section, slug, language)
    ) STRICT;
"""
COLUMNS = "section, slug, language, ending, bytes, mark"

Key = tuple[str, str, str]


class RecordingError(Refusal):
    """A recording cannot be used; the message names the file and the reason."""


@dataclass(frozen=True)
class Recording:
    """One page read aloud in one language. `mark` is a short hash: another recording has another."""

    section: str
    slug: str
    language: str
    ending: str
    bytes: int
    mark: str

    @property
    def kind(self) -> str:
        """What a phone is told that it is: audio/mpeg."""
        return KINDS[self.ending][0]

    @property
    def kilobytes(self) -> int:
        """Its size for readers, never 0."""
        return max(1, round(self.bytes / 1000))

    @property
    def file_name(self) -> str:
        """How it is called on the phone that keeps it."""
        return f"{self.slug}-{self.language}.{self.ending}"


def read(folders: Iterable[Path], texts: Collection[Key]) -> tuple[dict[Recording, Path], tuple[RecordingError, ...]]:
    """Find the recordings of *texts* (section, slug, language) in *folders*; a later folder goes before an earlier.

    What cannot be used is returned as errors and left out.
    """
    found: dict[Recording, Path] = {}
    errors: list[RecordingError] = []
    for key, path in sorted(_files(folders).items()):
        try:
            if key not in texts:
                raise RecordingError(f"{path}: there is no text that can be used beside it, so no page to play it on")
            found[_recording(key, path)] = path
        except RecordingError as error:
            errors.append(error)
    return found, tuple(errors)


def store(db: Database, found: Mapping[Recording, Path]) -> None:
    """Make the table in a guide that is being built, and fill it: one file at a time in memory."""
    db.conn.executescript(SCHEMA)
    for recording, path in found.items():
        row = (*astuple(recording), path.read_bytes())
        db.conn.execute(f"INSERT INTO audio ({COLUMNS}, content) VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608 (a constant)


def stored(db: Database) -> dict[Key, Recording]:
    """The recordings of a guide, without their bytes; none in a guide that is older than recordings."""
    if not db.table("audio").exists():
        return {}
    rows = db.conn.execute(f"SELECT {COLUMNS} FROM audio")  # noqa: S608 (a constant)
    return {(row[0], row[1], row[2]): Recording(*row) for row in rows}


def sound(db: Database, recording: Recording) -> bytes:
    """The bytes of *recording*, which is one of those `stored` in this guide."""
    key = (recording.section, recording.slug, recording.language)
    row = db.conn.execute("SELECT content FROM audio WHERE section = ? AND slug = ? AND language = ?", key).fetchone()
    return bytes(row[0])


def _files(folders: Iterable[Path]) -> dict[Key, Path]:
    found: dict[Key, Path] = {}
    for folder in folders:
        for text in folder.glob("*/*/*.md"):
            found.pop(_key(text), None)
        sounds = [path for path in folder.glob("*/*/*") if _ending(path) in OTHERS | KINDS.keys() and path.is_file()]
        found.update((_key(path), path) for path in sorted(sounds, key=_rank, reverse=True))
    return found


def _rank(path: Path) -> tuple[int, str]:
    order = [*KINDS, *sorted(OTHERS)]
    return order.index(_ending(path)), path.name


def _ending(path: Path) -> str:
    return path.suffix.removeprefix(".").lower()


def _key(path: Path) -> Key:
    return path.parts[-3], path.parts[-2], path.stem


def _recording(key: Key, path: Path) -> Recording:
    ending = _ending(path)
    if ending not in KINDS:
        raise RecordingError(f"{path}: not every phone plays {ending}; make it one of {', '.join(KINDS)}")
    # Looked at before it is read: it could be a film.
    if path.stat().st_size > LARGEST:
        raise RecordingError(
            f"{path}: it has {path.stat().st_size / 1e6:.1f} MB; at most {LARGEST / 1e6:.0f} MB are kept"
        )
    content = path.read_bytes()
    _, skipped, beginnings = KINDS[ending]
    if not content[skipped:].startswith(beginnings):
        raise RecordingError(f"{path}: it is not a sound of the kind that its name says ({ending})")
    return Recording(*key, ending, len(content), hashlib.sha256(content).hexdigest()[:10])
