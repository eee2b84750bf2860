"""A directory travels as a package: in, in whatever shape of HSDS; out, as HSDS 3.1, losing nothing on the way back."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fieldref.database import sync_folder, write_whole
from fieldref.guide import csvfile, datapackage, foreign, nested, route
from fieldref.guide.directory import BEFORE, NAME
from fieldref.guide.places import confidential_services, withheld_locations
from fieldref.guide.reading import of_files
from fieldref.guide.service import Directory
from fieldref.guide.standard import package_of
from fieldref.guide.tables import TABLES, Files, Problem, Row, Tables, read_files, read_tables
from fieldref.refusal import Refusal

ROUTE = "route.csv"
UNFINISHED = ".directory.new"


@dataclass(frozen=True)
class Package:
    """A directory that has come: its files, the services in them, and all that is wrong with it."""

    files: Files
    directory: Directory
    problems: tuple[Problem, ...]


def open_package(source: Path) -> Package:
    """Read the package at *source*, of which nothing is kept yet.

    It is a folder as fieldref keeps it, which is taken file by file as it is; or an HSDS 3 package: a folder
    with datapackage.json or singular tables, that datapackage.json itself, or one file of JSON. Raises
    DirectoryError, in words, for what is none of these.
    """
    if source.name == datapackage.DESCRIPTOR:
        source = source.parent
    files, left_out = _files(source)
    found, problems = of_files(files)
    return Package(files, found, (*left_out, *problems))


def take_in(package: Package, safe_point: Path) -> int:
    """Make *package* the directory of *safe_point*, all or nothing; return how many rows stay out.

    Refused rows are taken too, so that `guide check` goes on finding what is wrong with them. Only the rows
    that say where a confidential service is stay out: no box needs to hold them.
    """
    files, left_out = without_places(package.files)
    _replace(safe_point, {f"{table}.csv": content for table, content in files.items()})
    return left_out


def without_places(files: Files) -> tuple[Files, int]:
    """Return *files* without the rows that say where a confidential service is, and how many these are."""
    tables = read_tables(files, [])
    rows = {table: _rows_to_keep(table, tables) for table in TABLES}
    left_out = sum(len(tables[table]) - len(kept) for table, kept in rows.items())
    kept_files = {}
    for table, content in files.items():
        whole = len(rows[table]) == len(tables[table])
        kept_files[table] = content if whole else csvfile.written([row.cells for row in rows[table]])
    return kept_files, left_out


def give_out(directory: Directory, folder: Path) -> None:
    """Write *directory* as a package to the new or empty *folder*; taken in again it is the same directory.

    Raises Refusal if there is anything in the folder already.
    """
    if folder.is_file() or (folder.exists() and any(folder.iterdir())):
        raise Refusal(f"{folder} is not empty: name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    files = datapackage.files_of(package_of(directory))
    if directory.route:  # beside the package: the standard has no table for it
        files[ROUTE] = csvfile.written(route.rows_of(directory.route))
    for name, content in files.items():
        write_whole(folder / name, content)


def give_out_as_json(directory: Directory, file: Path) -> None:
    """Write *directory* as one file of JSON, every service whole. Raises Refusal if the file is there already."""
    if file.exists():
        raise Refusal(f"{file} is there already: name a new file")
    write_whole(file, nested.content_of(package_of(directory) | {"route": route.rows_of(directory.route)}))


def _files(source: Path) -> tuple[Files, tuple[Problem, ...]]:
    if source.is_dir() and not datapackage.is_one(source):
        return read_files(source), ()
    raw = datapackage.read(source) if source.is_dir() else nested.read(source)
    onward = [{"id": ""} | row for row in raw.pop("route", [])]
    ours, left_out = foreign.understand(raw)
    files = {table: csvfile.written(rows) for table, rows in (ours | {"route": onward}).items() if rows}
    if source.is_dir() and (source / ROUTE).is_file():
        files["route"] = csvfile.load(source / ROUTE)
    return files, left_out


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
