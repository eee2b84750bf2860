import pytest

from fieldref.exchange import mounts


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Mount these folders, as Linux's table of mounts would say it."""
    monkeypatch.setattr(mounts, "PLACES", (f"{tmp_path}/media/",))
    monkeypatch.setattr(mounts, "TABLE", tmp_path / "mounts")
    monkeypatch.setattr(mounts.sys, "platform", "linux")

    def write(*lines):
        (tmp_path / "mounts").write_text("".join(f"{line}\n" for line in lines).replace("@", str(tmp_path)), "utf-8")

    write()
    return write


def test_sticks_are_found_by_where_the_system_puts_them(table, tmp_path):
    for name in ("BLUE STICK", "مفتاح"):
        (tmp_path / "media" / name).mkdir(parents=True)
    table(
        "/dev/sda1 / ext4 rw 0 0",
        r"/dev/sdb1 @/media/BLUE\040STICK vfat rw,nosuid 0 0",
        "/dev/sdc1 @/media/مفتاح exfat rw 0 0",
        "proc /proc proc rw 0 0",
    )
    found = mounts.sticks()
    assert [stick.name for stick in found] == ["BLUE STICK", "مفتاح"]
    assert all(stick.free > 0 for stick in found)


def test_what_cannot_be_written_or_is_gone_is_no_stick(table, tmp_path):
    (tmp_path / "media" / "LOCKED").mkdir(parents=True)
    table("/dev/sdb1 @/media/LOCKED vfat ro,nosuid 0 0", "/dev/sdc1 @/media/GONE vfat rw 0 0")
    assert mounts.sticks() == []


def test_a_system_that_has_no_table_has_no_sticks(table, tmp_path):
    (tmp_path / "mounts").unlink()
    assert mounts.sticks() == []
