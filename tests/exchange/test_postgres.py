"""Many branches in one PostgreSQL: the same tables as if one branch had merged everything, whatever breaks between."""

import os
import random
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from glob import glob
from pathlib import Path
from typing import Any

import pytest

from fieldref.cli import main
from fieldref.database import Database, transaction
from fieldref.exchange import branch as branches
from fieldref.exchange import keys, postgres
from fieldref.exchange.merge import merge_files
from fieldref.exchange.postgres import Headquarters, Unreachable, connected, push
from fieldref.register.records import Outcome, Referral, Tally, TurnedAway, Withdrawal
from fieldref.reports.needs_by_step import needs_by_step
from fieldref.reports.turned_away import turned_away
from fieldref.vocabulary import NEEDS, STEPS

pytestmark = pytest.mark.xdist_group("postgres")
PROGRAMS = Path(next(iter(sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True)), "/nowhere"))


def as_postgres(*command: str | Path) -> None:
    """Run a program of the server; it refuses to run as root."""
    user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*user, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A real PostgreSQL in a folder of its own, reached by a socket there and by no network."""
    room = Path("/tmp" if os.getuid() == 0 else tmp_path_factory.mktemp("pg"), f"fieldref-hq-{os.getpid()}")  # noqa: S108
    room.mkdir(mode=0o700)
    if os.getuid() == 0:
        shutil.chown(room, "postgres")
    as_postgres(PROGRAMS / "initdb", "-D", room / "data", "-U", "hq", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-k {room} -c listen_addresses='' -c fsync=off"
    as_postgres(PROGRAMS / "pg_ctl", "-D", room / "data", "-o", options, "-l", room / "log", "-w", "start")
    yield room
    as_postgres(PROGRAMS / "pg_ctl", "-D", room / "data", "-m", "immediate", "-w", "stop")
    shutil.rmtree(room)


@pytest.fixture
def hq(server: Path) -> Iterator[str]:
    """The address of an empty headquarters."""
    import psycopg

    with psycopg.connect(host=str(server), user="hq", dbname="postgres", autocommit=True) as there:
        there.execute("DROP DATABASE IF EXISTS hq WITH (FORCE)")
        there.execute("CREATE DATABASE hq")
    yield f"postgresql://hq@/hq?host={server}"


@pytest.fixture
def new_branch(tmp_path: Path, words: str, pair: Any, safe_point: Path) -> Callable[[str], Path]:
    """Make a branch that takes the bundles of `safe_point`."""

    def make(name: str) -> Path:
        branches.make_branch(tmp_path / name, name, words)
        (safe_point / "keys" / "branch.card").unlink(missing_ok=True)
        pair(tmp_path / name, safe_point)
        return tmp_path / name

    return make


def records(seed: int) -> list[Any]:
    """A shift of many needs; some referrals were withdrawn, one came to nothing."""
    dice = random.Random(seed)  # noqa: S311 (only to vary)
    sent = [Referral(need=dice.choice(NEEDS[:4]).code, step=dice.choice(STEPS[:3]).code, consent="yes")
            for _ in range(40)]  # fmt: skip
    return [*sent, *(Tally(need="food", people=dice.randrange(1, 9)) for _ in range(9)),
            *(TurnedAway(need="shelter", step="border", reason="capacity") for _ in range(7)),
            Withdrawal(record=sent[0].code), Withdrawal(record=sent[1].code, reason="twice"),
            Outcome(code=sent[2].code, status="accepted"), Outcome(code=sent[2].code, status="completed")]  # fmt: skip


@pytest.fixture
def register(words: str) -> Callable[[Path], Database]:
    """Open the register of a branch."""

    def opened(folder: Path) -> Database:
        return branches.open_branch_register(folder, keys.open_branch(folder, words))

    return opened


def tables(source: Any) -> list[Any]:
    return [needs_by_step(source), turned_away(source), turned_away(source, "step")]


def everything(address: str) -> list[Any]:
    with connected(address) as there:
        return [sorted(there.execute(f"SELECT * FROM pushed_{kind}").fetchall()) for kind in postgres.COLUMNS]


def test_two_branches_give_the_tables_of_one_that_merged_all(
    hq: str, new_branch: Callable[[str], Path], safe_point: Path, close_with: Any, words: str, register: Any
) -> None:
    north = new_branch("North")
    merge_files(north, [close_with(safe_point, *records(1))], words)
    south, whole = new_branch("South"), new_branch("Whole")
    close_with(safe_point, *records(2))
    # A bundle is sealed to one branch; South and Whole hold the same records because they pushed the same register.
    merge_files(whole, [safe_point / "outbox"], words)
    for folder, name in ((north, "n"), (whole, "w"), (south, "s")):
        with connected(hq) as there:
            push(register(folder), name, there)
    separate = [*tables(register(north)), *tables(register(whole))]
    with connected(hq) as there:
        together = tables(Headquarters(there))
    for both, (one, other) in zip(together, zip(separate[:3], separate[3:], strict=True), strict=True):
        sums = tuple(tuple(map(sum, zip(*rows, strict=True))) for rows in zip(one.counts, other.counts, strict=True))
        assert both.counts == sums
    assert together[0].referrals == 76


def test_pushing_again_sends_it_and_changes_nothing(
    hq: str, branch: Path, safe_point: Path, close_with: Any, words: str, register: Any
) -> None:
    merge_files(branch, [close_with(safe_point, *records(3))], words)
    with connected(hq) as there:
        first = push(register(branch), "north", there)
    before = everything(hq)
    with connected(hq) as there:
        assert push(register(branch), "north", there).rows == first.rows == 60
    assert everything(hq) == before


def test_a_record_of_two_branches_counts_once_and_a_contradiction_not_at_all(
    hq: str, branch: Path, register: Any
) -> None:
    row = (
        "A" * 13,
        "2026-11-27",
        "border",
        "food",
        "kitchen",
        "normal",
        "slip",
        "male",
        "18-59",
        "alone",
        "no",
        "ar",
        "yes",
    )
    other = (row[0], *row[1:4], "kitchen-2", *row[5:])
    with connected(hq) as there:
        for name, values in (("north", row), ("south", row)):
            marks = ", ".join(["%s"] * (len(row) + 1))
            there.execute(f"INSERT INTO pushed_referral VALUES ({marks})", [name, *values])
        assert needs_by_step(Headquarters(there)).referrals == 1
        there.execute(f"INSERT INTO pushed_referral VALUES ({marks})", ["east", *other])
        assert needs_by_step(Headquarters(there)).referrals == 0


def test_a_line_that_breaks_goes_on_where_it_broke_and_nobody_sees_half(
    hq: str, branch: Path, safe_point: Path, close_with: Any, words: str, register: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge_files(branch, [close_with(safe_point, *records(4))], words)
    monkeypatch.setattr(postgres, "CHUNK", 7)

    def cut(sent: int) -> None:
        if sent >= 28:
            raise ConnectionError

    with pytest.raises(ConnectionError), connected(hq) as there:
        push(register(branch), "north", there, cut)
    assert not any(everything(hq))
    with connected(hq) as there:
        pushed = push(register(branch), "north", there)
    assert (pushed.rows, pushed.sent) == (60, 60 - 28)


def test_what_was_merged_meanwhile_is_sent_anew_and_not_mixed(
    hq: str, branch: Path, safe_point: Path, close_with: Any, words: str, register: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge_files(branch, [close_with(safe_point, *records(5))], words)
    monkeypatch.setattr(postgres, "CHUNK", 7)

    def cut(sent: int) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError), connected(hq) as there:
        push(register(branch), "north", there, cut)
    merge_files(branch, [close_with(safe_point, *records(6))], words)
    with connected(hq) as there:
        pushed = push(register(branch), "north", there)
        assert tables(Headquarters(there)) == tables(register(branch))
    assert (pushed.rows, pushed.sent) == (120, 120)


def test_what_is_gone_from_a_register_is_gone_at_the_headquarters(
    hq: str, branch: Path, safe_point: Path, close_with: Any, words: str, register: Any
) -> None:
    merge_files(branch, [close_with(safe_point, *records(7))], words)
    db = register(branch)
    with connected(hq) as there:
        push(db, "north", there)
        with transaction(db):
            db.conn.execute("DELETE FROM tally")  # as contradictions that came later would, into quarantine
        assert push(db, "north", there).rows == 60 - 9


def test_branches_push_at_the_same_time(
    hq: str, branch: Path, safe_point: Path, close_with: Any, words: str, register: Any
) -> None:
    merge_files(branch, [close_with(safe_point, *records(8))], words)
    failed: list[BaseException] = []

    def send(name: str) -> None:
        try:
            db = register(branch)
            with connected(hq) as there:
                push(db, name, there)
            db.close()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=send, args=(name,)) for name in ("a", "b", "c", "a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sum(map(len, everything(hq))) == 3 * 60


def test_the_commands_say_what_a_manager_types(
    hq: str, branch: Path, safe_point: Path, close_with: Any, words: str, monkeypatch: Any, capsys: Any
) -> None:
    merge_files(branch, [close_with(safe_point, *records(9))], words)
    monkeypatch.setenv("FIELDREF_PASSPHRASE", words)
    for command in (["hq", "push", hq], ["branch", "report", "needs-by-step", "--csv"],
                    ["hq", "report", "needs-by-step", hq, "--csv"]):  # fmt: skip
        with pytest.raises(SystemExit) as ended:
            main(["--folder", str(branch), *command])
        assert ended.value.code == 0
    said, here, there = capsys.readouterr().out.split("\ufeff")
    assert "60 records" in said
    assert here == there


def test_a_headquarters_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="headquarters says"), connected(f"postgresql://hq@/hq?host={tmp_path}"):
        pass
