"""What is due over closed shifts: the branch lists for each safe-point the codes that nobody answered, sealed to it.

Only codes travel: not the need, the service or the person. Every list is of one size, and every safe-point that has a
key to seal to gets one, so that a pack does not say who waits for how much.
"""

import json
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag

from fieldref.database import Database
from fieldref.exchange.devices import Device, devices, line_of
from fieldref.exchange.keys import DeviceKeys, open_device_keys
from fieldref.exchange.seal import SUITE
from fieldref.guide import packfile, packs
from fieldref.guide.packfile import PackRefused
from fieldref.register.codes import is_code
from fieldref.register.columns import RECORDS
from fieldref.register.due import follow_up_day
from fieldref.register.expected import MOST, expect
from fieldref.register.records import Referral, of_row
from fieldref.register.schema import open_register

INFO = b"fieldref due 1"
SIZE = 8 * 2**10  # MOST codes, as JSON
AHEAD = timedelta(days=7)  # a pack is on the way for a while, and served for longer
COLUMNS = [f"referral_now.{column.name}" for column in RECORDS["referral"]]
LOST = timedelta(days=90)  # after which nobody knows any more


def lists(db: Database, today: date) -> dict[str, bytes]:
    """What is due for each safe-point of the branch's register *db*, sealed, by its name in a pack."""
    sealed = {}
    for device in devices(db):
        if device.last is None and not device.revoked and device.card.sealing:
            text = json.dumps(_codes(db, device, today)).encode().ljust(SIZE)
            sealed[_name(device.card.id)] = SUITE.encrypt(text, device.card.sealing_key(), INFO)
    return sealed


def bring(folder: Path, words: str) -> int:
    """Let the open shift of the safe-point in *folder* know what is due by its newest pack; return how many codes.

    *words* is the coordinator's passphrase. None are brought where no pack has a list that these keys open: a shift
    opens without it too.
    """
    if not packs.kept(folder):
        return 0
    keys = open_device_keys(folder, words)
    listed = _listed(folder, keys)
    db = open_register(folder)
    try:
        expect(db, listed, secret_of(keys))
    finally:
        db.close()
    return len(listed)


def secret_of(keys: DeviceKeys) -> bytes:
    """The key of the marks that say which codes were answered."""
    return sha256(b"fieldref settled 1" + keys.signing.private_bytes_raw()).digest()


def _codes(db: Database, device: Device, today: date) -> list[str]:
    ids = line_of(db, device.card.id)
    marks = ", ".join("?" * len(ids))
    query = f"""SELECT {", ".join(COLUMNS)} FROM referral_now JOIN bundle ON bundle.number = referral_now.bundle
        WHERE bundle.device IN ({marks}) AND code NOT IN (SELECT code FROM outcome_now)"""  # noqa: S608 (our names)
    every = (of_row("referral", row) for row in db.conn.execute(query, ids))
    due = {each.code: follow_up_day(each) for each in every if isinstance(each, Referral)}
    waiting = [code for code, day in due.items() if today - LOST <= day <= today + AHEAD]
    return sorted(sorted(waiting, key=lambda code: due[code], reverse=True)[:MOST])


def _listed(folder: Path, keys: DeviceKeys) -> list[str]:
    name = f"beside/{_name(keys.card.id)}"
    for path in reversed(packs.kept(folder).values()):
        try:
            pack = packfile.read(path)
            if keys.sealing is not None and name in pack.files:
                found = json.loads(SUITE.decrypt(pack.content(name), keys.sealing, INFO))
                return [code for code in found if is_code(code)]
        except (InvalidTag, ValueError, TypeError, OSError, PackRefused):
            continue
    return []


def _name(device: str) -> str:
    return f"due-{device}"
