"""The directory of services: where its files lie, and all that the rest of fieldref does with it."""

from pathlib import Path

from fieldref.folders import folder as shipped
from fieldref.guide.csvfile import DirectoryError
from fieldref.guide.reading import read
from fieldref.guide.service import Directory, Phone, Place, Service, Text
from fieldref.guide.stored import services, store
from fieldref.guide.tables import Problem

__all__ = [
    "Directory",
    "DirectoryError",
    "Phone",
    "Place",
    "Problem",
    "Service",
    "Text",
    "folder_of",
    "read",
    "services",
    "store",
]

NAME = "directory"
# Stands only while one directory replaces another; a power cut may leave it as the only one.
BEFORE = ".directory.before"


def folder_of(safe_point: Path) -> tuple[Path, bool]:
    """Where the services of *safe_point* lie, and whether they are only the sample that fieldref ships."""
    for name in (NAME, BEFORE):
        if (safe_point / name).is_dir():
            return safe_point / name, False
    return shipped("seed") / NAME, True
