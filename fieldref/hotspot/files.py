"""The files of the hotspot, as they are to stand on the disk: one template each, under files/, where its path is.

A template begins with the reason for the file; that is what `fieldref hotspot plan` says of it. One that comes out
empty is not wanted. Adding a file to the hotspot is adding a template.
"""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fieldref import voices
from fieldref.hotspot import sharing, wanted
from fieldref.hotspot.wanted import Hotspot

HERE = Path(__file__).parent
REASON = re.compile(r"\A((?:#.*\n)+)")
SECRET = {".nmconnection"}  # the Wi-Fi's password; NetworkManager reads no other mode


@dataclass(frozen=True)
class File:
    """A file at *path* (from the root) with this *content* and *mode*, and *why*."""

    path: PurePosixPath
    content: str
    mode: int
    why: str


def files_of(hotspot: Hotspot) -> tuple[File, ...]:
    """Return the files that make *hotspot*, by their paths."""
    templates = HERE / "files"
    # Configuration and not HTML: there is nothing to escape, and wanted.py lets nothing through that would need it.
    made = Environment(  # noqa: S701
        loader=FileSystemLoader([templates, HERE / "parts"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update(
        hotspot=hotspot,
        nowhere=wanted.NOWHERE,
        staff_port=wanted.STAFF_PORT,
        voices=voices.SHARED,
        staff_user=sharing.STAFF,
        public_user=sharing.PUBLIC,
    )
    found = []
    for template in sorted(path for path in templates.rglob("*") if path.is_file()):
        name = template.relative_to(templates).as_posix()
        content = made.get_template(name).render()
        if content.strip():
            found.append(_file(PurePosixPath("/", name), content.rstrip("\n") + "\n"))
    return tuple(found)


def _file(path: PurePosixPath, content: str) -> File:
    reason = REASON.match(content)
    why = " ".join(line.lstrip("# ") for line in reason[1].splitlines()) if reason else ""
    return File(path, content, 0o600 if path.suffix in SECRET else 0o644, why)
