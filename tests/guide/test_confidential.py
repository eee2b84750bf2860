"""Where a confidential service is stays out of the guide, whatever the files say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fieldref.database import open_in_memory
from fieldref.guide import directory
from fieldref.guide.directory import Place, Service

WriteTables = Callable[..., Path]


@pytest.fixture
def safe_house(tables: WriteTables) -> Path:
    """A confidential service whose files say all the same where it is."""
    return tables(
        services="id,name,status,needs,confidential\nhouse,Safe house,active,shelter,yes",
        locations="id,name,latitude,longitude,transportation\nhidden,Blue door,36.51,15.02,Behind the mill",
        addresses="id,location_id,address_1,city\n1,hidden,Mill Lane 9,Port Miralo",
        service_at_locations="id,service_id,location_id\n1,house,hidden",
        phones="id,service_id,number\n1,house,+44 1632 960999",
        texts="table,id,language,field,text\nlocations,hidden,fr,transportation,Derrière le moulin",
    )


def test_where_a_confidential_service_is_never_gets_into_the_guide(safe_house: Path) -> None:
    db = open_in_memory()
    directory.store(db, directory.read(safe_house)[0])
    stored = "\n".join(db.iterdump())
    db.close()
    assert "960999" in stored
    assert not any(word in stored for word in ("Mill", "mill", "moulin", "36.51", "15.02", "Blue door"))


def test_files_that_say_where_a_confidential_service_is_are_named(safe_house: Path) -> None:
    (problem,) = directory.read(safe_house)[1]
    assert problem.kind == "confidential"
    assert "“Safe house” is confidential" in problem.sentence


def test_a_confidential_service_with_a_place_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="must not have a place"):
        Service(id="house", name="Safe house", confidential=True, place=Place("hidden", "Blue door"))


def test_a_later_row_can_make_a_service_confidential_but_none_can_undo_it(tables: WriteTables) -> None:
    rows = "id,name,status,needs,confidential\na,A,active,food,no\na,A,active,food,perhaps"
    assert directory.read(tables(services=rows))[0].services[0].confidential
