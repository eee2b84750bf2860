"""A safe-point calls its branch over a real line: what a stick would carry, proven at both ends, after any cut."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldref.exchange import branch as branches
from fieldref.exchange import keys, line, outbox, taking
from fieldref.exchange import sync as syncs
from fieldref.exchange.devices import revoke
from fieldref.exchange.line import Line, LineRefused
from fieldref.exchange.statement import StatementRefused
from fieldref.exchange.sync import sync
from fieldref.guide import packs
from fieldref.register.records import Tally
from fieldref.register.schema import open_register
from fieldref.web.syncing import CERTIFICATE, INCOMING, PASSPHRASE, create_sync

LOCALHOST = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as free:
        free.bind((LOCALHOST, 0))
        return int(free.getsockname()[1])


@pytest.fixture
def listening(words: str) -> Iterator[Callable[[Path], str]]:
    """Let a branch listen as `fieldref branch listen` does; its address. All stop at the end."""
    running: list[subprocess.Popen[bytes]] = []

    def start(folder: Path, port: int | None = None) -> str:
        port = port or free_port()
        command = [sys.executable, "-m", "fieldref.web.listen", "sync", str(folder), LOCALHOST, str(port)]
        running.append(subprocess.Popen(command, env=os.environ | {PASSPHRASE: words}))
        for _ in range(150):
            try:
                socket.create_connection((LOCALHOST, port), 1).close()
                return f"https://{LOCALHOST}:{port}"
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the sync door did not open")

    yield start
    for each in running:
        each.send_signal(signal.SIGTERM)
    for each in running:
        each.wait(timeout=15)


@pytest.fixture
def bridge(safe_point: Path, branch: Path, close_with: Any) -> Path:
    """A paired safe-point with two sealed bundles that its branch does not have."""
    close_with(safe_point, Tally(need="food"))
    close_with(safe_point, Tally(need="wash"))
    return safe_point


def waiting(folder: Path) -> list[int]:
    db = open_register(folder)
    try:
        return [each.sequence for each in outbox.waiting(outbox.bundles(db, folder))]
    finally:
        db.close()


def merged(folder: Path, words: str) -> int:
    db = branches.open_branch_register(folder, keys.open_branch(folder, words))
    try:
        return int(db.conn.execute("SELECT count(*) FROM tally").fetchone()[0])
    finally:
        db.close()


def test_bundles_go_up_and_receipts_and_a_guide_come_down(
    bridge: Path, branch: Path, listening: Any, words: str, little_pack: Any
) -> None:
    (branch / packs.FOLDER).mkdir()
    little_pack(branch, 1, "News of the branch").rename(packs.path_of(branch, 1))
    found = sync(bridge, words, listening(branch))
    assert (found.sent, found.refused, found.received) == (2, (), 2)
    assert (found.edition, found.fresh, found.trouble) == (1, True, "")
    assert (waiting(bridge), merged(branch, words)) == ([], 2)
    assert list((branch / INCOMING).iterdir()) == []


def test_a_second_call_sends_nothing_and_changes_nothing(
    bridge: Path, branch: Path, listening: Any, words: str
) -> None:
    address = listening(branch)
    sync(bridge, words, address)
    again = sync(bridge, words, address)
    assert (again.sent, again.received, merged(branch, words)) == (0, 0, 2)


class Cutting(Line):
    """A line that breaks after every third thing that is asked."""

    asked = 0

    def _exchange(self, *what: Any) -> line.Answer:
        Cutting.asked += 1
        answer = super()._exchange(*what)
        if Cutting.asked % 3 == 0:
            raise ConnectionResetError("cut")  # the branch has it, and we do not know
        return answer


def test_a_line_that_breaks_goes_on_where_it_broke(
    bridge: Path, branch: Path, listening: Any, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncs, "PIECE", 10_000)
    monkeypatch.setattr(Line.__init__, "__defaults__", (lambda _: None,))
    found = sync(bridge, words, listening(branch), line_to=Cutting)
    assert (found.sent, found.received, merged(branch, words)) == (2, 2, 2)


def test_a_branch_that_is_started_anew_in_the_middle_is_greeted_again(
    bridge: Path, branch: Path, listening: Any, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncs, "PIECE", 16_384)
    port, lines = free_port(), []

    class Watched(Line):
        def ask(self, method: str, path: str, content: bytes = b"") -> line.Answer:
            lines.append(path)
            if len(lines) == 4:
                subprocess.run(["pkill", "-f", f"sync {branch} {LOCALHOST} {port}"], check=True)
                threading.Timer(0.5, lambda: listening(branch, port)).start()
            return super().ask(method, path, content)

    found = sync(bridge, words, listening(branch, port), line_to=Watched)
    assert (found.sent, merged(branch, words)) == (2, 2)


def test_whoever_stands_between_is_noticed_before_anything_is_sent(
    bridge: Path, branch: Path, listening: Any, words: str, tmp_path: Path
) -> None:
    """Somebody who has no key of the branch passes everything on, by a certificate of his own."""
    import ssl

    from fieldref.web.certificate import SYNC_FILE, certificate

    address = listening(branch)
    certificate(tmp_path, (LOCALHOST,), SYNC_FILE)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / SYNC_FILE)
    heard: list[bytes] = []
    with socket.create_server((LOCALHOST, 0)) as door:

        def between() -> None:
            for _ in range(2):  # the strict try, which fails, and the one that only asks who is there
                client, _ = door.accept()
                try:
                    with server.wrap_socket(client, server_side=True) as caller:
                        said = b""
                        while not said.endswith(b"}"):
                            said += caller.recv(65536)
                        heard.append(said)
                        caller.sendall(passed_on(said))
                except (OSError, ssl.SSLError):
                    continue

        def passed_on(said: bytes) -> bytes:
            through = ssl.create_default_context()
            through.check_hostname, through.verify_mode = False, ssl.CERT_NONE
            host, port = address.removeprefix("https://").split(":")
            with through.wrap_socket(socket.create_connection((host, int(port)))) as on:
                on.sendall(said)
                answer = b""
                while not answer.rstrip().endswith(b"}"):
                    answer += on.recv(65536)
                return answer

        thread = threading.Thread(target=between, daemon=True)
        thread.start()
        with pytest.raises(StatementRefused, match="between"):
            sync(bridge, words, f"https://{LOCALHOST}:{door.getsockname()[1]}")
        thread.join(5)
    assert (waiting(bridge), len([each for each in heard if b"/bundle/" in each])) == ([1, 2], 0)


def test_another_branch_at_that_address_is_refused(bridge: Path, tmp_path: Path, listening: Any, words: str) -> None:
    branches.make_branch(tmp_path / "other", "Other", words)
    with pytest.raises(LineRefused, match="not paired"):
        sync(bridge, words, listening(tmp_path / "other"))
    assert waiting(bridge) == [1, 2]


def test_where_nobody_listens_nothing_is_lost(bridge: Path, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Line.__init__, "__defaults__", (lambda _: None,))
    with pytest.raises(LineRefused, match="does not hold"):
        sync(bridge, words, f"https://{LOCALHOST}:{free_port()}")
    assert waiting(bridge) == [1, 2]


@pytest.mark.parametrize("address", ["http://127.0.0.1", "192.168.1.20", "https://", "https://host/path"])
def test_what_is_no_address_of_a_branch_is_said(bridge: Path, words: str, address: str) -> None:
    with pytest.raises(LineRefused, match="no address"):
        sync(bridge, words, address)


@pytest.fixture
def door(bridge: Path, branch: Path, words: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The sync door of the branch, asked without a server."""
    monkeypatch.setenv(PASSPHRASE, words)
    monkeypatch.setenv(CERTIFICATE, "c" * 64)
    client = create_sync(branch).test_client()
    assert PASSPHRASE not in os.environ
    return client


class Caller:
    """Somebody who calls the sync door with the keys of a safe-point."""

    def __init__(self, door: Any, folder: Path, words: str) -> None:
        from fieldref.exchange.cards import read_card
        from fieldref.exchange.keys import DEVICE_CARD, open_device

        self.door, self.key = door, open_device(folder, words)
        self.device = read_card(folder / DEVICE_CARD, "device").id
        self.challenge = ""

    def greet(self) -> Any:
        answer = self.door.post("/sync/1/hello", json={"device": self.device, "chosen": "a" * 32})
        self.challenge = (answer.json or {}).get("challenge", "")
        return answer

    def ask(self, method: str, path: str, content: bytes = b"", /, **otherwise: Any) -> Any:
        from fieldref.exchange.greeting import Asked, prove

        said = {"certificate": "c" * 64, "method": method, "path": f"/sync/1{path}", "content": content} | otherwise
        proof = prove(self.key, Asked(self.challenge, **said))
        headers = {"Fieldref-Device": self.device, "Fieldref-Challenge": self.challenge, "Fieldref-Proof": proof}
        return self.door.open(f"/sync/1{path}", method=method, data=content, headers=headers)


@pytest.fixture
def caller(door: Any, bridge: Path, words: str) -> Caller:
    someone = Caller(door, bridge, words)
    someone.greet()
    return someone


def test_what_is_signed_is_answered(caller: Caller) -> None:
    assert caller.ask("GET", "/pack").json == {"edition": 0, "size": 0}


@pytest.mark.parametrize(
    "otherwise",
    [{"certificate": "d" * 64}, {"method": "PUT"}, {"path": "/sync/1/receipt"}, {"content": b"other"}],
    ids=["another-line", "another-method", "another-path", "another-content"],
)
def test_a_proof_is_good_for_this_one_thing_alone(caller: Caller, otherwise: dict[str, Any]) -> None:
    assert caller.ask("GET", "/pack", **otherwise).status_code == 403


def test_without_a_greeting_nothing_is_answered(door: Any, caller: Caller) -> None:
    assert door.get("/sync/1/receipt").status_code == 401
    caller.challenge = "f" * 32
    assert caller.ask("GET", "/receipt").status_code == 401


def test_a_revoked_safe_point_is_told_so_and_gets_nothing(
    caller: Caller, branch: Path, words: str, bridge: Path
) -> None:
    db = branches.open_branch_register(branch, keys.open_branch(branch, words))
    revoke(db, caller.device)
    db.close()
    assert "revoked" in caller.ask("GET", "/pack").json["refused"]
    assert caller.greet().status_code == 403


def test_what_is_no_bundle_is_refused_and_does_not_stay(caller: Caller, branch: Path) -> None:
    digest = "1" * 64
    said = caller.ask("PUT", f"/bundle/{digest}?size=65536&at=0", b"x" * 65536).json
    assert (said["state"], list((branch / INCOMING).iterdir())) == ("refused", [])


@pytest.mark.parametrize("place", ["/bundle/../../keys?size=65536", "/bundle/" + "g" * 64 + "?size=65536",
                                   "/bundle/" + "1" * 64 + "?size=99", "/bundle/" + "1" * 64])  # fmt: skip
def test_odd_places_and_sizes_are_refused(caller: Caller, branch: Path, place: str) -> None:
    assert 400 <= caller.ask("GET", place).status_code < 500
    assert list((branch / INCOMING).iterdir()) == []


def test_pieces_that_do_not_follow_are_not_added(caller: Caller, branch: Path) -> None:
    place = "/bundle/" + "2" * 64 + "?size=65536"
    assert caller.ask("PUT", f"{place}&at=0", b"x" * 1000).json == {"state": "coming", "have": 1000}
    for at in ("0", "999", "5000"):
        assert caller.ask("PUT", f"{place}&at={at}", b"y" * 1000).json == {"state": "coming", "have": 1000}


def test_one_safe_point_cannot_fill_the_disk(caller: Caller, branch: Path) -> None:
    for number in range(10):
        digest = f"{number:064x}"
        caller.ask("PUT", f"/bundle/{digest}?size=65536&at=0", b"x")
    assert len(list((branch / INCOMING).iterdir())) == 4


def test_a_pack_of_the_newest_edition_is_fetched_once(
    bridge: Path, branch: Path, listening: Any, words: str, little_pack: Any
) -> None:
    (branch / packs.FOLDER).mkdir()
    little_pack(branch, 3, "Third").rename(packs.path_of(branch, 3))
    address = listening(branch)
    assert sync(bridge, words, address).fresh
    again = sync(bridge, words, address)
    assert (again.edition, again.fresh) == (3, False)


def test_a_damaged_pack_leaves_the_guide_as_it_was(
    bridge: Path, branch: Path, listening: Any, words: str, little_pack: Any
) -> None:
    (branch / packs.FOLDER).mkdir()
    pack = little_pack(branch, 1, "News").read_bytes()
    packs.path_of(branch, 1).write_bytes(pack[:-1] + bytes([pack[-1] ^ 1]))
    found = sync(bridge, words, listening(branch))
    assert (found.edition, found.fresh, bool(found.trouble)) == (0, False, True)
    assert found.received == 2


def test_a_guide_that_somebody_went_back_from_is_not_taken_again(
    bridge: Path, branch: Path, listening: Any, words: str, little_pack: Any
) -> None:
    (branch / packs.FOLDER).mkdir()
    little_pack(branch, 1, "First").rename(packs.path_of(branch, 1))
    address = listening(branch)
    sync(bridge, words, address)
    taking.back(bridge)
    again = sync(bridge, words, address)
    assert (again.edition, again.fresh) == (0, False)
