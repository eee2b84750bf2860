"""What an installation of the hotspot put where, and what was there before: what `remove` needs to undo it."""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from fieldref.database import write_whole
from fieldref.refusal import Refusal

PATH = Path("etc", "fieldref", "hotspot.json")
FORMAT = 1


@dataclass
class Written:
    """One file: the digest of what we wrote, and what stood there before us (`before` is None: nothing did)."""

    digest: str
    before: str | None = None
    before_mode: int = 0

    @property
    def before_content(self) -> bytes | None:
        return None if self.before is None else base64.b64decode(self.before)


@dataclass
class Manifest:
    """All that one installation changed. Not `finished`: it was interrupted, and its commands are to be run again.

    `owner` (user, group) had `folder` before. `users` and `folders` are those that were made.
    """

    folder: str
    owner: tuple[int, int] | None = None
    finished: bool = False
    users: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    files: dict[str, Written] = field(default_factory=dict)


def read(root: Path) -> Manifest | None:
    """Return what was installed below *root*; None if nothing was."""
    path = root / PATH
    try:
        found = json.loads(path.read_text("utf-8"))
        if found.pop("format") != FORMAT:
            raise Refusal(f"{path} was written by another version of fieldref: use that one to remove the hotspot")
        files = {name: Written(**each) for name, each in found.pop("files").items()}
        owner = found.pop("owner")
        return Manifest(**found, files=files, owner=tuple(owner) if owner else None)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refusal(f"{path} is damaged: what was there before the hotspot cannot be told from it") from None


def write(root: Path, manifest: Manifest) -> None:
    """Keep *manifest* below *root*, for root alone: it may hold a Wi-Fi's password."""
    write_whole(root / PATH, json.dumps({"format": FORMAT} | asdict(manifest), indent=1).encode(), mode=0o600)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def kept(content: bytes) -> str:
    """*content* as a manifest keeps it."""
    return base64.b64encode(content).decode()
