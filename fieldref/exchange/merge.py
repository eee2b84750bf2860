"""Merging bundles into a branch's register: in any order, any number of times, the result is the same."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldref.database import Database, transaction
from fieldref.exchange import bundle, devices, envelope, seal
from fieldref.exchange.branch import open_branch_register
from fieldref.exchange.keys import BranchKeys, open_branch
from fieldref.exchange.kinds import KINDS
from fieldref.exchange.reading import Contents, Values, read_payload
from fieldref.refusal import Refusal


@dataclass(frozen=True)
class Merged:
    """What came of one file.

    `state` is "new", "already here" or "refused"; `reason` says why it was refused. `counts` are the records
    of each kind that were not known before; `quarantined` how many contradict one of the same key.
    """

    file: str
    state: str
    reason: str = ""
    safe_point: str = ""
    day: str = ""
    sequence: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    quarantined: int = 0


def merge_files(folder: Path, paths: Iterable[Path], words: str) -> list[Merged]:
    """Merge every bundle of *paths* (files, or folders of *.bin) into the branch in *folder*.

    Each file is merged whole or refused whole, whatever becomes of the others. Raises PassphraseRefused.
    """
    keys = open_branch(folder, words)
    db = open_branch_register(folder, keys)
    try:
        return merge_all(db, keys, paths)
    finally:
        db.close()


def merge_all(db: Database, keys: BranchKeys, paths: Iterable[Path]) -> list[Merged]:
    """Merge every bundle of *paths*, as `merge_files` does, into the register *db* that is open."""
    return [merge_file(db, keys, path) for path in _files(paths)]


def merge_file(db: Database, keys: BranchKeys, path: Path) -> Merged:
    """Merge the bundle at *path*, in one transaction, or say why it was refused."""
    try:
        return _merge(db, keys, path)
    except Refusal as refusal:
        return Merged(str(path), "refused", str(refusal))
    except OSError as error:
        return Merged(str(path), "refused", f"it cannot be read: {error.strerror or error}")


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        # Names with a dot in front are files that were not finished, or macOS's shadows of others.
        yield from sorted(p for p in path.glob("*.bin") if p.name[0] != ".") if path.is_dir() else [path]


def _merge(db: Database, keys: BranchKeys, path: Path) -> Merged:
    sealed = _read(path)
    digest = hashlib.sha256(sealed).hexdigest()
    if known := _known(db, digest):
        return Merged(str(path), "already here", "", *known)
    header, payload = envelope.disclose(
        sealed, bundle.KIND, keys, lambda device: _signer(db, device), devices.followed(db)
    )
    contents = read_payload(payload)
    with transaction(db):
        _signer(db, header.device)  # still paired, now that nobody else writes
        devices.require_in_time(db, header.device, header.sequence)
        if known := _known(db, digest):
            return Merged(str(path), "already here", "", *known)
        row = (digest, header.device, header.sequence, header.previous, contents.day, contents.clock)
        db.conn.execute(
            "INSERT INTO bundle (sha256, device, sequence, previous, day, clock) VALUES (?, ?, ?, ?, ?, ?)",
            row,
        )
        counts, quarantined = add(db, contents, digest)
        name, day, sequence = _known(db, digest) or ("", "", 0)
    return Merged(str(path), "new", "", name, day, sequence, counts, quarantined)


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise Refusal("there is no such file")
    with path.open("rb") as file:
        sealed = file.read(seal.LARGEST + 1)
    if len(sealed) > seal.LARGEST:
        raise Refusal("it is larger than any bundle")
    return sealed


def _known(db: Database, digest: str) -> tuple[str, str, int] | None:
    query = "SELECT name, day, sequence FROM bundle JOIN device ON device.id = bundle.device WHERE sha256 = ?"
    row: tuple[str, str, int] | None = db.conn.execute(query, [digest]).fetchone()
    return row


def _signer(db: Database, device: str) -> Ed25519PublicKey:
    row = db.conn.execute("SELECT public_key, revoked, name FROM device WHERE id = ?", [device]).fetchone()
    if row is None:
        raise Refusal("it is by a safe-point that is not paired with this branch (fieldref branch pair)")
    if row[1]:
        raise Refusal(f"it is by {row[2]}, which was revoked")
    return Ed25519PublicKey.from_public_bytes(row[0])


def add(db: Database, contents: Contents, digest: str) -> tuple[dict[str, int], int]:
    """Add the rows of the bundle *digest*; return how many of each kind were new, how many contradict another.

    What it leaves depends on the set of bundles added, not on their order or how often.
    """
    counts = Counter(dict.fromkeys(KINDS, 0))
    quarantined = 0
    for kind, values in contents.rows:
        if _in_quarantine(db, kind, values[0]):
            quarantined += 1
            _quarantine(db, kind, values, digest)
        elif _insert(db, kind, values):
            counts[kind] += 1
            _note_origin(db, kind, values[0], digest)
        elif (there := _stored(db, kind, values[0])) == values:
            _note_origin(db, kind, values[0], digest)
        else:
            quarantined += 1
            _move_to_quarantine(db, kind, there)
            _quarantine(db, kind, values, digest)
    return dict(counts), quarantined


def _insert(db: Database, kind: str, values: Values) -> bool:
    marks = ", ".join("?" * len(values))
    added = db.conn.execute(f"INSERT INTO {kind} VALUES ({marks}) ON CONFLICT DO NOTHING", values)  # noqa: S608
    return added.rowcount == 1


def _stored(db: Database, kind: str, key: str | int) -> Values:
    row: Values = db.conn.execute(f"SELECT * FROM {kind} WHERE {_key(kind)} = ?", [key]).fetchone()  # noqa: S608
    return row


def _note_origin(db: Database, kind: str, key: str | int, digest: str) -> None:
    row = (kind, key, digest)
    db.conn.execute("INSERT INTO origin (kind, key, bundle) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", row)


def _in_quarantine(db: Database, kind: str, key: str | int) -> bool:
    found = db.conn.execute("SELECT 1 FROM quarantine WHERE kind = ? AND key = ? LIMIT 1", [kind, key])
    return found.fetchone() is not None


def _quarantine(db: Database, kind: str, values: Values, digest: str) -> None:
    row = (kind, values[0], json.dumps(values), digest)
    db.conn.execute("INSERT INTO quarantine VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", row)


def _move_to_quarantine(db: Database, kind: str, values: Values) -> None:
    """Of two that contradict each other neither counts, whichever came first: both wait for a person."""
    its_key = [kind, values[0]]
    for (origin,) in db.conn.execute("SELECT bundle FROM origin WHERE kind = ? AND key = ?", its_key).fetchall():
        _quarantine(db, kind, values, origin)
    db.conn.execute("DELETE FROM origin WHERE kind = ? AND key = ?", its_key)
    db.conn.execute(f"DELETE FROM {kind} WHERE {_key(kind)} = ?", [values[0]])  # noqa: S608


def _key(kind: str) -> str:
    return KINDS[kind][0].name
