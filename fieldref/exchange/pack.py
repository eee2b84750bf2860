"""A branch signs its packs; a safe-point takes only those of the branch whose card it was paired with.

A pack is not sealed: the guide is public. What is in it for one safe-point alone is sealed inside.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature

from fieldref.database import sync_folder
from fieldref.exchange.cards import Card
from fieldref.exchange.keys import BranchKeys
from fieldref.guide import packfile
from fieldref.guide.packfile import Header, Pack, PackRefused


def write(
    path: Path, files: Mapping[str, bytes | Path], keys: BranchKeys, edition: int, day: str, previous: str
) -> None:
    """Write the pack of *files*, signed with the branch's *keys*, to *path*, whole and on the disk or not at all.

    *files* are named as `packfile.NAME` says. Raises PackRefused where they make no pack.
    """
    digest, length = hashlib.sha256(), 0
    for piece in packfile.body_of(files):
        digest.update(piece)
        length += len(piece)
    if length > packfile.LARGEST:
        raise PackRefused(f"this is too much for one pack (the most is {packfile.LARGEST // 2**20} MiB)")
    header = Header(
        packfile.FORMAT, packfile.KIND, keys.card.id, edition, day, previous, length, digest.hexdigest()
    )  # fmt: skip
    signed = packfile.signed_part(header)
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("wb") as file:
            file.write(signed + keys.signing.sign(signed))
            for piece in packfile.body_of(files):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        verify(beside, keys.card)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)


def verify(path: Path, branch: Card) -> Pack:
    """Return the pack at *path* once the signature of *branch*, its digest and its list have held.

    Raises PackRefused, in words. The signature comes first: before it nothing of the pack is believed.
    """
    if path.stat().st_size > packfile.LARGEST + packfile.LARGEST_HEADER:
        raise PackRefused("it is larger than any pack")
    head = packfile.read_head(path)
    if head.header.branch != branch.id:
        raise PackRefused(f"it is of another branch; this safe-point is paired with {branch.name}", "other branch")
    try:
        branch.signing_key().verify(head.signature, head.signed)
    except InvalidSignature:
        raise PackRefused(f"it is not signed by {branch.name}, or it is damaged: copy it again") from None
    return packfile.read(path)
