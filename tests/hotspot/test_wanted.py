"""What a hotspot needs to know, and what it refuses in words before anything is changed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fieldref.hotspot.files import files_of
from fieldref.hotspot.wanted import Hotspot, hotspot_of
from fieldref.refusal import Refusal
from fieldref.settings import Settings, SettingsError

PLACE = Settings(name="Bridge", country="GR", address="10.42.0.1", network="SAFE-POINT INFO")
PYTHON = Path("/opt/fieldref/bin/python")


@pytest.mark.parametrize(
    ("otherwise", "said"),
    [
        ({"network": ""}, "set network"),
        ({"country": ""}, "set country"),
        ({"address": ""}, 'set address = "10.42.0.1"'),
        ({"address": "10.42.0.1:8080"}, "without a port"),
        ({"address": "help.lan"}, "figures"),
        ({"address": "8.8.8.8"}, "private network"),
        ({"address": "127.0.0.1"}, "private network"),
        ({"address": "198.51.100.1"}, "private network"),
        ({"kind": "branch"}, "a branch"),
        ({"password": "pässwörter"}, "every keyboard"),
        ({"network": "A\nB"}, "line breaks"),
    ],
    ids=str,
)
def test_what_cannot_work_is_refused_in_one_sentence(otherwise: dict[str, str], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        hotspot_of(replace(PLACE, **otherwise), Path("/srv/fieldref"), PYTHON)


def test_all_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(Refusal, match=r"network.*country.*address"):
        hotspot_of(Settings(name="Bridge"), Path("/srv/fieldref"), PYTHON)


@pytest.mark.parametrize("folder", ["/home/pi/bridge", "/run/bridge"])
def test_a_folder_that_the_doors_could_not_see_is_refused_unless_it_is_for_an_image(folder: str, machine: Path) -> None:
    with pytest.raises(Refusal, match="move it, like to /srv/fieldref"):
        hotspot_of(PLACE, Path(folder), PYTHON)
    assert hotspot_of(PLACE, Path(folder), PYTHON, root=machine).folder == Path(folder)


@pytest.mark.parametrize("folder", ["/srv/a b", "/srv/a%n", "/srv/$HOME", "srv/x", '/srv/"x"'])
def test_a_path_that_a_unit_would_read_otherwise_is_refused(folder: str) -> None:
    with pytest.raises(Refusal, match="plain letters"):
        hotspot_of(PLACE, Path(folder), PYTHON)


@pytest.mark.parametrize(
    "setting",
    [{"name_to_type": "help.local"}, {"name_to_type": "a b"}, {"interface": "wlan0; reboot"}, {"channel": 13}],
    ids=str,
)
def test_settings_that_no_hotspot_can_have_stop_the_start(setting: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match=next(iter(setting))):
        replace(PLACE, **setting)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("network", "keyfile"),
    [
        ("RED TENT 2", "RED TENT 2"),
        ("A;B", "65;59;66;"),
        (" x", "32;120;"),
        ("شبكة", "".join(f"{byte};" for byte in "شبكة".encode())),
        ("a\\sb", "97;92;115;98;"),
        ("1;2", "49;59;50;"),
    ],
)
def test_any_name_of_a_network_is_written_as_networkmanager_reads_it(
    wanted: Callable[..., Hotspot], network: str, keyfile: str
) -> None:
    assert f"\nssid={keyfile}\n" in profile(wanted(network=network))


def test_an_open_network_has_no_security_and_one_with_a_password_has_wpa2(wanted: Callable[..., Hotspot]) -> None:
    assert "wifi-security" not in profile(wanted())
    secured = profile(wanted(password=' a\\b;c "d'))
    assert "proto=rsn;\npairwise=ccmp;\ngroup=ccmp;" in secured
    assert 'psk=\\sa\\\\b;c "d\n' in secured


@pytest.mark.parametrize(("driver", "pmf"), [("brcmfmac", "pmf=1"), ("iwlwifi", "pmf=2")])
def test_management_frames_are_protected_where_the_radio_can(machine: Path, driver: str, pmf: str) -> None:
    device = machine / "sys" / "class" / "net" / "wlan0" / "device"
    (machine / "drivers" / driver).mkdir(parents=True)
    device.mkdir(parents=True)
    (device / "driver").symlink_to(machine / "drivers" / driver)
    place = replace(PLACE, password="long enough")
    assert pmf in profile(hotspot_of(place, Path("/srv/fieldref"), PYTHON, root=machine))


def test_every_file_says_why_it_is_there(wanted: Callable[..., Hotspot]) -> None:
    files = files_of(wanted())
    assert len(files) >= 10
    assert not [file.path for file in files if len(file.why) < 40]
    assert not [file.path for file in files if "{{" in file.content or "{%" in file.content]


def profile(hotspot: Hotspot) -> str:
    """The profile for NetworkManager."""
    return next(file.content for file in files_of(hotspot) if file.path.suffix == ".nmconnection")


@pytest.mark.parametrize("coordinator", [False, True])
def test_the_staff_door_for_phones_is_one_more_unit_at_the_boxs_address(
    wanted: Callable[..., Hotspot], coordinator: bool
) -> None:
    """The one on the machine itself is told of it, so that it can show its card."""
    units = {
        file.path.name: file.content for file in files_of(replace(wanted(), staff_lan=True, coordinator=coordinator))
    }
    lan, staff = units["fieldref-staff-lan.service"], units["fieldref-staff.service"]
    assert "listen staff-lan /srv/fieldref 10.42.0.1 8443" + " --coordinator" * coordinator + "\n" in lan
    assert "listen staff /srv/fieldref 127.0.0.1 8081 --beside 10.42.0.1:8443\n" in staff
    without = {file.path.name: file.content for file in files_of(wanted())}
    assert "fieldref-staff-lan.service" not in without
    assert "127.0.0.1 8081\n" in without["fieldref-staff.service"]


def test_the_staff_door_over_the_air_is_there_only_when_asked_for(wanted: Callable[..., Hotspot]) -> None:
    without, with_it = (content(wanted()), content(replace(wanted(), staff_lan=True)))
    assert "8443" not in "".join(without.values())
    assert set(with_it) - set(without) == {"fieldref-staff-lan.service"}
    assert "tcp dport { 80, 8443 } accept" in with_it["hotspot.nft"]


def test_the_doors_are_as_shut_in_as_a_door_can_be(wanted: Callable[..., Hotspot]) -> None:
    units = content(replace(wanted(), staff_lan=True))
    for name in ("fieldref-public.service", "fieldref-staff.service", "fieldref-staff-lan.service"):
        for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "MemoryDenyWriteExecute=yes"):
            assert f"\n{line}\n" in units[name], name
        assert "\nIPAddressDeny=any\n" in units[name]
    assert "\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\n" in units["fieldref-public.service"]
    assert "\nCapabilityBoundingSet=\n" in units["fieldref-staff.service"]
    assert "ReadWritePaths=-/srv/fieldref/voices\n" in units["fieldref-public.service"], "not there at the first start"


def content(hotspot: Hotspot) -> dict[str, str]:
    return {file.path.name: file.content for file in files_of(hotspot)}
