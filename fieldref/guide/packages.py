"""A directory travels as a folder of HSDS tabular files: in, as they are; out, as they were understood."""

import csv
import io
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from fieldref.database import sync_folder, write_whole
from fieldref.guide.directory import BEFORE, NAME
from fieldref.guide.hsds import rows_of
from fieldref.guide.places import confidential_services, withheld_locations
from fieldref.guide.service import Directory
from fieldref.guide.tables import TABLES, Row, Tables, read_tables
from fieldref.refusal import Refusal

UNFINISHED = ".directory.new"


def take_in(source: Path, safe_point: Path) -> int:
    """Make the files of *source* the directory of *safe_point*, all or none; return how many rows stay out.

    The files are taken as they are, refused rows and all, so that `guide check` goes on finding what is wrong
    with them. Only the rows that say where a confidential service is stay out: no box needs to hold them.
    """
    tables = read_tables(source, [])
    rows = {table: _rows_to_keep(table, tables) for table in TABLES}
    left_out = sum(len(tables[table]) - len(kept) for table, kept in rows.items())
    contents = {}
    for table, kept in rows.items():
        path = source / f"{table}.csv"
        if path.is_file():
            whole = len(kept) == len(tables[table])
            contents[path.name] = path.read_bytes() if whole else _csv([row.cells for row in kept])
    _replace(safe_point, contents)
    return left_out


def give_out(directory: Directory, folder: Path) -> None:
    """Write *directory* to the new or empty *folder*; reading it again gives the same directory.

    Raises Refusal if there is anything in the folder already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refusal(f"{folder} is not empty: name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in rows_of(directory).items():
        write_whole(folder / f"{table}.csv", _csv(rows))


def _rows_to_keep(table: str, tables: Tables) -> list[Row]:
    locations, services = withheld_locations(tables), confidential_services(tables)

    def kept(row: Row) -> bool:
        match table:
            case "locations":
                return row["id"] not in locations
            case "addresses":
                return row["location_id"] not in locations
            case "service_at_locations":
                return row["service_id"] not in services
            case "texts":
                return row["table"] != "locations" or row["id"] not in locations
        return True

    return [row for row in tables[table] if kept(row)]


def _replace(safe_point: Path, contents: Mapping[str, bytes]) -> None:
    """Put a folder of *contents* in place of the directory. At every moment one whole directory is there."""
    unfinished, before, directory = (safe_point / name for name in (UNFINISHED, BEFORE, NAME))
    if before.exists() and not directory.exists():
        before.rename(directory)  # what a power cut left of the last time
    for leftover in (unfinished, before):
        shutil.rmtree(leftover, ignore_errors=True)
    unfinished.mkdir()
    for name, content in contents.items():
        write_whole(unfinished / name, content)
    if directory.exists():
        directory.rename(before)
    unfinished.rename(directory)
    sync_folder(safe_point)
    shutil.rmtree(before, ignore_errors=True)


def _csv(rows: Iterable[Mapping[str, object]]) -> bytes:
    rows = list(rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else ["id"], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
