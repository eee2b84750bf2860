"""A safe-point that is to be a hotspot, and a machine to make it on: an empty folder instead of `/`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fieldref import settings
from fieldref.hotspot.wanted import Hotspot, hotspot_of

PYTHON = Path("/opt/fieldref/bin/python")
PLACE = settings.Settings(name="Bridge", country="GR", address="10.42.0.1", network="SAFE-POINT INFO")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The root of a machine without a hotspot."""
    root = tmp_path / "machine"
    (root / "etc").mkdir(parents=True)
    return root


@pytest.fixture
def wanted(machine: Path) -> Callable[..., Hotspot]:
    """The hotspot of a usual safe-point; what is named is otherwise."""

    def of(**otherwise: object) -> Hotspot:
        return hotspot_of(replace(PLACE, **otherwise), Path("/srv/fieldref"), PYTHON, root=machine)  # type: ignore[arg-type]

    return of
