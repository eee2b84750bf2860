"""The staff door over TLS: what a phone on the same Wi-Fi finds, with a card and without."""

from dataclasses import replace
from pathlib import Path

import pytest

from fieldref import settings
from fieldref.refusal import Refusal
from fieldref.web import patience
from fieldref.web.access import AT_THE_MACHINE, COOKIE, COORDINATORS
from fieldref.web.lan import COOKIE as CARD
from fieldref.web.lan import hosts_of
from fieldref.web.staff import create_staff

ADDRESS = "10.42.0.1"


def flags_of(answer, name: str) -> set[str]:
    """What the cookie *name* that was set last is marked with."""
    [said] = [value for header, value in answer.headers if header == "Set-Cookie" and value.startswith(f"{name}=")][-1:]
    return {part.strip() for part in said.split(";")[1:]}


def routes(folder: Path) -> list[str]:
    """Every address of the door, with something in each place of it."""
    map_ = create_staff(folder).url_map
    values = {"language": "en", "word": "K7QM3XWF", "mark": "x", "name": "x"}
    return [str(rule).replace("<language:", "<").replace("<", "{").replace(">", "}").format(**values)
            for rule in map_.iter_rules() if rule.endpoint != "static_file"]  # fmt: skip


def test_a_phone_without_a_card_finds_one_sentence_wherever_it_asks(stranger, border_post: Path, recorded) -> None:
    before = recorded("volunteer")
    for path in [*routes(border_post), "/nowhere", "/en/nowhere"]:
        for answer in (stranger.get(path), stranger.post(path, pin="482915", token="x", passphrase="x")):
            assert (answer.status_code, "Read the staff card first" in answer.text) == (403, True), path
            assert "Set-Cookie" not in answer.headers
    assert recorded("volunteer") == before, "so it has no PIN to guess at, and nobody to lock out"


def test_the_card_opens_the_door_to_sign_in(phone_with_card, pin: str) -> None:
    assert phone_with_card.get("/en/").headers["Location"] == "/en/sign-in"
    assert "PIN of this shift" in phone_with_card.get("/en/sign-in").text
    assert phone_with_card.sign_in(pin).status_code == 303
    assert phone_with_card.get("/en/").status_code == 200


@pytest.mark.parametrize("change", [str.lower, lambda w: w.replace("0", "o").replace("1", "i"), str.upper])
def test_a_word_that_is_typed_is_forgiven(stranger, lan_door, change) -> None:
    assert stranger.get(f"/card/{change(lan_door.certificate.word)}").status_code == 303


@pytest.mark.parametrize("wrong", ["K7QM3XWF", "x", "٤" * 8, "%00", "é"])
def test_another_word_opens_nothing(stranger, wrong: str) -> None:
    assert stranger.get(f"/card/{wrong}").status_code == 403
    stranger.client.set_cookie(CARD, wrong, domain=ADDRESS)
    assert stranger.get("/en/sign-in").status_code == 403


def test_the_words_of_a_phone_without_card_are_its_own(stranger) -> None:
    assert '<html lang="ar"' in stranger.get("/ar/sign-in").text
    asked = stranger.client.get("/", base_url=stranger.here, headers={"Accept-Language": "fa-IR,fa"})
    assert '<html lang="fa"' in asked.text


def test_a_referral_is_made_on_a_phone(phone_with_card, pin: str, recorded) -> None:
    phone_with_card.sign_in(pin)
    assert phone_with_card.refer().headers["Location"] == "/en/slip"
    assert len(recorded("referral")) == 1


def test_over_tls_cookies_cannot_be_read_or_planted_in_clear(stranger, lan_door, pin: str) -> None:
    """Cookies know no ports: the public door is at the same address, in clear, and anybody can answer in its place."""
    card = stranger.get(f"/card/{lan_door.certificate.word}")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= flags_of(card, CARD)
    signed_in = stranger.sign_in(pin)
    said = flags_of(signed_in, f"__Host-{COOKIE}")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= said
    assert not any(part.startswith("Domain") for part in said)


def test_the_cookie_of_the_machine_itself_is_not_one_of_the_phones(phone_with_card, pin: str) -> None:
    phone_with_card.sign_in(pin)
    secret = phone_with_card.client.get_cookie(f"__Host-{COOKIE}", domain=ADDRESS).value
    phone_with_card.client.delete_cookie(f"__Host-{COOKIE}", domain=ADDRESS)
    phone_with_card.client.set_cookie(COOKIE, secret, domain=ADDRESS)
    assert phone_with_card.get("/en/").status_code == 303


def test_a_session_of_one_door_is_none_at_the_other(phone_with_card, newcomer, pin: str) -> None:
    phone_with_card.sign_in(pin)
    secret = phone_with_card.client.get_cookie(f"__Host-{COOKIE}", domain=ADDRESS).value
    newcomer.client.set_cookie(COOKIE, secret, domain="127.0.0.1")
    assert newcomer.get("/en/").status_code == 303


def test_what_takes_the_passphrase_is_done_at_the_machine(phone_with_card, words: str, pin: str) -> None:
    assert COORDINATORS < AT_THE_MACHINE
    assert "coordinator</summary>" not in phone_with_card.get("/en/sign-in").text
    for path in ("sign-in", "open"):
        answer = phone_with_card.post(f"/en/shift/{path}", passphrase=words)
        assert (answer.status_code, "at the machine itself" in answer.text) == (403, True)
    phone_with_card.sign_in(pin)
    assert phone_with_card.get("/en/shift").status_code == 403


def test_a_box_without_a_screen_may_take_it_from_a_phone(border_post, lan_door, newcomer, words: str) -> None:
    headless = type(newcomer)(border_post, replace(lan_door, coordinator=True))
    assert headless.post("/en/shift/sign-in", passphrase=words).status_code == 403, "not without the card"
    headless.get(f"/card/{lan_door.certificate.word}")
    assert "coordinator</summary>" in headless.get("/en/sign-in").text
    assert headless.post("/en/shift/sign-in", passphrase=words).headers["Location"] == "/en/shift"
    assert headless.get("/en/shift").status_code == 200


def test_a_hundred_wrong_passphrases_are_enough_over_the_air(
    border_post, lan_door, newcomer, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldref.web.access.MOST_PASSPHRASES", 5)
    headless = type(newcomer)(border_post, replace(lan_door, coordinator=True))
    headless.get(f"/card/{lan_door.certificate.word}")
    for _ in range(5):
        headless.post("/en/shift/sign-in", passphrase="wrong words of mine")
    answer = headless.post("/en/shift/sign-in", passphrase=words)
    assert (answer.status_code, "at the machine itself" in answer.text) == (403, True)
    assert newcomer.post("/en/shift/sign-in", passphrase=words).status_code == 303, "where it works as ever"
    assert patience.MOST_PASSPHRASES == 100


@pytest.mark.parametrize("origin", ["http://10.42.0.1:8443", "http://10.42.0.1", "https://10.42.0.1", "null"])
def test_a_form_of_the_same_address_in_clear_is_another_sites(phone_with_card, pin: str, origin: str) -> None:
    assert phone_with_card.post("/en/sign-in", {"Origin": origin}, pin=pin).status_code == 403


@pytest.mark.parametrize("host", ["10.42.0.2", "127.0.0.1", "localhost", "evil.example", "10.42.0.1.evil.example"])
def test_another_host_is_not_even_told_of_the_card(stranger, host: str) -> None:
    answer = stranger.client.get("/en/sign-in", base_url=f"https://{host}:8443")
    assert (answer.status_code, "card" in answer.text) == (400, False)


def test_the_name_that_the_settings_give_is_a_host_of_the_door(tmp_path: Path) -> None:
    settings.write(tmp_path, settings.Settings(name="Bridge", address="help.lan"))
    assert hosts_of(tmp_path, ADDRESS) == (ADDRESS, "help.lan")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "help.lan", "", "10.42.0.0/24"])
def test_a_door_for_phones_has_one_address_in_figures(safe_point: Path, host: str) -> None:
    with pytest.raises(Refusal, match="one address"):
        hosts_of(safe_point, host)


def test_at_the_machine_the_card_is_not_asked_for(newcomer) -> None:
    assert newcomer.get("/card/K7QM3XWF").headers["Location"] == "/"


def test_the_coordinator_sees_the_card_where_phones_are_let_in(newcomer, border_post, lan_door, words: str) -> None:
    newcomer.post("/en/shift/sign-in", passphrase=words)
    assert "not open to phones" in newcomer.get("/en/shift/card").text
    beside = type(newcomer)(border_post)
    beside.client.application.config["BESIDE"] = "10.42.0.1:8443"
    beside.post("/en/shift/sign-in", passphrase=words)
    page = beside.get("/ar/shift/card").text
    assert 'class="staffcard" lang="ar" dir="rtl"' in page
    assert all(row in page for row in lan_door.certificate.rows)
