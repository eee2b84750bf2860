"""Sheets about keys: a camera reads what the words say, and each fits its paper."""

import os
import re
from datetime import date

import pytest

from fieldref.exchange import backup
from fieldref.exchange.cards import Card, read_text, scanned, vouch, write_card
from fieldref.exchange.keys import branch_keys, new_secret
from fieldref.paper.sheets import backup_sheets, card_sheet

DAY = date(2026, 11, 27)
FIGURES = "48080 22042 77808 94315 57867 16973"


def sheets_of(secret, language="en"):
    return backup_sheets("North branch", FIGURES, backup.lines(secret), backup.scanned(secret), language, DAY)


@pytest.mark.parametrize("pairs", [1, 4])
def test_a_scanner_reads_the_keys_from_either_sheet(camera, pairs):
    secret = os.urandom(64 * pairs)
    assert [backup.read(found) for found in camera(sheets_of(secret))] == [secret, secret]


def test_the_words_on_the_sheet_are_the_keys():
    secret = os.urandom(64)
    first = sheets_of(secret).split("</section>")[0]
    lines = [" ".join(re.findall(r"<span>(\w+)</span>", line)) for line in re.findall(r"<li.*</li>", first)]
    assert backup.read("\n".join(line for line in lines if line)) == secret


@pytest.mark.parametrize("language", ["en", "fr", "bn", "ar"])
def test_each_sheet_is_one_page(sheet_of_paper, language):
    page = sheet_of_paper(sheets_of(os.urandom(64), language))
    heights = page.eval_on_selector_all(".sheet", "sheets => sheets.map(sheet => sheet.offsetHeight)")
    assert len(heights) == 2
    assert max(heights) <= 1123


def test_a_camera_reads_the_longest_card(camera):
    """Of a branch with a name of 80 letters that no code holds as they are, a second recipient, and keys before."""
    keys, older = branch_keys("ب" * 80, new_secret()), branch_keys("ب" * 80, new_secret())
    card = Card("branch", "ب" * 80, keys.card.signing, keys.card.sealing, older.card.sealing, "2026-11-27")
    card = vouch(card, older.card.id, 0, older.signing)
    text = scanned(write_card(card, keys.signing))
    (found,) = camera(card_sheet(card.name, card.fingerprint, text, "ar", DAY))
    assert read_text(found.encode(), "branch") == card


def test_the_figures_stand_from_left_to_right_in_every_language(sheet_of_paper):
    page = sheet_of_paper(card_sheet("جسر", FIGURES, "{}", "ar", DAY))
    boxes = page.eval_on_selector_all(".figures li", "all => all.map(one => [one.innerText, one.offsetLeft])")
    assert [text for text, _ in boxes] == FIGURES.split()
    assert boxes[0][1] < boxes[1][1] < boxes[2][1]
