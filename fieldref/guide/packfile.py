"""A pack as a file, format 1: a signed header, and the pages and services that a branch publishes.

"FRP1", the length of the header (4 bytes, the highest first), the header (JSON), 64 bytes of signature over all of
that, and the body, whose SHA-256 the header holds: the length of a list (4 bytes), the list of names and lengths
(JSON), and the files in its order, to the last byte. Nothing in it is packed, so nothing can unpack to more.
Who may sign is for `fieldref.exchange.pack`.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Literal

from fieldref.guide.tables import TABLES
from fieldref.refusal import Refusal

MAGIC = b"FRP1"
FORMAT = 1
KIND = "pack"
SIGNATURE = 64
LARGEST = 256 * 2**20
LARGEST_HEADER = 4_096
LARGEST_LIST = 2 * 2**20
MOST_FILES = 20_000
MOST_EDITIONS = 2**31
NONE_BEFORE = "0" * 64
CHUNK = 2**20
DIGEST = re.compile(r"[0-9a-f]{64}")
BRANCH = re.compile(r"[a-z2-7]{20}")
# Every name there is: pages and their recordings, the tables of the directory (or of the sample), what is beside.
NAME = re.compile(
    r"pages/[a-z]{1,20}/[a-z0-9]+(-[a-z0-9]+)*/[a-z]{2,3}\.(md|mp3|m4a|opus|ogg)"
    rf"|(directory|sample)/({'|'.join(TABLES)})\.csv"
    r"|beside/(card|revocations|(receipt|due)-[a-z2-7]{20})"
)
LONGEST_NAME = 200
# By the end of the name; a recording is looked at once more when the guide is built.
LARGEST_FILES = {"md": 500_000, "csv": 20_000_000}
LARGEST_FILE = 8_000_000


Kind = Literal["damaged", "not a pack", "newer", "other branch", "cannot be shown"]


class PackRefused(Refusal):
    """A file is no pack that can be used; the message says why, `kind` in a word, and nothing was changed."""

    def __init__(self, said: str, kind: Kind = "damaged") -> None:
        super().__init__(said)
        self.kind: Kind = kind


@dataclass(frozen=True)
class Header:
    """What a branch says of its pack: the how-manieth it is, of which day, and the SHA-256 of the pack before.

    `branch` is the id of the branch's card; `previous` is 64 zeros for the first; `length` and `sha256` are the
    body's.
    """

    format: int
    kind: str
    branch: str
    edition: int
    day: str
    previous: str
    length: int
    sha256: str


@dataclass(frozen=True)
class Head:
    """The beginning of a pack: its header, the bytes that are signed, the signature, and where the body begins."""

    header: Header
    signed: bytes
    signature: bytes

    @property
    def body(self) -> int:
        return len(self.signed) + SIGNATURE


@dataclass(frozen=True)
class Pack:
    """A pack that is whole: its file, its header, and where in it each file lies (offset and length)."""

    path: Path
    header: Header
    files: Mapping[str, tuple[int, int]]

    def content(self, name: str) -> bytes:
        """The bytes of the file *name*; KeyError where the pack has none."""
        offset, length = self.files[name]
        with self.path.open("rb") as file:
            file.seek(offset)
            return file.read(length)


def read_head(path: Path) -> Head:
    """Read the beginning of the pack at *path*. Nothing of it may be believed before its signature was checked."""
    with path.open("rb") as file:
        begin = file.read(len(MAGIC) + 4)
        length = int.from_bytes(begin[len(MAGIC) :], "big")
        if not begin.startswith(MAGIC):
            raise PackRefused("it is not a pack; ask your branch for a file that ends in .pack", "not a pack")
        if length > LARGEST_HEADER:
            raise PackRefused("it was made by a newer fieldref: update this one first", "newer")
        text, signature = file.read(length), file.read(SIGNATURE)
    if len(text) != length or len(signature) != SIGNATURE:
        raise PackRefused("it was cut short: copy it again")
    return Head(_header(text), begin + text, signature)


def read(path: Path) -> Pack:
    """Read the pack at *path*: its length, its digest and its list hold. Raises PackRefused."""
    head = read_head(path)
    header = head.header
    if path.stat().st_size != head.body + header.length:
        raise PackRefused("it was cut short, or something was added: copy it again")
    with path.open("rb") as file:
        file.seek(head.body)
        if _digest(file) != header.sha256:
            raise PackRefused("it is damaged: copy it again")
        file.seek(head.body)
        return Pack(path, header, _files(file, head))


def body_of(files: Mapping[str, bytes | Path]) -> Iterator[bytes]:
    """The body of a pack of *files*, in pieces. Raises PackRefused where a file has no place in a pack."""
    names = sorted(files)
    lengths = [_length(files[name]) for name in names]
    listed = json.dumps([list(each) for each in zip(names, lengths, strict=True)]).encode()
    _check_list(list(zip(names, lengths, strict=True)))
    yield len(listed).to_bytes(4, "big") + listed
    for name in names:
        found = files[name]
        yield found if isinstance(found, bytes) else found.read_bytes()


def signed_part(header: Header) -> bytes:
    """The bytes of *header* that a branch signs, as a pack begins with them."""
    text = json.dumps(asdict(header)).encode()
    return MAGIC + len(text).to_bytes(4, "big") + text


def unpack(pack: Pack, folder: Path) -> None:
    """Write the pages and services of *pack* into the new *folder*, as `pages` and `directory` or `sample`."""
    for name in pack.files:
        if not name.startswith("beside/"):
            path = folder.joinpath(*name.split("/"))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pack.content(name))


def _length(found: bytes | Path) -> int:
    return len(found) if isinstance(found, bytes) else found.stat().st_size


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(CHUNK):
        digest.update(piece)
    return digest.hexdigest()


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise PackRefused("it cannot be read") from None


def _header(text: bytes) -> Header:
    found = _json(text)
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise PackRefused("it is not a pack", "not a pack")
    if found.get("format") != FORMAT:
        raise PackRefused("it was made by a newer fieldref: update this one first", "newer")
    # bool is an int to isinstance; type() is not to be fooled.
    if {name: type(value) for name, value in found.items()} != {each.name: each.type for each in fields(Header)}:
        raise PackRefused("its header is not a pack's")
    header = Header(**found)
    shapes = BRANCH.fullmatch(header.branch) and DIGEST.fullmatch(header.previous) and DIGEST.fullmatch(header.sha256)
    if not shapes or not 1 <= header.edition < MOST_EDITIONS or not 4 <= header.length <= LARGEST:
        raise PackRefused("its header is not a pack's")
    try:
        if date.fromisoformat(header.day).isoformat() != header.day:
            raise ValueError
    except ValueError:
        raise PackRefused("its header is not a pack's") from None
    return header


def _files(file: BinaryIO, head: Head) -> dict[str, tuple[int, int]]:
    length = int.from_bytes(file.read(4), "big")
    if length > LARGEST_LIST:
        raise PackRefused("it lists too much")
    listed = _json(file.read(length))
    _check_list(listed)
    offset, files = head.body + 4 + length, {}
    for name, size in listed:
        files[name] = offset, size
        offset += size
    if offset != head.body + head.header.length:
        raise PackRefused("what it lists is not what it holds")
    return files


def _check_list(listed: Any) -> None:
    if not isinstance(listed, list) or len(listed) > MOST_FILES:
        raise PackRefused("it lists too much")
    names = []
    for each in listed:
        name, size = each if isinstance(each, list | tuple) and len(each) == 2 else ("", 0)
        if not isinstance(name, str) or len(name) > LONGEST_NAME or not NAME.fullmatch(name):
            raise PackRefused("it holds a file that no pack has")
        if type(size) is not int or not 0 <= size <= LARGEST_FILES.get(name.rpartition(".")[2], LARGEST_FILE):
            raise PackRefused(f"{name} is too large")
        names.append(name)
    if names != sorted(set(names)):
        raise PackRefused("it holds a file twice")
    if not any(name.endswith("/services.csv") for name in names):
        raise PackRefused("it holds no services")
