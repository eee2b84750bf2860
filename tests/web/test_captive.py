"""What phones ask to find out whether there is an internet, and that the hotspot never says there is."""

from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from fieldref import settings
from fieldref.web.public import create_public

HOME = "http://10.42.0.1/"
PROBES = [line.split("\t") for line in (Path(__file__).parent / "probes.tsv").read_text("utf-8").splitlines()[1:]]
EVERY = [pytest.param(*probe, id=f"{probe[0]}: {probe[1]}{probe[2]}") for probe in PROBES]
OURS = ["10.42.0.1", "10.42.0.1:80", "help.lan", "HELP.LAN:80", "help.lan.", "localhost:8080", "127.0.0.1:8080", ""]
OURS += ["[::1]:8080", "192.168.8.100"]
FOREIGN = ["evil.example", "10.42.0.1.evil.example", "help.lan.evil.example", "xhelp.lan", "198.51.100.1", "a:b:c"]
FOREIGN += ["<script>canary()</script>", "fieldref", "help.lan@evil.example", "x" * 200, "1e1", "%00"]


@pytest.fixture(scope="module")
def hotspot(port_miralo: Path, tmp_path_factory: pytest.TempPathFactory) -> Client:
    """A phone at the public door of a safe-point that says what its address is."""
    folder = tmp_path_factory.mktemp("hotspot")
    settings.write(folder, settings.Settings(name="Port Miralo", address="10.42.0.1", network="SAFE-POINT INFO"))
    (folder / "guide.db").write_bytes((port_miralo / "guide.db").read_bytes())
    return Client(create_public(folder))


def ask(phone: Client, host: str, path: str = "/", method: str = "GET", agent: str = "") -> TestResponse:
    return phone.open(path, method=method, headers={"Host": host, "User-Agent": agent})


@pytest.mark.parametrize(("system", "host", "path", "agent", "online"), EVERY)
def test_a_phone_that_looks_for_an_internet_is_led_to_our_page(
    hotspot: Client, system: str, host: str, path: str, agent: str, online: str
) -> None:
    answer = ask(hotspot, host, path, agent=agent)
    assert (answer.status_code, answer.headers["Location"]) == (302, HOME)
    assert answer.headers["Cache-Control"] == "no-store"
    assert (len(answer.data) > 4) != ("CaptiveNetworkSupport" in agent), "Android wants a page, an iPhone none"
    assert not online or online not in answer.text


def test_every_kind_of_phone_has_a_probe_here() -> None:
    systems = {"Android", "Samsung", "Huawei", "Xiaomi", "iPhone", "Windows", "Firefox", "GNOME", "ChromeOS", "Fire OS"}
    assert systems <= {system for system, *_ in PROBES}
    assert len(PROBES) > 40


def test_the_page_where_the_phone_is_led_opens(hotspot: Client) -> None:
    answer = ask(hotspot, "10.42.0.1")
    assert answer.status_code == 200
    assert 'href="/ar/"' in answer.text


@pytest.mark.parametrize("host", OURS)
def test_a_host_that_is_ours_gets_the_page(hotspot: Client, host: str) -> None:
    assert ask(hotspot, host, "/en/rights/asylum").status_code == 200


@pytest.mark.parametrize("host", FOREIGN)
def test_a_host_that_is_not_ours_is_led_home_and_never_repeated(hotspot: Client, host: str) -> None:
    answer = ask(hotspot, host, "/en/rights/asylum?q=canary")
    assert (answer.status_code, answer.headers["Location"]) == (302, HOME)
    told = answer.text + str(answer.headers)
    assert "canary" not in told
    assert "evil" not in told


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "CANARY"])
def test_nothing_can_be_sent_to_somebody_else_here(hotspot: Client, method: str) -> None:
    answer = ask(hotspot, "bank.example", "/en/missing", method)
    assert answer.status_code == 421
    assert "Location" not in answer.headers


def test_a_head_is_led_home_too(hotspot: Client) -> None:
    answer = ask(hotspot, "connectivitycheck.gstatic.com", "/generate_204", "HEAD")
    assert (answer.status_code, answer.data) == (302, b"")
    assert int(answer.headers["Content-Length"]) > 4


def test_the_headers_of_every_answer_are_there(hotspot: Client) -> None:
    answer = ask(hotspot, "captive.apple.com")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


def test_a_safe_point_without_an_address_of_its_own_leads_nobody_away(phone: Client) -> None:
    """On a laptop in somebody's network there is no address to lead to; no host is echoed there either."""
    answer = ask(phone, "evil.example", "/en/")
    assert answer.status_code == 200
    assert "evil.example" not in answer.text + str(answer.headers)


def test_the_first_page_and_the_home_show_how_to_stay(hotspot: Client) -> None:
    for path in ("/", "/ar/"):
        answer = hotspot.get(path, headers={"Host": "10.42.0.1", "Accept-Language": "ar"})
        assert 'href="/ar/stay"' in answer.text


def test_the_page_that_says_how_to_stay_has_the_figures_to_type(hotspot: Client, phone: Client) -> None:
    assert '<bdi dir="ltr">10.42.0.1</bdi>' in hotspot.get("/ar/stay", headers={"Host": "10.42.0.1"}).text
    assert "poster" in phone.get("/en/stay").text


@pytest.mark.parametrize("address", ["10.42.0.1:8080", "HTTP://10.42.0.1:8080/"])
def test_the_way_home_has_the_port_of_the_address(port_miralo: Path, tmp_path: Path, address: str) -> None:
    settings.write(tmp_path, settings.Settings(name="Port Miralo", address=address))
    (tmp_path / "guide.db").write_bytes((port_miralo / "guide.db").read_bytes())
    answer = ask(Client(create_public(tmp_path)), "captive.apple.com")
    assert answer.headers["Location"] == "http://10.42.0.1:8080/"
