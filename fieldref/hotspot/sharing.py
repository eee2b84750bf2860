"""Two users of the system in one folder: the public door reads the guide, appends voices, and can open no record.

`python -m fieldref.hotspot.sharing FOLDER` says as root who may read what. The public door's unit runs it before each
start, so that a file that was copied in, or made as another user, is right again. What is not named here is for the
staff door alone. Root goes from folder to folder by its handle and follows no link: who owns the folder must not be
able to point root at a file elsewhere. Nor does root open a database that the public door may have written.
"""

import os
import pwd
import shutil
import stat
import sys
from pathlib import Path, PurePath

from fieldref import clock, settings, today, voices
from fieldref.guide import announcements
from fieldref.guide.build import FILE_NAME as GUIDE
from fieldref.refusal import Refusal

STAFF = "fieldref"
PUBLIC = "fieldref-public"

# SQLite believes the journal that lies beside a database, so the public door may lay none beside register.db: it
# writes in a folder of its own. Sticky: it cannot put a file of its own in the place of another.
JOURNAL = f"{voices.FILE_NAME}-journal"
FOR_PUBLIC = {
    PurePath("."): 0o710,  # it passes through and lists nothing
    PurePath(settings.FILE_NAME): 0o640,
    PurePath(GUIDE): 0o640,
    PurePath(announcements.FILE_NAME): 0o640,
    PurePath(today.FILE_NAME): 0o640,
    PurePath(clock.FILE_NAME): 0o640,
    PurePath(voices.SHARED): 0o3770,
    PurePath(voices.SHARED, voices.FILE_NAME): 0o660,
    PurePath(voices.SHARED, JOURNAL): 0o660,
}
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
LOOK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


def share(folder: Path, owner: int, group: int, public: int) -> None:
    """Give *folder* to the user *owner* (with its own *group*), and to the group *public* what the public door needs.

    Raises Refusal where something in it is a link.
    """
    here = os.open(folder, LOOK | os.O_DIRECTORY)
    try:
        _lay_out(here)
    finally:
        os.close(here)
    _give(folder, owner, {path: (public, mode) for path, mode in FOR_PUBLIC.items()}, group)


def unshare(folder: Path, owner: int, group: int) -> None:
    """Give *folder* and all in it to one user again, as a safe-point without a hotspot has it.

    Raises Refusal where something in it is a link.
    """
    here = os.open(folder, LOOK | os.O_DIRECTORY)
    try:
        if voices.SHARED in os.listdir(here):
            _bring_back(here)
    finally:
        os.close(here)
    _give(folder, owner, {}, group)


def _bring_back(here: int) -> None:
    """Put what visitors said where a safe-point without a hotspot has it; what else lay there goes."""
    try:
        there = os.open(voices.SHARED, LOOK | os.O_DIRECTORY, dir_fd=here)
    except OSError:
        raise Refusal(
            f"{voices.SHARED} is no folder of ours: a safe-point's folder holds files of its own only"
        ) from None
    try:
        for name in (JOURNAL, voices.FILE_NAME):
            if name in os.listdir(there):
                os.rename(name, name, src_dir_fd=there, dst_dir_fd=here)
        for name in os.listdir(there):
            _throw_away(name, there)
    finally:
        os.close(there)
    os.rmdir(voices.SHARED, dir_fd=here)


def _lay_out(here: int) -> None:
    """Make what both doors need to find: voices.db and its journal in their folder, and what only one writes.

    Whoever writes a small file anew gives it the access of the one before, so there is one from the beginning.

    The journal stays, empty: if the one door made it, some systems would keep the other from opening it.
    """
    names = os.listdir(here)
    if voices.SHARED not in names:
        os.mkdir(voices.SHARED, 0o700, dir_fd=here)
    there = os.open(voices.SHARED, LOOK | os.O_DIRECTORY, dir_fd=here)
    try:
        for name in (JOURNAL, voices.FILE_NAME):  # the journal first: it may hold the other half of a change
            if name in names and name not in os.listdir(there):
                os.rename(name, name, src_dir_fd=here, dst_dir_fd=there)
            _make(name, b"", there)
        for name in set(os.listdir(there)) - {JOURNAL, voices.FILE_NAME}:
            _throw_away(name, there)  # only the public door can have made it, and it has no business to
    finally:
        os.close(there)
    for name, nothing in ((announcements.FILE_NAME, b"[]"), (today.FILE_NAME, today.EMPTY), (clock.FILE_NAME, b"{}")):
        _make(name, nothing, here)


def _throw_away(name: str, where: int) -> None:
    try:
        os.unlink(name, dir_fd=where)
    except IsADirectoryError:
        shutil.rmtree(name, dir_fd=where)


def _make(name: str, content: bytes, where: int) -> None:
    try:
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=where)
    except FileExistsError:
        return
    os.write(handle, content)
    os.close(handle)


def _give(folder: Path, owner: int, special: dict[PurePath, tuple[int, int]], group: int) -> None:
    """Set owner, group and mode of *folder* and all in it: as in *special*, or for *owner* alone."""
    for where, folders, files, handle in os.fwalk(folder, follow_symlinks=False):
        inside = PurePath(where).relative_to(folder)
        for name in ([] if inside.name else ["."]) + folders + files:
            usual = (group, PRIVATE_FILE if name in files else PRIVATE_FOLDER)
            _set(name, handle, owner, *special.get(inside / name, usual))


def _set(name: str, where: int, owner: int, group: int, mode: int) -> None:
    try:
        handle = os.open(name, LOOK, dir_fd=where)
    except OSError:
        raise Refusal(
            f"{name} is a link or cannot be opened: a safe-point's folder holds files of its own only"
        ) from None
    try:
        seen = os.fstat(handle)
        if stat.S_ISREG(seen.st_mode) and seen.st_nlink > 1:
            raise Refusal(f"{name} is a link: a safe-point's folder holds files of its own only")
        if (seen.st_uid, seen.st_gid) != (owner, group):
            os.fchown(handle, owner, group)
        if stat.S_IMODE(os.fstat(handle).st_mode) != mode:
            os.fchmod(handle, mode)
    finally:
        os.close(handle)


def main(arguments: list[str]) -> None:
    """Share the folder named in *arguments* between the users of the installed units."""
    try:
        staff, public = pwd.getpwnam(STAFF), pwd.getpwnam(PUBLIC)
        share(Path(arguments[0]), staff.pw_uid, staff.pw_gid, public.pw_gid)
    except KeyError as error:
        sys.exit(f"fieldref: {error.args[0]}: run fieldref hotspot install")
    except (Refusal, OSError) as error:
        sys.exit(f"fieldref: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
