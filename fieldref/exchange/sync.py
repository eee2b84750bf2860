"""A safe-point speaks with its branch: bundles up, receipts and the newest pack down, the same bytes as by a stick.

What was sent stays sent, what was fetched stays fetched: after a cut the next call goes on at the byte where it broke.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fieldref import clock
from fieldref.database import transaction
from fieldref.exchange import outbox, receipt, stick, taking
from fieldref.exchange.cards import read_card
from fieldref.exchange.keys import DEVICE_CARD, open_device
from fieldref.exchange.line import Line, LineRefused
from fieldref.exchange.outbox import Kept
from fieldref.exchange.pairing import paired_branch
from fieldref.guide import packfile, packs
from fieldref.refusal import Refusal
from fieldref.register.schema import open_register

PIECE = 256 * 1024  # bytes that are sent or fetched at a time
COMING = ".fetching-{edition:04}"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Synced:
    """What came of a call: bundles the branch took, those it refused (number and reason), receipts that were news.

    `edition` is what is served now, `fresh` whether it came in this call; `trouble` why the pack was not taken.
    """

    sent: int
    refused: tuple[tuple[int, str], ...]
    received: int
    edition: int
    fresh: bool
    trouble: str = ""


def sync(
    folder: Path, words: str, address: str, progress: Progress = lambda _: None, line_to: type[Line] = Line
) -> Synced:
    """Call the branch of the safe-point in *folder* at *address*; *words* is the coordinator's passphrase.

    Raises NotPaired, PassphraseRefused, LineRefused, or StatementRefused where whoever answers is not the branch.
    """
    clock.use(folder)
    branch, key = paired_branch(folder), open_device(folder, words)
    with line_to(address, branch, read_card(folder / DEVICE_CARD, "device").id, key) as line:
        said = line.greeting()
        if not clock.state().trusted:
            clock.confirm(said.time, "branch", sure=True)
        sent, refused = _send_all(folder, line, progress)
        received = receipt.take(folder, line.ask("GET", "/receipt").content).news
        fresh, trouble = _take_pack(folder, line, progress)
    return Synced(sent, refused, received, packs.served(folder), fresh, trouble)


def _send_all(folder: Path, line: Line, progress: Progress) -> tuple[int, tuple[tuple[int, str], ...]]:
    db = open_register(folder)
    try:
        waiting = [each for each in outbox.waiting(outbox.bundles(db, folder)) if each.there]
        sent, refused = 0, []
        for each in waiting:
            reason = _send(each, line, progress)
            if reason:
                refused.append((each.sequence, reason))
                continue
            sent += 1
            with transaction(db):
                day = clock.today().isoformat()
                db.conn.execute("UPDATE bundle SET exported = ? WHERE sequence = ?", [day, each.sequence])
    finally:
        db.close()
    return sent, tuple(refused)


def _send(bundle: Kept, line: Line, progress: Progress) -> str:
    """Send *bundle* from the byte that the branch does not have yet; return why it was refused, or nothing."""
    if stick.digest(bundle.file) != bundle.sha256:
        return "the file is not what was sealed: tell the branch, and do not delete anything"
    size, place = bundle.file.stat().st_size, f"/bundle/{bundle.sha256}"
    answer = line.ask("GET", f"{place}?size={size}").json()
    with bundle.file.open("rb") as file:
        while answer.get("state") == "coming":
            at = _whole(answer.get("have"))
            file.seek(at)
            progress(f"bundle {bundle.sequence}: {at * 100 // size} %")
            answer = line.ask("PUT", f"{place}?size={size}&at={at}", file.read(PIECE)).json()
    return str(answer.get("reason")) if answer.get("state") == "refused" else ""


def _take_pack(folder: Path, line: Line, progress: Progress) -> tuple[bool, str]:
    """Fetch the branch's newest pack if it is newer than any that is kept, and take it; else the guide stays.

    One that somebody went back from is kept, and not taken again until a newer one is published.
    """
    told = line.ask("GET", "/pack").json()
    edition, size = _whole(told.get("edition")), _whole(told.get("size"))
    if edition <= max(packs.kept(folder), default=0) or not 0 < size <= packfile.LARGEST + 2 * packfile.LARGEST_HEADER:
        return False, ""
    (folder / packs.FOLDER).mkdir(exist_ok=True)
    coming = folder / packs.FOLDER / COMING.format(edition=edition)
    for other in coming.parent.glob(".fetching-*"):
        if other != coming:
            other.unlink()
    with coming.open("ab") as file:
        while (at := file.tell()) < size:
            progress(f"guide {edition}: {at * 100 // size} %")
            piece = line.ask("GET", f"/pack/{edition}?at={at}").content
            if not piece or at + len(piece) > size:
                raise LineRefused("the branch's pack ends before its end: try again later")
            file.write(piece)
    try:
        return taking.take(folder, coming).new, ""
    except Refusal as refusal:
        return False, str(refusal)
    finally:
        coming.unlink()


def _whole(found: object) -> int:
    if isinstance(found, int) and not isinstance(found, bool) and found >= 0:
        return found
    raise LineRefused("the branch answers something that is not fieldref's")
