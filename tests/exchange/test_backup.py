import itertools
import os
import random
import re

import pytest

from fieldref.exchange import backup, keys, pairing, succession
from fieldref.exchange.backup import WordsRefused
from fieldref.exchange.branch import make_branch
from fieldref.exchange.cards import read_card
from fieldref.exchange.keys import BRANCH_CARD
from fieldref.exchange.merge import merge_files
from fieldref.exchange.words import LETTERS, WORDS
from fieldref.refusal import Refusal
from fieldref.register.passphrase import PassphraseRefused
from fieldref.register.records import Referral

SECRET = bytes(range(64))
NEW = "seven lamps over the harbour"


def test_no_two_words_are_taken_for_each_other():
    assert len({word[:LETTERS] for word in WORDS}) == len(WORDS) == 256
    assert all(word.isascii() and word.islower() and len(word) >= LETTERS for word in WORDS)
    assert min(apart(one, other) for one, other in itertools.combinations(WORDS, 2)) >= 3


def apart(one, other):
    """How many letters have to be changed, added or left out."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        next_row = [number]
        for place, its in enumerate(other, 1):
            next_row.append(min(row[place] + 1, next_row[-1] + 1, row[place - 1] + (letter != its)))
        row = next_row
    return row[-1]


def test_words_and_code_give_the_keys_back():
    for secret in (SECRET, os.urandom(64), os.urandom(256)):
        assert backup.read("\n".join(backup.lines(secret))) == secret
        assert backup.read(backup.scanned(secret)) == secret


def test_people_may_type_as_they_do():
    numbered = "\n\n".join(f" {number}. {line.title()} " for number, line in enumerate(backup.lines(SECRET), 1))
    assert backup.read(numbered.replace(" ", "  ")) == SECRET
    assert backup.read("\n".join(re.sub(r"(\w{4})\w*", r"\1", line) for line in backup.lines(SECRET))) == SECRET


def test_a_word_that_is_none_is_named_with_its_line_and_what_was_meant():
    written = backup.lines(SECRET)
    written[2] = written[2].replace(written[2].split()[4], "mrable")
    with pytest.raises(WordsRefused, match=r'line 3, word 5: "mrable" is not one .* mean marble\?'):
        backup.read("\n".join(written))


def test_a_wrong_word_is_found_in_its_line_but_for_one_in_256():
    chance, found = random.Random(2026), 0  # noqa: S311
    for _ in range(2000):
        written = [line.split() for line in backup.lines(SECRET)]
        number = chance.randrange(len(written))
        place = chance.randrange(len(written[number]))
        written[number][place] = chance.choice([word for word in WORDS if word != written[number][place]])
        with pytest.raises(WordsRefused) as refused:
            backup.read("\n".join(map(" ".join, written)))
        found += f"line {number + 1} does not add up" in str(refused.value)
    assert found > 2000 * 0.99


@pytest.mark.parametrize(
    "trouble", ["two lines swapped", "a line lost", "a word lost", "no last line", "nothing", "much"]
)
def test_what_is_not_all_there_is_refused(trouble):
    written = backup.lines(SECRET)
    broken = {
        "two lines swapped": [written[1], written[0], *written[2:]],
        "a line lost": [*written[:3], *written[4:]],
        "a word lost": [written[0].rpartition(" ")[0], *written[1:]],
        "no last line": written[:-1],
        "nothing": [],
        "much": written * 100,
    }[trouble]
    with pytest.raises(WordsRefused):
        backup.read("\n".join(broken))


def test_lines_of_two_sheets_do_not_go_together():
    one, other = backup.lines(SECRET), backup.lines(os.urandom(64))
    with pytest.raises(WordsRefused, match="not together"):
        backup.read("\n".join([*one[:4], *other[4:8], one[8]]))


def test_the_branch_comes_back_from_paper_and_merges_what_was_kept(branch, safe_point, close_with, words, tmp_path):
    bundle = close_with(safe_point, Referral())
    before, secret = read_card(branch / BRANCH_CARD, "branch"), keys.open_branch(branch, words).secret
    again = tmp_path / "again"
    assert backup.restore(again, "North", secret, NEW) == before
    with pytest.raises(PassphraseRefused):
        keys.open_branch(again, words)
    pairing.pair_device(again, safe_point, keys.open_branch(again, NEW))
    assert merge_files(again, [bundle], NEW)[0].state == "new"


def test_a_forgotten_passphrase_loses_nothing_that_was_merged(branch, safe_point, close_with, words):
    bundle = close_with(safe_point, Referral())
    merge_files(branch, [bundle], words)
    backup.restore(branch, "North", keys.open_branch(branch, words).secret, NEW)
    assert merge_files(branch, [bundle], NEW)[0].state == "already here"


def test_paper_made_after_a_change_of_keys_opens_what_was_sealed_before(
    branch, safe_point, close_with, words, tmp_path, pair
):
    bundle = close_with(safe_point, Referral())
    succession.change_branch(branch, words)
    secret = keys.open_branch(branch, words).secret
    assert len(secret) == 128
    backup.restore(tmp_path / "again", "North", backup.read(backup.scanned(secret)), words)
    (safe_point / BRANCH_CARD).unlink()
    pair(tmp_path / "again", safe_point)
    assert merge_files(tmp_path / "again", [bundle], words)[0].state == "new"


def test_paper_does_not_overwrite_another_branch(branch, words, tmp_path):
    make_branch(tmp_path / "south", "South", words)
    with pytest.raises(Refusal, match="another branch"):
        backup.restore(tmp_path / "south", "North", keys.open_branch(branch, words).secret, NEW)
    with pytest.raises(PassphraseRefused):
        backup.restore(tmp_path / "new", "North", keys.open_branch(branch, words).secret, "short")
    assert not (tmp_path / "new").exists()
