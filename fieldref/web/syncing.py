"""The sync door: a branch's, for its safe-points, over TLS; no page, no account, nothing but sealed and signed bytes.

Whoever calls shows by its keys which safe-point it is (fieldref.exchange.greeting). Bundles come in pieces, wait as
they are, sealed, in `incoming/`, and are merged when they are whole.
"""

import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from werkzeug.exceptions import HTTPException

from fieldref import clock
from fieldref.database import Database
from fieldref.exchange import greeting, receipt, seal
from fieldref.exchange.branch import open_branch_register
from fieldref.exchange.greeting import Asked, Greeting
from fieldref.exchange.keys import BranchKeys, open_branch
from fieldref.exchange.line import BASE
from fieldref.exchange.merge import merge_file
from fieldref.exchange.sync import PIECE
from fieldref.guide import packs
from fieldref.refusal import Refusal
from fieldref.web.calls import Calls, key_of

PASSPHRASE = "FIELDREF_SYNC_PASSPHRASE"  # noqa: S105 (where the door's own process is given it)
CERTIFICATE = "FIELDREF_SYNC_CERTIFICATE"
IN_CLEAR = "FIELDREF_SYNC_IN_CLEAR"  # behind a proxy on this machine, which has a certificate of an authority
INCOMING = "incoming"
LARGEST_HELLO = 4096  # bytes
AT_ONCE = 4  # unfinished bundles of one safe-point
DIGEST = re.compile("[0-9a-f]{64}")
CHOSEN = re.compile("[0-9a-f]{32}")

syncing = Blueprint("syncing", __name__, url_prefix=BASE)


def create_sync(folder: Path) -> Flask:
    """Return the sync door of the branch in *folder*. The passphrase is taken out of this process's environment.

    Raises PassphraseRefused, NotABranch or SettingsError.
    """
    app = Flask("fieldref", static_folder=None, template_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=PIECE,
        FOLDER=folder,
        KEYS=open_branch(folder, os.environ.pop(PASSPHRASE, "")),
        CERTIFICATE=os.environ.get(CERTIFICATE, ""),
        CALLS=Calls(),
        ALONE=threading.Lock(),
    )
    clock.use(folder)
    (folder / INCOMING).mkdir(mode=0o700, exist_ok=True)
    app.register_blueprint(syncing)
    app.register_error_handler(HTTPException, lambda error: _refuse(error.code or 500, error.name))
    app.register_error_handler(Refusal, lambda error: _refuse(403, str(error)))
    app.after_request(_never_kept)
    return app


@syncing.post("/hello")
def hello() -> Response:
    """Say who we are, to a safe-point that is paired with us."""
    request.max_content_length = LARGEST_HELLO
    try:
        found = json.loads(request.get_data())
    except (ValueError, RecursionError):
        abort(400)
    device, chosen = (found.get("device"), found.get("chosen")) if isinstance(found, dict) else (None, None)
    if not isinstance(device, str) or not isinstance(chosen, str) or not CHOSEN.fullmatch(chosen):
        abort(400)
    with _register() as db:
        key_of(db, device)
    said = Greeting(_calls().new(device), current_app.config["CERTIFICATE"], clock.now())
    return Response(greeting.greet(_keys(), chosen, said), content_type="application/json")


@syncing.before_request
def _prove() -> Response | None:
    """Nothing but a greeting is answered to anybody who has not signed this very thing."""
    if request.endpoint == "syncing.hello":
        return None
    device, challenge = request.headers.get("Fieldref-Device", ""), request.headers.get("Fieldref-Challenge", "")
    if not _calls().is_of(challenge, device):
        return _refuse(401, "this call is over: greet again")
    where = request.full_path.removesuffix("?")
    asked = Asked(challenge, current_app.config["CERTIFICATE"], request.method, where, request.get_data(cache=True))
    with _register() as db:
        if not greeting.is_proven(key_of(db, device), asked, request.headers.get("Fieldref-Proof", "")):
            return _refuse(403, "this is not signed by the safe-point it names")
    g.device = device
    return None


@syncing.get("/bundle/<digest>")
def bundle(digest: str) -> Response:
    """How much of a bundle is here already."""
    return _standing(_part(digest), _size())


@syncing.put("/bundle/<digest>")
def more(digest: str) -> Response:
    """Take one more piece of a bundle, at the byte where the last one ended; merge it when it is whole."""
    part, size, piece = _part(digest), _size(), request.get_data()
    with _alone():
        have = _have(part)
        if request.args.get("at") == str(have) and piece and have + len(piece) <= size and not _merged(digest):
            with part.open("ab") as file:
                file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            if have + len(piece) == size:
                return _merge(part, digest)
    return _standing(part, size)


@syncing.get("/receipt")
def its_receipt() -> Response:
    """Which bundles of the caller are merged, signed."""
    with _register() as db:
        return Response(receipt.issue(db, _keys(), g.device), content_type="application/json")


@syncing.get("/pack")
def newest_pack() -> Response:
    """The edition and size of the newest pack; edition 0 where none was published."""
    kept = packs.kept(current_app.config["FOLDER"])
    if not kept:
        return _tell({"edition": 0, "size": 0})
    edition = max(kept)
    return _tell({"edition": edition, "size": kept[edition].stat().st_size})


@syncing.get("/pack/<int:edition>")
def pack(edition: int) -> Response:
    """A piece of that pack, from a byte on."""
    path = packs.kept(current_app.config["FOLDER"]).get(edition) or abort(404)
    with path.open("rb") as file:
        file.seek(_number("at"))
        return Response(file.read(PIECE), content_type="application/octet-stream")


def _merge(part: Path, digest: str) -> Response:
    """Merge the whole bundle in *part*, or say why not; either way it waits here no longer."""
    whole = part.with_suffix(".bin")
    part.replace(whole)
    try:
        with whole.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                return _tell({"state": "refused", "reason": "it is not the file that was announced"})
        with _register() as db:
            found = merge_file(db, _keys(), whole)
    finally:
        whole.unlink()
    return _tell({"state": found.state, "reason": found.reason})


def _standing(part: Path, size: int) -> Response:
    if _merged(part.stem.partition("-")[2]):
        return _tell({"state": "already here"})
    return _tell({"state": "coming", "have": min(_have(part), size)})


def _part(digest: str) -> Path:
    """Where the pieces of this bundle are gathered: of each safe-point a few at once, its oldest is let go."""
    if not DIGEST.fullmatch(digest):
        abort(404)
    incoming: Path = current_app.config["FOLDER"] / INCOMING
    part = incoming / f"{g.device}-{digest}.part"
    others = sorted(incoming.glob(f"{g.device}-*.part"), key=lambda path: path.stat().st_mtime)
    if part not in others:
        for old in others[: max(len(others) - AT_ONCE + 1, 0)]:
            old.unlink(missing_ok=True)
    return part


def _have(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _size() -> int:
    size = _number("size")
    if size not in seal.SIZES:
        abort(413)
    return size


def _number(name: str) -> int:
    given = request.args.get(name, "")
    if not given.isascii() or not given.isdecimal() or len(given) > 12:
        abort(400)
    return int(given)


def _merged(digest: str) -> bool:
    with _register() as db:
        return db.conn.execute("SELECT 1 FROM bundle WHERE sha256 = ?", [digest]).fetchone() is not None


@contextmanager
def _register() -> Iterator[Database]:
    db = open_branch_register(current_app.config["FOLDER"], _keys())
    try:
        yield db
    finally:
        db.close()


@contextmanager
def _alone() -> Iterator[None]:
    with current_app.config["ALONE"]:
        yield


def _keys() -> BranchKeys:
    keys: BranchKeys = current_app.config["KEYS"]
    return keys


def _calls() -> Calls:
    calls: Calls = current_app.config["CALLS"]
    return calls


def _tell(found: dict[str, object], status: int = 200) -> Response:
    return Response(json.dumps(found), status, content_type="application/json")


def _refuse(status: int, words: str) -> Response:
    return _tell({"refused": words}, status)


def _never_kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
