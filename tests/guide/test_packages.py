"""Directories come in as they are and go out as they were understood."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fieldref.guide import directory, packages
from fieldref.refusal import Refusal

WriteTables = Callable[..., Path]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A safe-point's folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_are_taken_as_they_are(two_kitchens: Path, home: Path) -> None:
    assert packages.take_in(packages.open_package(two_kitchens), home) == 0
    assert files_of(home / "directory") == files_of(two_kitchens)
    assert [path.name for path in home.iterdir()] == ["directory"]


def test_refused_rows_are_taken_too_so_that_they_can_be_found_again(tables: WriteTables, home: Path) -> None:
    packages.take_in(
        packages.open_package(tables(services="id,name,status,needs\na,A,active,food\na,B,active,food")), home
    )
    assert [problem.kind for problem in directory.read(home / "directory")[1]] == ["duplicate"]


def test_a_new_directory_replaces_the_old_one_whole(two_kitchens: Path, tables: WriteTables, home: Path) -> None:
    packages.take_in(packages.open_package(two_kitchens), home)
    for path in two_kitchens.iterdir():
        path.unlink()
    packages.take_in(packages.open_package(tables(services="id,name,status,needs\na,A,active,food")), home)
    assert list(files_of(home / "directory")) == ["services.csv"]


def test_a_directory_can_be_taken_from_where_it_already_is(two_kitchens: Path, home: Path) -> None:
    packages.take_in(packages.open_package(two_kitchens), home)
    packages.take_in(packages.open_package(home / "directory"), home)
    assert files_of(home / "directory") == files_of(two_kitchens)


@pytest.mark.parametrize("step", [1, 2])
def test_a_power_cut_leaves_one_whole_directory_and_the_next_time_works(
    two_kitchens: Path, tables: WriteTables, home: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    packages.take_in(packages.open_package(two_kitchens), home)
    tables(services="id,name,status,needs\na,A,active,food")
    renames = []

    def cut(path: Path, target: Path) -> Path:
        if not path.name.endswith(".csv.new"):
            renames.append(target)
            if len(renames) == step:
                raise OSError("the power is gone")
        path.replace(target)
        return target

    monkeypatch.setattr(Path, "rename", cut)
    with pytest.raises(OSError, match="power"):
        packages.take_in(packages.open_package(two_kitchens), home)
    monkeypatch.undo()
    found, sample = directory.folder_of(home)
    assert not sample
    assert [service.id for service in directory.read(found)[0].services] == ["kitchen", "soup"]
    packages.take_in(packages.open_package(two_kitchens), home)
    assert [service.id for service in directory.read(home / "directory")[0].services] == ["a"]


def test_where_a_confidential_service_is_stays_behind(tables: WriteTables, home: Path) -> None:
    source = tables(
        services="id,name,status,needs,confidential\nhouse,House,active,shelter,yes\na,A,active,food,no",
        locations="id,name,latitude,longitude\nhidden,Blue door,36.51,15.02\nquay,Quay,36.5,15.0",
        addresses="id,location_id,address_1,city\n1,hidden,Mill Lane 9,Port\n2,quay,Quay Road 1,Port",
        service_at_locations="id,service_id,location_id\n1,house,hidden\n2,a,quay\n3,house,quay",
        texts="table,id,language,field,text\nlocations,hidden,fr,name,Porte bleue",
    )
    assert packages.take_in(packages.open_package(source), home) == 5
    copied = b"".join(files_of(home / "directory").values())
    assert not any(word in copied for word in (b"Mill", b"Blue", b"bleue", b"36.51"))
    services = {service.id: service for service in directory.read(home / "directory")[0].services}
    assert services["house"].place is None
    assert services["a"].place and services["a"].place.address == "Quay Road 1, Port"


def test_what_goes_out_comes_back_the_same(two_kitchens: Path, tmp_path: Path) -> None:
    found, _ = directory.read(two_kitchens)
    packages.give_out(found, tmp_path / "out")
    assert packages.open_package(tmp_path / "out").directory == found


def test_a_folder_with_anything_in_it_is_not_written_over(two_kitchens: Path) -> None:
    found, _ = directory.read(two_kitchens)
    with pytest.raises(Refusal, match="is not empty"):
        packages.give_out(found, two_kitchens)
