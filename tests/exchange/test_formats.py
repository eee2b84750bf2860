"""Bundles that were sealed by a fieldref of before are merged, and one of a later fieldref says what to do.

tests/data/bundles holds a branch's folder (its passphrase is that of all branches here), the cards of its safe-points,
and a bundle of every payload format, each sealed once and never made anew: what lies on a stick in somebody's coat
cannot be made anew either. Before a new format is released, a bundle of it is added here. Bridge, whose secret key was
not kept, sealed formats 1 to 3; Harbour, whose folder is here too, seals the later ones.
"""

import shutil
from pathlib import Path

import pytest

from fieldref.exchange import chain, payload
from fieldref.exchange.kinds import KINDS
from fieldref.exchange.merge import merge_files

KEPT = Path(__file__).parent.parent / "data" / "bundles"
NEWER = f"UPDATE meta SET value = '{payload.FORMAT + 1}' WHERE name = 'format'"
KINDS_OF = {1: {"referral", "outcome", "tally", "withdrawal"}}
KINDS_OF[2] = KINDS_OF[1] | {"rating", "missing_service", "page_view"}
KINDS_OF[3] = KINDS_OF[2] | {"turned_away"}
KINDS_OF[4] = KINDS_OF[3]
SEALED_BY = {number: ("Bridge", number) if number < 4 else ("Harbour", number - 3) for number in KINDS_OF}


@pytest.fixture
def old_branch(tmp_path, pair):
    """A branch that has nothing yet, but the keys of then."""
    shutil.copytree(KEPT / "branch", tmp_path / "north")
    for card in ("device.card", "harbour/keys/device.card"):
        shutil.copy(KEPT / card, tmp_path)
        pair(tmp_path / "north", tmp_path / "device.card")
    return tmp_path / "north"


@pytest.mark.parametrize("number", payload.FORMATS)
def test_a_bundle_of_every_format_there_ever_was_is_merged(old_branch, words, number):
    [merged] = merge_files(old_branch, [KEPT / f"format-{number}.bin"], words)
    assert (merged.state, merged.reason, merged.safe_point, merged.sequence) == ("new", "", *SEALED_BY[number])
    assert {kind for kind, count in merged.counts.items() if count} == KINDS_OF[number]


def test_bundles_of_all_formats_agree_on_what_they_all_hold(old_branch, words, open_books):
    assert {each.quarantined for each in merge_files(old_branch, [KEPT], words)} == {0}
    db = open_books(old_branch)
    assert {kind: db[kind].count for kind in KINDS} == dict.fromkeys(KINDS, 1)
    assert chain.troubles(db) == []
    assert {state.name: state.edition for state in chain.safe_points(db)} == {"Bridge": None, "Harbour": 3}


@pytest.mark.parametrize(
    "statements",
    [
        [NEWER],
        [NEWER, "CREATE TABLE song (id TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID"],
        [NEWER, "ALTER TABLE tally ADD COLUMN weather TEXT NOT NULL DEFAULT 'dry'"],
        [NEWER, "DROP TABLE withdrawal"],
        [NEWER, "INSERT INTO meta VALUES ('weather', 'dry')"],
    ],
    ids=["the same tables", "one more table", "one more column", "one table less", "one more name"],
)
def test_a_newer_format_is_refused_with_what_to_do(branch, words, signed, crafted, statements):
    [merged] = merge_files(branch, [signed(crafted(*statements))], words)
    assert (merged.state, merged.reason) == ("refused", "it was made by a newer fieldref: update this one first")


def test_a_newer_envelope_is_refused_with_what_to_do(branch, words, signed, crafted):
    for newer in ({"format": 2}, {"magic": b"FRB2"}):
        [merged] = merge_files(branch, [signed(crafted(), **newer)], words)
        assert (merged.state, "update this one first" in merged.reason) == ("refused", True)
