"""The hotspot's files put in place, and all of it taken away again.

What is changed is noted before it is changed, so that an installation that was cut short can be finished or undone.
"""

import pwd
from pathlib import Path

from fieldref.database import sync_folder, write_whole
from fieldref.hotspot import commands, manifest, sharing
from fieldref.hotspot.commands import Command
from fieldref.hotspot.files import files_of
from fieldref.hotspot.manifest import Manifest, Written, digest, kept
from fieldref.hotspot.plan import Change, changes
from fieldref.hotspot.wanted import Hotspot
from fieldref.refusal import Refusal

SYSTEM = Path("/")


def planned(hotspot: Hotspot, root: Path) -> tuple[Change, ...]:
    """Return what installing *hotspot* below *root* would change."""
    return changes(files_of(hotspot), root, manifest.read(root))


def left_to_run(hotspot: Hotspot, root: Path) -> tuple[Command, ...]:
    """Return the commands that an installation would run: none where all is in place, none for an image."""
    installed = manifest.read(root)
    done = installed is not None and installed.finished and not _to_do(planned(hotspot, root))
    return () if done or root != SYSTEM else commands.to_install(hotspot)


def install(hotspot: Hotspot, root: Path, *, start: bool = True) -> list[str]:
    """Make *hotspot* below *root* and, on this very system, start it unless told not to; return what went wrong but
    may. Done twice, the second time does nothing.
    """
    to_run = left_to_run(hotspot, root) if start else ()
    noted = manifest.read(root) or Manifest(
        str(hotspot.folder), owner=_owner(hotspot.folder, root), users=_absent(root)
    )
    todo = _to_do(planned(hotspot, root))
    if not todo and noted.finished:
        return []
    noted.finished = False
    for path in (str(manifest.PATH), *(change.path for change in todo)):
        _make_room(root, path, noted)
    for change in todo:
        _note(change, root, noted)
    manifest.write(root, noted)
    for change in todo:
        _put(change, root, noted)
    complaints = commands.run(to_run)
    noted.finished = True
    manifest.write(root, noted)
    return complaints


def remove(root: Path) -> list[str]:
    """Take away all that was installed below *root*, and put back what was there; return what went wrong but may."""
    noted = manifest.read(root)
    if noted is None:
        raise Refusal("no hotspot is installed here; nothing was changed")
    here = root == SYSTEM
    complaints = commands.run(commands.before_removal(doors_in(noted))) if here else []
    for path in list(noted.files):
        _put_back(path, root, noted)
    if here and noted.owner and Path(noted.folder).is_dir():
        sharing.unshare(Path(noted.folder), *noted.owner)
    complaints += commands.run(commands.after_removal(noted.users)) if here else []
    (root / manifest.PATH).unlink()
    for folder in sorted(noted.folders, key=len, reverse=True):
        if not any((root / folder).iterdir()):
            (root / folder).rmdir()
    return complaints


def doors_in(noted: Manifest) -> list[str]:
    """The units of the doors that were installed."""
    return [name for name in (*commands.DOORS, commands.STAFF_LAN) if f"/etc/systemd/system/{name}" in noted.files]


def _to_do(every: tuple[Change, ...]) -> list[Change]:
    return [change for change in every if change.state != "same"]


def _owner(folder: Path, root: Path) -> tuple[int, int] | None:
    """Who has the folder now; nobody's business in an image."""
    if root != SYSTEM:
        return None
    seen = folder.stat()
    return seen.st_uid, seen.st_gid


def _absent(root: Path) -> list[str]:
    """The doors' users that are not there yet, and so are ours to remove again."""
    known = {each.pw_name for each in pwd.getpwall()} if root == SYSTEM else set()
    return [name for name in (sharing.PUBLIC, sharing.STAFF) if name not in known]


def _make_room(root: Path, path: str, noted: Manifest) -> None:
    place = (root / path.lstrip("/")).parent
    if not place.resolve().is_relative_to(root.resolve()):
        raise Refusal(f"{place} leads out of {root}: nothing was changed")
    new = [folder for folder in (place, *place.parents) if not folder.exists()]
    for folder in reversed(new):
        folder.mkdir(mode=0o755)
        noted.folders.append(folder.relative_to(root).as_posix())


def _note(change: Change, root: Path, noted: Manifest) -> None:
    """Note what stands in the place of a file, unless that is a file of ours already."""
    if change.wanted is None:
        return
    content = change.wanted.content.encode()
    if change.path in noted.files:
        noted.files[change.path].digest = digest(content)
        return
    there = Written(digest(content))
    if change.found is not None:
        there.before, there.before_mode = kept(change.found), (root / change.path.lstrip("/")).stat().st_mode & 0o7777
    noted.files[change.path] = there


def _put(change: Change, root: Path, noted: Manifest) -> None:
    path = root / change.path.lstrip("/")
    if change.edited and change.found is not None:
        write_whole(path.with_name(f"{path.name}~"), change.found, mode=0o600)
    if change.wanted is None:
        _put_back(change.path, root, noted)
    else:
        write_whole(path, change.wanted.content.encode(), mode=change.wanted.mode)


def _put_back(name: str, root: Path, noted: Manifest) -> None:
    """Have the file *name* as it was before us. What somebody changed in it since is kept beside, as NAME~."""
    path, ours = root / name.lstrip("/"), noted.files.pop(name)
    if path.exists() and digest(path.read_bytes()) != ours.digest:
        write_whole(path.with_name(f"{path.name}~"), path.read_bytes(), mode=0o600)
    if ours.before_content is None:
        path.unlink(missing_ok=True)
        sync_folder(path.parent)
    else:
        write_whole(path, ours.before_content, mode=ours.before_mode)
