"""How fast bundles are merged, beside SQLite alone copying the same rows. `make bench-merge`

200 bundles of 5,000 records of ten safe-points. fieldref, with everything on: the seal opened, the signature checked,
a confined child process for each file, every value asked of the vocabulary, union with quarantine, an encrypted and
durable register. Beside it plain sqlite3 in its default settings on readable files: ATTACH, INSERT OR IGNORE INTO ...
SELECT, one transaction a file, nothing checked; once into tables as a bundle has them (WITHOUT ROWID), once
into ordinary tables. Each in a process of its own on one core, turn and turn about in one run; the figure is the
ratio of rows a second of processor time, children included (wall time depends on the disk, and is printed too).
"""

import hashlib
import json
import os
import random
import resource
import secrets
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from fieldref import settings
from fieldref.exchange import branch, bundle, envelope, keys, pairing, payload
from fieldref.exchange.cards import Card, read_card
from fieldref.exchange.merge import merge_each
from fieldref.languages import BY_CODE
from fieldref.register.codes import new_code, new_id
from fieldref.vocabulary import CODES

FILES = int(os.environ.get("FIELDREF_BENCH_FILES", "200"))
RECORDS = 5000
ROUNDS = 3
PLACES = 10
WORDS = "nine quiet boats at dawn"
SHARE = {"referral": 0.6, "outcome": 0.2, "tally": 0.1, "turned_away": 0.04, "withdrawal": 0.02, "page_view": 0.04}
COLUMNS = {
    "language": list(BY_CODE),
    "day": ["2026-11-22"],
    "service": [f"place-{number}-meals" for number in range(40)],
}
COLUMNS |= {"people": list(range(1, 40)), "count": [5, 10, 20, 50], "page": ["rights/asylum", "risks/heat-and-cold"]}
PLAIN = {"as in a bundle": str, "ordinary": lambda sql: sql.replace(" STRICT, WITHOUT ROWID", "")}


def main() -> None:
    """Print rows a second and the ratios, of merging, and of merging the same again; and what memory it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"making {FILES} bundles of {RECORDS} records ...")
        make(folder)
        ways = {
            "fieldref": "ours",
            "ATTACH, tables as in a bundle": "as in a bundle",
            "ATTACH, ordinary tables": "ordinary",
        }
        found: dict[str, list[dict[str, float]]] = {title: [] for title in ways}
        for _ in range(ROUNDS):
            for title, way in ways.items():
                found[title].append(run(folder, way, FILES))
        ours = statistics.median(each["cpu"] for each in found["fieldref"])
        for title, each in found.items():
            cpu, wall = (statistics.median(one[what] for one in each) for what in ("cpu", "wall"))
            ratio = f", fieldref {cpu / ours:.2f} times as fast" if title != "fieldref" else ""
            print(f"{title}: {rate(cpu)} rows a second of processor, {rate(wall)} by the clock{ratio}")
        again, hashing = (statistics.median(each[what] for each in found["fieldref"]) for what in ("again", "hash"))
        print(f"merging the same again: {rate(again)}; only reading and hashing the files: {rate(hashing)}")
        few = run(folder, "ours", max(1, FILES // 4))
        many = found["fieldref"][0]["memory"]
        print(f"memory at most: {few['memory']:.0f} MB with {FILES // 4} files, {many:.0f} MB with {FILES}")


def rate(seconds: float) -> str:
    return f"{FILES * RECORDS / seconds:,.0f}"


def run(folder: Path, way: str, files: int) -> dict[str, float]:
    """Measure *way* in a process of its own, on one core."""
    command = [sys.executable, "-m", "benchmarks.merge", way, str(folder), str(files)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor, children included, and of the clock."""
    cpu, wall = used(), time.perf_counter()
    work()
    return used() - cpu, time.perf_counter() - wall


def used() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)


def measure(way: str, folder: Path, files: int) -> dict[str, float]:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if way != "ours":
        cpu, wall = measured(lambda: plain(folder, PLAIN[way], files))
        return {"cpu": cpu, "wall": wall}
    copy = folder / "branch-copy"
    subprocess.run(["cp", "-r", str(folder / "branch"), str(copy)], check=True)
    its_keys = keys.open_branch(copy, WORDS)
    bundles = sorted((folder / "bundles").iterdir())[:files]
    db = branch.open_branch_register(copy, its_keys)
    Path("/proc/self/clear_refs").write_text("5")  # the passphrase took its memory before
    cpu, wall = measured(lambda: expect(db, its_keys, bundles, "new"))
    again, _ = measured(lambda: expect(db, its_keys, bundles, "already here"))
    hashing, _ = measured(lambda: [hashlib.sha256(path.read_bytes()) for path in bundles])
    stored = sum(db[kind].count for kind in SHARE)
    assert stored == files * RECORDS, stored
    db.close()
    subprocess.run(["rm", "-r", str(copy)], check=True)
    [peak] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    memory = int(peak.split()[1]) / 1024
    return {"cpu": cpu, "wall": wall, "again": again, "hash": hashing, "memory": memory}


def expect(db: branch.Database, its_keys: keys.BranchKeys, bundles: list[Path], state: str) -> None:
    for merged in merge_each(db, its_keys, bundles):
        assert merged.state == state, merged


def plain(folder: Path, declared: Callable[[str], str], files: int) -> None:
    """Copy the rows as one would by hand."""
    path = folder / "plain.db"
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path, isolation_level=None)  # noqa: TID251 (what fieldref is measured against)
    for table in SHARE:
        db.execute(declared(payload.table(table)))
    for source in sorted((folder / "readable").iterdir())[:files]:
        db.execute("ATTACH ? AS other", [str(source)])
        db.execute("BEGIN")
        for table in SHARE:
            db.execute(f"INSERT OR IGNORE INTO {table} SELECT * FROM other.{table}")  # noqa: S608 (our names)
        db.execute("COMMIT")
        db.execute("DETACH other")
    db.close()


def make(folder: Path) -> None:
    """A branch, and bundles of its safe-points: sealed in bundles/, the same payloads readable in readable/."""
    branch.make_branch(folder / "branch", "North", WORDS)
    its_keys, places = keys.open_branch(folder / "branch", WORDS), []
    for number in range(PLACES):
        place = folder / f"place-{number}"
        place.mkdir()
        settings.write(place, settings.Settings(name=f"Place {number}"))
        keys.make_device(place, WORDS)
        pairing.pair_device(folder / "branch", place, its_keys)
        places.append((keys.open_device(place, WORDS), read_card(place / keys.DEVICE_CARD, "device")))
    card: Card = its_keys.card
    for name in ("bundles", "readable"):
        (folder / name).mkdir()
    for number in range(FILES):
        content, (key, device) = records(), places[number % PLACES]
        before = secrets.token_hex(32) if number >= PLACES else envelope.NONE_BEFORE
        sealed = envelope.enclose(content, bundle.KIND, number // PLACES + 1, before, key, device.id, card)
        (folder / "bundles" / f"{number:04}.bin").write_bytes(sealed)
        (folder / "readable" / f"{number:04}.db").write_bytes(content)


def records() -> bytes:
    """The payload of a shift with many records."""
    db = sqlite3.connect(":memory:")  # noqa: TID251 (as fieldref.exchange.bundle makes it)
    db.execute(f"PRAGMA page_size = {payload.PAGE_SIZE}")
    for table, columns in payload.TABLES.items():
        db.execute(payload.table(table))
        rows = sorted(row(table, columns) for _ in range(round(RECORDS * SHARE.get(table, 0))))
        db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", rows)  # noqa: S608
    meta = (str(payload.FORMAT), "2026-11-22", "trusted", "1")
    db.executemany("INSERT INTO meta VALUES (?, ?)", zip(payload.META[payload.FORMAT], meta, strict=True))
    db.commit()
    content = bytes(db.serialize())
    db.close()
    return content


def row(table: str, columns: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(_values(table, columns))


def _values(table: str, columns: tuple[str, ...]) -> Iterator[object]:
    for column in columns:
        if column == "code":
            yield new_code()
        elif column in ("id", "record"):
            yield new_id()
        else:
            codes = (
                CODES["withdrawal" if (table, column) == ("withdrawal", "reason") else column]
                if column in CODES
                else ()
            )
            yield random.choice(COLUMNS.get(column) or sorted(codes))  # noqa: S311 (no secret)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
    else:
        main()
