"""The roll of a branch's safe-points, for a region that is the second recipient of their bundles.

To be sealed to is not to know whom to believe: the region learns the safe-points' keys from this list, which the
branch signs, after somebody compared the branch's figures.
"""

import base64
import json

from fieldref.database import Database, transaction
from fieldref.exchange import devices, statement
from fieldref.exchange.cards import Card, read_text
from fieldref.exchange.keys import BranchKeys
from fieldref.exchange.statement import StatementRefused

KIND = "roll"


def issue(db: Database, keys: BranchKeys, card: bytes) -> bytes:
    """Return every safe-point of the branch's register *db*, signed; *card* is the text of the branch's card."""
    said = [
        {
            "name": each.card.name,
            "signing": base64.b64encode(each.card.signing).decode(),
            "sealing": base64.b64encode(each.card.sealing).decode(),
            "revoked": each.revoked,
            "line": each.line,
            "last": each.last,
        }
        for each in devices.devices(db)
    ]
    return statement.sign(KIND, {"card": json.loads(card), "devices": said}, keys.signing, keys.card)


def branch_of(text: bytes) -> Card:
    """Return the card of the branch that says it signed the roll *text*: for a person to compare its figures.

    Raises StatementRefused or CardRefused.
    """
    try:
        card = json.dumps(json.loads(text)["card"]).encode()
    except (ValueError, KeyError, TypeError, RecursionError):
        raise StatementRefused("this is not a roll, or was cut short: copy it again") from None
    return read_text(card, "branch", "the card in this roll")


def is_followed(db: Database, branch: Card) -> bool:
    """Whether the figures of *branch* were compared before."""
    return branch.id in devices.followed(db)


def follow(db: Database, text: bytes) -> int:
    """At a region: believe the safe-points in the roll *text* from now on; return how many there are.

    Taken again, newer or older, it adds safe-points and revocations and takes none away. Raises StatementRefused.
    """
    branch = branch_of(text)
    found = statement.read(text, KIND, branch)
    listed = [_device(each) for each in _list(found.get("devices"))]
    with transaction(db):
        db.conn.execute("INSERT INTO followed (id) VALUES (?) ON CONFLICT DO NOTHING", [branch.id])
        for each in listed:
            row = (each.card.id, each.card.name, each.card.signing, each.card.sealing, each.revoked)
            db.conn.execute(
                "INSERT INTO device (id, name, public_key, sealing, revoked, line, last) VALUES (?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET name = excluded.name, revoked = max(revoked, excluded.revoked),"
                " last = coalesce(last, excluded.last)",
                (*row, "" if each.line == each.card.id else each.line, each.last),
            )
    return len(listed)


def _list(found: object) -> list[dict[str, object]]:
    if isinstance(found, list) and all(isinstance(each, dict) for each in found):
        return list(found)
    raise StatementRefused("this roll holds something else than it says")


def _device(found: dict[str, object]) -> devices.Device:
    try:
        signing, sealing = (base64.b64decode(str(found[name]), validate=True) for name in ("signing", "sealing"))
        last = found["last"]
        if not (last is None or (type(last) is int and last >= 0)) or type(found["revoked"]) is not bool:
            raise ValueError
        card = Card("device", str(found["name"]), signing, sealing)
        card.signing_key()
        return devices.Device(card, found["revoked"], str(found["line"]), last)
    except (ValueError, KeyError, TypeError):
        raise StatementRefused("this roll holds something else than it says") from None
