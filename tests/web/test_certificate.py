"""The staff door's own certificate: what a phone is shown, and what a card says of it."""

import datetime
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from fieldref.refusal import Refusal
from fieldref.web.certificate import FILE, WORD, certificate, renew

HOSTS = ("10.42.0.1", "help.lan")


@pytest.fixture
def made(tmp_path: Path) -> x509.Certificate:
    certificate(tmp_path, HOSTS)
    return x509.load_pem_x509_certificate((tmp_path / FILE).read_bytes())


def test_it_is_an_elliptic_one_for_the_addresses_that_are_typed(made: x509.Certificate) -> None:
    assert isinstance(made.public_key().curve, ec.SECP256R1)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(each.value) for each in names] == list(HOSTS)
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


@pytest.mark.parametrize("year", [2021, 2026, 2049])
def test_it_holds_in_any_year_that_a_box_without_a_clock_wakes_up_in(made: x509.Certificate, year: int) -> None:
    day = datetime.datetime(year, 6, 1, tzinfo=datetime.UTC)
    assert made.not_valid_before_utc < day < made.not_valid_after_utc


def test_it_names_neither_the_place_nor_its_makers(made: x509.Certificate) -> None:
    assert made.subject == made.issuer
    assert [each.value for each in made.subject] == ["fieldref"]


def test_its_key_is_for_nobody_else_of_the_machine(tmp_path: Path) -> None:
    certificate(tmp_path, HOSTS)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / FILE.parent).stat().st_mode) == 0o700


def test_it_stays_the_same_until_it_is_renewed(tmp_path: Path) -> None:
    first = certificate(tmp_path, HOSTS)
    assert certificate(tmp_path, ("192.168.8.100",)) == first
    second = renew(tmp_path, ("192.168.8.100",))
    assert second.hosts == ("192.168.8.100",)
    assert {first.fingerprint, first.word}.isdisjoint({second.fingerprint, second.word})
    assert certificate(tmp_path, HOSTS) == second


def test_the_fingerprint_is_grouped_as_browsers_show_it(tmp_path: Path) -> None:
    found = certificate(tmp_path, HOSTS)
    assert bytes.fromhex(" ".join(found.rows)) == found.fingerprint
    assert [len(row.split()) for row in found.rows] == [8, 8, 8, 8]


def test_the_word_is_short_to_type_and_long_to_guess(tmp_path: Path) -> None:
    words = {renew(tmp_path, HOSTS).word for _ in range(20)}
    assert len(words) == 20
    assert all(len(word) == WORD and word.isalnum() and not set(word) & set("OIL") for word in words)


@pytest.mark.parametrize("damage", [lambda text: text[:-300], lambda text: text[300:], lambda text: b""])
def test_a_damaged_one_is_said_in_words(tmp_path: Path, damage) -> None:
    certificate(tmp_path, HOSTS)
    (tmp_path / FILE).write_bytes(damage((tmp_path / FILE).read_bytes()))
    with pytest.raises(Refusal, match="staff-card --renew"):
        certificate(tmp_path, HOSTS)


def test_the_key_of_one_and_the_certificate_of_another_are_refused(tmp_path: Path) -> None:
    renew(tmp_path, HOSTS)
    mine = (tmp_path / FILE).read_bytes()
    renew(tmp_path, HOSTS)
    theirs = (tmp_path / FILE).read_bytes()
    cut = b"-----BEGIN CERTIFICATE"
    (tmp_path / FILE).write_bytes(mine.split(cut)[0] + cut + theirs.split(cut)[1])
    with pytest.raises(Refusal, match="damaged"):
        certificate(tmp_path, HOSTS)
