"""Directories of services as files, small enough to read."""

from collections.abc import Callable
from pathlib import Path

import pytest

WriteTables = Callable[..., Path]


@pytest.fixture
def tables(tmp_path: Path) -> WriteTables:
    """Write a directory's files, each given by its name and lines, into a folder and return that."""

    def write(**files: str) -> Path:
        folder = tmp_path / "files"
        folder.mkdir(exist_ok=True)
        for name, lines in files.items():
            text = "\n".join(line.strip() for line in lines.strip().splitlines()) + "\n"
            (folder / f"{name}.csv").write_text(text, "utf-8")
        return folder

    return write


@pytest.fixture
def two_kitchens(tables: WriteTables) -> Path:
    """Two services at one place, with most that can be said of the first, in English and Arabic."""
    return tables(
        organizations="""
            id,name,description
            friends,Harbour Friends,
        """,
        locations="""
            id,name,location_type,latitude,longitude,transportation
            quay,Old Quay,physical,36.5,15.01,Past the church
        """,
        addresses="""
            id,location_id,address_1,city,country,address_type
            quay-address,quay,Quay Road 4,Port Miralo,XX,physical
        """,
        services="""
            id,organization_id,name,description,alert,status,needs,eligibility,access,documents,cost,languages
            kitchen,friends,Kitchen,Hot meals,Shut on 1 Dec,active,food;wash,women,walk_in,none,free,en;ar
            soup,,Night soup,,,active,food,,outreach,,,
        """,
        service_at_locations="""
            id,service_id,location_id
            1,kitchen,quay
            2,soup,quay
        """,
        phones="""
            id,service_id,number,type,description
            kitchen-phone,kitchen,+44 1632 960200,voice,Ask for Sam
        """,
        schedules="""
            id,service_id,opening_hours,description
            kitchen-hours,kitchen,Mo-Fr 12:00-14:00,Until the food is gone
        """,
        texts="""
            table,id,language,field,text
            services,kitchen,ar,name,مطبخ الميناء
            services,kitchen,ar,description,وجبات ساخنة
            locations,quay,ar,name,الرصيف القديم
            schedules,kitchen-hours,ar,description,حتى نفاد الطعام
        """,
    )
