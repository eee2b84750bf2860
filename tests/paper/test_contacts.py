"""Contacts as a phone's address book reads them; the reader here is written after RFC 2426 alone."""

import re
from datetime import datetime

import pytest

from fieldref.guide.opened import Guide
from fieldref.paper.contacts import contacts, folded, text
from fieldref.settings import Settings

NOW = datetime(2026, 11, 22, 12)
OFFERED = ["en", "fr", "es", "ar", "fa", "bn"]
Contact = dict[str, list[str]]


def parsed(content: bytes) -> list[Contact]:
    """Unfold, split, unescape: each contact as its names and values."""
    found: list[Contact] = []
    for line in content.decode("utf-8").replace("\r\n ", "").split("\r\n"):
        if line == "BEGIN:VCARD":
            found.append({})
        elif line and line != "END:VCARD":
            head, value = line.split(":", 1)
            plain = re.sub(r"\\(.)", lambda mark: "\n" if mark[1] in "nN" else mark[1], value)
            found[-1].setdefault(head.split(";")[0], []).append(value if ";" in value and head == "N" else plain)
    return found


@pytest.mark.parametrize("code", OFFERED)
def test_every_open_service_with_a_phone_is_a_contact(shipped_guide: Guide, miralo: Settings, code: str) -> None:
    read = parsed(contacts(shipped_guide, miralo, code, NOW))
    open_ones = [each for each in shipped_guide.services(code).values() if not each.confidential]
    phones = {each.name: each for each in open_ones if any(phone.dial for phone in each.phones)}
    assert {each["FN"][0] for each in read} == set(phones)
    for each in read:
        service = phones[each["FN"][0]]
        assert each["TEL"] == [phone.dial.removeprefix("tel:") for phone in service.phones if phone.dial]
        assert each["VERSION"] == ["3.0"]


@pytest.mark.parametrize("code", OFFERED)
def test_no_line_is_longer_than_a_phone_reads_and_no_letter_is_cut(
    shipped_guide: Guide, miralo: Settings, code: str
) -> None:
    content = contacts(shipped_guide, miralo, code, NOW)
    assert content.endswith(b"END:VCARD\r\n")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
        assert b"\n" not in line


def test_what_is_folded_is_read_back_whole() -> None:
    line = "NOTE:" + "আমি🙂a" * 60
    assert folded(line).replace("\r\n ", "") == line + "\r\n"


def test_marks_that_mean_something_in_a_contact_are_escaped() -> None:
    assert text("a,b;c\\d\r\ne:f\n") == r"a\,b\;c\\d\ne:f"


def test_a_secret_shelter_is_not_among_the_contacts(shipped_guide: Guide, miralo: Settings) -> None:
    """Its name alone could betray who keeps it."""
    read = parsed(contacts(shipped_guide, miralo, "en", NOW))
    assert read
    assert not [each for each in read if each["FN"] == ["Safe house for women"]]


def test_a_contact_says_where_when_and_since_when(shipped_guide: Guide, miralo: Settings) -> None:
    read = parsed(contacts(shipped_guide, miralo, "en", NOW))
    (kitchen,) = [each for each in read if each["FN"] == ["Harbour Kitchen: hot meals"]]
    assert kitchen["ADR"] == [";;Quay Road 22;Port Miralo;;;XX"]
    for said in ("SAMPLE", "Every day 12:00–14:00, 18:00–20:00", "Checked on 19 November 2026, by a visit"):
        assert said in kitchen["NOTE"][0]
    assert "<" not in kitchen["NOTE"][0]


def test_what_has_ended_is_no_contact(shipped_guide: Guide, miralo: Settings) -> None:
    names = {each["FN"][0] for each in parsed(contacts(shipped_guide, miralo, "en", datetime(2027, 7, 1)))}
    assert "Language lessons" not in names
    assert "Help desk at the bus station" in names
