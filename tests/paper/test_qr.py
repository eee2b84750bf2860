import re
import socket
from xml.etree import ElementTree

import pytest

from fieldref.paper import qr
from fieldref.refusal import Refusal
from fieldref.settings import Settings

ASYLUM = "HTTP://10.42.0.1/AR/RIGHTS/ASYLUM"


def at(address: str) -> Settings:
    return Settings(name="Port Miralo", address=address)


@pytest.mark.parametrize(
    ("network", "password", "written"),
    [
        ("SAFE-POINT FREE INFO", "", "WIFI:T:nopass;S:SAFE-POINT FREE INFO;;"),
        ("Safe point", "blue lamp 1234", "WIFI:T:WPA;S:Safe point;P:blue lamp 1234;;"),
        (r'A;B:C,"D\E', "", r"WIFI:T:nopass;S:A\;B\:C\,\"D\\E;;"),
        ("café", "a;b:c,d\\", "WIFI:T:WPA;S:café;P:a\\;b\\:c\\,d\\\\;;"),
        ("DEADBEEF", "", 'WIFI:T:nopass;S:"DEADBEEF";;'),
        ("Safe point", "0123456789", 'WIFI:T:WPA;S:Safe point;P:"0123456789";;'),
    ],
)
def test_a_network_is_written_so_that_a_camera_can_join_it(network: str, password: str, written: str) -> None:
    assert qr.wifi(network, password) == written


def test_a_code_is_one_path_with_four_modules_of_white_around_it() -> None:
    drawing = qr.svg("K7QM3XWF9T2RC", error="M")
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', drawing)[1])
    corners = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)", drawing)]
    assert side == 21 + 8
    assert min(min(corner) for corner in corners) == 4
    assert drawing.count("<path") == 1
    assert "xmlns" not in drawing


def test_a_code_in_millimetres_gives_the_width_of_its_black_part() -> None:
    """Twenty-one modules in 30 mm; eight more are white."""
    assert 'width="41.4mm" height="41.4mm"' in qr.svg("K7QM3XWF9T2RC", error="M", code_mm=30)


def test_a_label_cannot_leave_its_quotes() -> None:
    assert "<script" not in qr.svg("1", label='"><script>')


def test_a_code_for_a_file_is_an_svg_of_its_own() -> None:
    root = ElementTree.fromstring(qr.as_file(qr.svg(ASYLUM)))  # noqa: S314 (our own)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("path", ["ar/rights/asylum", "/ar/rights/asylum/"])
@pytest.mark.parametrize("address", ["10.42.0.1", "http://10.42.0.1", "HTTP://10.42.0.1/"])
def test_a_page_address_is_short_and_in_capitals(address: str, path: str) -> None:
    assert qr.page_address(at(address), path) == ASYLUM


def test_a_port_is_written_where_it_is_not_80() -> None:
    assert qr.page_address(at("10.42.0.1"), "ar", port=8080) == "HTTP://10.42.0.1:8080/AR"
    assert qr.page_address(at("10.42.0.1:8000"), "ar") == "HTTP://10.42.0.1:8000/AR"


@pytest.mark.parametrize(
    "address",
    ["localhost", "box.localhost", "127.0.0.1", "127.1.2.3:8080", "0.0.0.0", "[::1]"],
)
def test_an_address_that_only_this_machine_can_open_is_never_printed(address: str) -> None:
    with pytest.raises(Refusal, match=r'set "address" in fieldref\.toml'):
        qr.page_address(at(address), "ar")


def test_a_demonstration_may_show_its_own_machine() -> None:
    assert qr.page_address(at("127.0.0.1"), "en", port=8080, allow_local=True) == "HTTP://127.0.0.1:8080/EN"


def test_an_address_that_makes_no_sense_is_refused_in_words() -> None:
    with pytest.raises(Refusal, match=r"cannot be understood: 10\.42\.0\.1:web"):
        qr.page_address(at("10.42.0.1:web"), "ar")


def test_without_an_address_this_machine_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qr, "this_machine", lambda: "192.168.7.20")
    assert qr.page_address(at(""), "ar") == "HTTP://192.168.7.20/AR"


class NoNetwork:
    """A socket on a machine without a network."""

    def __init__(self, *_: object) -> None: ...

    def __enter__(self) -> "NoNetwork":
        return self

    def __exit__(self, *_: object) -> None: ...

    def connect(self, _: object) -> None:
        raise OSError("Network is unreachable")


def test_a_machine_in_no_network_says_which_setting_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", NoNetwork)
    with pytest.raises(Refusal, match=r'in no network: join one, or set "address" in fieldref\.toml'):
        qr.page_address(at(""), "ar")
    assert qr.page_address(at(""), "ar", allow_local=True) == "HTTP://127.0.0.1/AR"


class OnlyLoopback(NoNetwork):
    """A socket whose every way leads back to its own machine."""

    def connect(self, _: object) -> None: ...

    def getsockname(self) -> tuple[str, int]:
        return "127.0.0.1", 9


def test_a_way_that_leads_only_back_here_is_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", OnlyLoopback)
    with pytest.raises(Refusal):
        qr.this_machine()
