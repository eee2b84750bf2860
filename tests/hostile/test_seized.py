"""A box is seized, with every file, the PIN, the passphrase and whoever knows them; the branch's key is elsewhere.

FIELDREF_SEIZED says how many records the closed shift had; `make soak` says 10,000.
"""

import base64
import hashlib
import os
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from fieldref import voices
from fieldref.exchange import bundle, envelope, keys, seal
from fieldref.exchange.bundle import close_shift
from fieldref.register import access, shift
from fieldref.register.passphrase import PassphraseRefused, unwrap
from fieldref.register.records import Outcome, Record, Referral, Tally, Withdrawal, append_all
from fieldref.register.schema import FILE_NAME, open_register

RECORDS = int(os.environ.get("FIELDREF_SEIZED", "2000"))
ROWS = 10_000  # of which the order is looked at


def a_shift(records: int) -> list[Record]:
    """Records of every kind, with a service that occurs nowhere else in each referral."""
    made: list[Record] = []
    chance = random.Random(2026)  # noqa: S311
    for number in range(records):
        kind = number % 5
        if kind < 2:
            made.append(Referral(need="food", service=f"marker-{chance.getrandbits(64):016x}"))
        elif kind == 2:
            made.append(Outcome(code=made[-1].code, status="completed"))
        elif kind == 3:
            made.append(Tally(need="wash", people=7))
        else:
            made.append(Withdrawal(record=made[-1].id))
    return made


@pytest.fixture
def seized(safe_point: Path, branch: Path, open_shift, words: str) -> tuple[Path, list[Record]]:
    """The folder of a safe-point after its shift was closed, and what had been recorded in it."""
    made = a_shift(RECORDS)
    append_all(open_shift, made)
    close_shift(safe_point, words)
    return safe_point, made


def pieces(record: Record) -> Iterator[str]:
    """What would give *record* away: its key, what it is about, and the marker of its service."""
    for value in astuple(record):
        if isinstance(value, str) and (len(value) in (13, 32) or value.startswith("marker-")):
            yield value


def written(piece: str) -> Iterator[bytes]:
    """As text, wide text, in hexadecimal, and base 64 in each of the three ways it can fall."""
    for text in (piece.encode(), piece.encode("utf-16-le"), piece.encode("utf-16-be")):
        yield text
        yield text.hex().encode()
        for before in range(3):
            yield base64.b64encode(bytes(before) + text)[4 if before else 0 : -4]
    if len(piece) == 32:
        yield bytes.fromhex(piece)


def windows(content: bytes, width: int) -> set[bytes]:
    return {content[start : start + width] for start in range(len(content) - width + 1)}


def test_no_record_of_a_closed_shift_is_in_any_file_and_its_pin_opens_nothing(seized, pin) -> None:
    folder, made = seized
    db = open_register(folder)
    with pytest.raises(access.AccessRefused):
        access.check_pin(db, pin)
    db.close()
    wanted = {way for record in made for piece in pieces(record) for way in written(piece)}
    by_width: dict[int, set[bytes]] = {}
    for way in wanted:
        by_width.setdefault(len(way), set()).add(way)
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        content = path.read_bytes()
        for width, ways in by_width.items():
            assert not ways & windows(content, width), f"{path} holds a record"
    assert folder / FILE_NAME in files
    print(f"\n{len(made)} records, {len(wanted)} ways to write them, {len(files)} files, 0 found")


def test_the_same_search_finds_them_while_the_shift_is_open(safe_point, open_shift) -> None:
    """The control."""
    made = a_shift(50)
    append_all(open_shift, made)
    content = (safe_point / FILE_NAME).read_bytes()
    assert all(any(way in content for way in written(piece)) for record in made for piece in pieces(record))


def secrets_of(folder: Path, words: str, pin: str) -> set[bytes]:
    """All 32 bytes that one may try as a key: whatever lies in keys/, in any order, and what can be made of it."""
    device = unwrap((folder / shift.KEY_FILE).read_bytes(), words, shift.DEVICE_KEY)
    found = {*windows(device, 32), *(hashlib.sha256(secret.encode()).digest() for secret in (words, pin))}
    for path in (folder / "keys").iterdir():
        content = path.read_bytes()
        found |= windows(content, 32)
        found |= {hashlib.sha256(content).digest(), *(part for line in content.split(b'"') for part in _decoded(line))}
    return (
        found | {hashlib.sha512(key).digest()[:32] for key in found} | {hashlib.sha256(key).digest() for key in found}
    )


def _decoded(text: bytes) -> Iterator[bytes]:
    for read in (base64.b64decode, base64.urlsafe_b64decode, lambda written: bytes.fromhex(written.decode("ascii"))):
        with suppress(ValueError):
            yield from windows(read(text), 32)


def opens(sealed: bytes, key: bytes) -> bool:
    """Whether *key* opens a slot of the envelope, or its content itself."""
    slots, content = sealed[: 2 * seal.SLOT], sealed[2 * seal.SLOT :]
    for slot in (slots[: seal.SLOT], slots[seal.SLOT :]):
        try:
            seal.SUITE.decrypt(slot, X25519PrivateKey.from_private_bytes(key), seal.INFO)
        except (InvalidTag, ValueError):
            continue
        return True
    try:
        ChaCha20Poly1305(key).decrypt(seal.NONCE, content, slots)
    except InvalidTag:
        return False
    return True


def test_no_key_of_the_box_opens_its_bundle(seized, branch, words, pin, rows_of) -> None:
    folder, made = seized
    (path,) = (folder / "outbox").iterdir()
    sealed = path.read_bytes()
    tried = secrets_of(folder, words, pin)
    assert not [key for key in tried if opens(sealed, key)]
    with pytest.raises(PassphraseRefused):
        unwrap((branch / keys.BRANCH_KEY_FILE).read_bytes(), pin, keys.BRANCH_KEYS)
    its_keys, device = keys.open_branch(branch, words), keys.open_device(folder, words).public_key()
    assert opens(sealed, its_keys.sealing.private_bytes_raw()), "the control: the branch's key does"
    _, payload = envelope.disclose(sealed, bundle.KIND, its_keys, lambda _: device)
    assert sum(1 for row in rows_of(payload) if row[0] != "meta") == len(made)
    print(f"\n{len(tried)} keys tried on both slots and the content, 0 open; the branch's opens {len(made)} records")


def spearman(first: list[int], second: list[int]) -> float:
    """Spearman's rank correlation of two orders of the same things, which have no ties."""
    squares = sum((a - b) ** 2 for a, b in zip(first, second, strict=True))
    return 1 - 6 * squares / (len(first) * (len(first) ** 2 - 1))


def ranks(values: list[int]) -> list[int]:
    order = {value: rank for rank, value in enumerate(sorted(values))}
    return [order[value] for value in values]


def places(content: bytes, codes: list[str]) -> list[int]:
    """Where in the file each code stands; each stands there once."""
    found = [content.find(code.encode()) for code in codes]
    assert -1 not in found
    return found


def test_the_order_of_recording_cannot_be_read_from_the_order_of_storing(safe_point, branch, open_shift) -> None:
    made = [Referral(need="food") for _ in range(ROWS)]
    append_all(open_shift, made)
    codes = [record.code for record in made]
    with voices.held(safe_point) as heard:
        payload = bundle.payload_of(open_shift, heard, shift.require(open_shift), 0)
    for place, content in (("register", (safe_point / FILE_NAME).read_bytes()), ("bundle", payload)):
        found = spearman(list(range(ROWS)), ranks(places(content, codes)))
        print(f"\n{place}: Spearman {found:+.4f} of {ROWS} rows")
        assert abs(found) < 0.05
