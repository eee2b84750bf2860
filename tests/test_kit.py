"""The folder for a stick: it installs with no network at all, goes back, and refuses what is damaged.

FIELDREF_KITS: the kinds of machine to make it for, with spaces between; by default this machine's own.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.xdist_group("kit")  # made once, by one process: two would build in one folder
OWN = f"{platform.machine()}-{sys.version_info.major}{sys.version_info.minor}"


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kit for this machine, made as `make kit` makes it."""
    folder = tmp_path_factory.mktemp("stick") / "fieldref-kit"
    kinds = os.environ.get("FIELDREF_KITS", OWN).split()
    subprocess.run([sys.executable, ROOT / "kit" / "make", folder, *kinds], check=True)
    return folder


def alone(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run *command* where there is no network, not even this machine's own, and nothing of ours in the environment."""
    clean = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "PYTHON": sys.executable}
    return subprocess.run(
        ["unshare", "--net", "--map-root-user", *command], env=clean, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def installed(kit: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the kit was installed, offline."""
    where = tmp_path_factory.mktemp("machine") / "fieldref"
    done = alone("sh", kit / "install.sh", where)
    assert done.returncode == 0, done.stdout + done.stderr
    yield where
    shutil.rmtree(where)


def test_without_any_network_it_installs_and_shows_an_arabic_page(installed: Path, tmp_path: Path) -> None:
    fieldref = installed / "now" / "bin" / "fieldref"
    made = alone(fieldref, "--folder", tmp_path / "demo", "demo", "--no-serve")
    assert made.returncode == 0, made.stderr
    page = alone(fieldref, "--folder", tmp_path / "demo", "get", "/ar/rights/asylum")
    assert '<html lang="ar" dir="rtl">' in page.stdout


def test_there_really_is_no_network() -> None:
    """The test above can fail: where it ran, not even the machine itself is reached."""
    program = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    assert "unreachable" in alone(sys.executable, "-c", program).stderr


def test_it_is_installed_again_and_goes_back_to_what_was_before(kit: Path, installed: Path) -> None:
    assert alone("sh", kit / "install.sh", "--back", installed).returncode == 1
    older = installed / "0.0.1"
    shutil.copytree(installed / "now", older, symlinks=True)
    (installed / "before").symlink_to("0.0.1")
    back = alone("sh", kit / "install.sh", "--back", installed)
    assert (back.returncode, (installed / "now").readlink().name) == (0, "0.0.1")
    assert alone("sh", kit / "install.sh", installed).returncode == 0
    assert ((installed / "now").readlink().name, (installed / "before").readlink().name) != ("0.0.1", "0.0.1")
    assert (installed / "before").readlink().name == "0.0.1"


def test_a_damaged_kit_is_refused_and_changes_nothing(kit: Path, tmp_path: Path) -> None:
    bad = tmp_path / "kit"
    shutil.copytree(kit, bad)
    wheel = next((bad / "wheels").glob("fieldref-*.whl"))
    wheel.write_bytes(wheel.read_bytes()[:-1] + b"!")
    done = alone("sh", bad / "install.sh", tmp_path / "where")
    assert (done.returncode, "damaged" in done.stderr) == (1, True)
    assert not (tmp_path / "where").exists()


def test_a_kit_lies_beside_nothing_of_this_machine(kit: Path) -> None:
    names = {path.name for path in kit.iterdir()}
    assert names == {"LICENSE", "READ-ME-FIRST.txt", "SHA256SUMS", "install.sh", "wheels"}
    assert all(path.suffix == ".whl" for path in (kit / "wheels").iterdir())
