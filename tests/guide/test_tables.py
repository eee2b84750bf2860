"""Files are read as people save them, and what is no table is refused in words."""

from pathlib import Path

import pytest

from fieldref.guide import directory
from fieldref.guide.directory import DirectoryError


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_files_are_read_with_or_without_a_byte_order_mark_and_as_excel_separates_them(
    tmp_path: Path, mark: str, separator: str
) -> None:
    lines = ["id,name,status,needs", "a,Café,active,food"]
    text = mark + "\r\n".join(lines).replace(",", separator)
    (tmp_path / "services.csv").write_text(text, "utf-8", newline="")
    assert directory.read(tmp_path)[0].services[0].name == "Café"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("id,name\na,Café".encode("latin-1"), "not in UTF-8"),
        (b"name,status\nA,active", "one of them must be id"),
        (b"", "one of them must be id"),
        (b"id,name\na," + b"x" * 200_000, "field larger than field limit"),
    ],
)
def test_a_file_that_is_no_table_stops_the_reading_in_words(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "services.csv").write_bytes(content)
    with pytest.raises(DirectoryError, match=reason):
        directory.read(tmp_path)


def test_a_folder_without_services_is_no_directory(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match=r"has no services\.csv"):
        directory.read(tmp_path)
