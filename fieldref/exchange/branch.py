"""A branch's folder and its register: the records of many safe-points, and where each came from.

No row depends on the order or time of merging: a record is in its table while all bundles agree on it, and
in quarantine, in every version, once two do not.

The whole file is encrypted under a key that follows from the branch's secret keys: who holds those, from under the
passphrase or from paper, opens it, and nobody else.
"""

from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlite_utils import Migrations

from fieldref import settings
from fieldref.database import Database, open_encrypted
from fieldref.exchange import devices, keys, origins, quarantine, records
from fieldref.exchange.cards import Card
from fieldref.exchange.keys import BranchKeys
from fieldref.exchange.takeover import take_over
from fieldref.refusal import Refusal
from fieldref.register import strength
from fieldref.register.schema import FILE_NAME

BRANCH = Migrations("branch")


@BRANCH(name="bundles")
def _bundles(db: Database) -> None:
    """Paired devices, the bundles that came, which record came in which, and what they contradict."""
    db.conn.execute(
        """CREATE TABLE device (
            id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 20),
            name TEXT NOT NULL CHECK (length(name) <= 80),
            public_key BLOB NOT NULL CHECK (length(public_key) = 32),
            revoked INTEGER NOT NULL CHECK (revoked IN (0, 1))
        ) STRICT, WITHOUT ROWID"""
    )
    db.conn.execute(
        """CREATE TABLE bundle (
            sha256 TEXT PRIMARY KEY NOT NULL CHECK (length(sha256) = 64),
            device TEXT NOT NULL REFERENCES device (id),
            sequence INTEGER NOT NULL CHECK (sequence > 0),
            previous TEXT NOT NULL CHECK (length(previous) = 64),
            day TEXT NOT NULL CHECK (length(day) = 10 AND date(day) IS day),
            clock TEXT NOT NULL CHECK (clock IN ('trusted', 'untrusted'))
        ) STRICT, WITHOUT ROWID"""
    )
    db.conn.execute(
        """CREATE TABLE origin (
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            bundle TEXT NOT NULL REFERENCES bundle (sha256),
            PRIMARY KEY (kind, key, bundle)
        ) STRICT, WITHOUT ROWID"""
    )
    db.conn.execute(
        """CREATE TABLE quarantine (
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            content TEXT NOT NULL,
            bundle TEXT NOT NULL REFERENCES bundle (sha256),
            PRIMARY KEY (kind, key, content, bundle)
        ) STRICT, WITHOUT ROWID"""
    )


BRANCH(name="device keys")(devices.add_keys)
BRANCH(name="device lines")(devices.add_lines)
BRANCH(name="followed branches")(devices.make_followed)
BRANCH(name="numbered bundles")(origins.number_bundles)
BRANCH(name=records.name_of_today())(records.make)
BRANCH(name="settlements")(quarantine.make_settlements)
BRANCH(name="bundles' guide editions")(origins.add_editions)


class NotABranch(Refusal):
    """The folder is a safe-point's, where nothing is merged."""


def make_branch(folder: Path, name: str, words: str, secret: bytes = b"") -> Card:
    """Make a branch in the new *folder*: settings, keys under the passphrase *words*, an empty register.

    The keys are new ones, or those in *secret*, which somebody kept.

    Raises SettingsError, PassphraseRefused, or Refusal where *folder* is one already.
    """
    strength.check_new(words)
    its_settings = settings.Settings(name=name, kind="branch")
    if (folder / settings.FILE_NAME).exists():
        raise Refusal(f"{folder} is a fieldref folder already; name a new one")
    folder.mkdir(parents=True, exist_ok=True)
    settings.write(folder, its_settings)
    card = keys.make_branch(folder, words, secret)
    open_branch_register(folder, keys.open_branch(folder, words)).close()
    return card


def require_branch(folder: Path) -> None:
    """Raises NotABranch where *folder* is a safe-point's, SettingsError where it is no fieldref folder."""
    if settings.read(folder).kind != "branch":
        raise NotABranch(f"{folder} is a safe-point's folder; bundles are merged at a branch")


def open_branch_register(folder: Path, its_keys: BranchKeys) -> Database:
    """Open the register of the branch in *folder*, encrypted under *its_keys*; one that is not yet becomes it.

    Raises NotABranch or SettingsError, and UnsafeDatabase for the keys of another branch.
    """
    require_branch(folder)
    path, key = folder / FILE_NAME, register_key(its_keys)
    take_over(path, key)
    return open_encrypted(path, key, BRANCH)


def register_key(its_keys: BranchKeys) -> bytes:
    """The key of the branch's register: it is kept nowhere, and made anew from the branch's secret keys."""
    first = its_keys.first  # it stays when the keys are changed: the file need not be written anew
    secret = first.signing.private_bytes_raw() + first.sealing.private_bytes_raw()
    return HKDF(SHA256(), length=32, salt=None, info=b"fieldref branch register 1").derive(secret)
