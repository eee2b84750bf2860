"""What is due over closed shifts comes back to the safe-point that referred, as codes only, and only there."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fieldref.exchange import beside, due, keys, merge, publishing, seal, taking
from fieldref.exchange.branch import make_branch
from fieldref.exchange.bundle import close_shift
from fieldref.exchange.cards import read_card, write_card
from fieldref.exchange.devices import revoke
from fieldref.exchange.keys import DEVICE_CARD
from fieldref.exchange.pairing import paired_branch
from fieldref.exchange.succession import set_second
from fieldref.guide import packfile, packs
from fieldref.guide.build import build_beside
from fieldref.register import shift
from fieldref.register.expected import MOST, expect, expected
from fieldref.register.records import Outcome, Referral, Withdrawal, append
from fieldref.register.schema import open_register

TODAY = date.today()


def referred(days_ago: int, **values: str) -> Referral:
    return Referral(day=(TODAY - timedelta(days=days_ago)).isoformat(), need="food", **values)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack is tried in this process."""
    for module in (taking, publishing):
        monkeypatch.setattr(
            module, "try_out", lambda folder, path, guide: build_beside(folder, guide, packfile.read(path))
        )


@pytest.fixture
def sent(guided, branch, open_books, words, quick):
    """Merge these bundles at the branch, publish, take the pack at the safe-point; what the branch listed."""

    def make(*bundles):
        branch_keys = keys.open_branch(branch, words)
        if bundles:
            assert {each.state for each in merge.merge_files(branch, bundles, words)} <= {"new", "already here"}
        along = beside.of_branch(open_books(branch), branch_keys, TODAY)
        made = publishing.publish(branch, branch_keys, TODAY, beside=along)
        return taking.take(guided, made.file), along

    return make


def waiting(folder, words) -> list[str]:
    """Open a shift, with what the pack says; the codes that are due."""
    shift.open_shift(folder, words)
    due.bring(folder, words)
    db = open_register(folder)
    try:
        return expected(db)
    finally:
        db.close()


def record(folder, *records) -> None:
    db = open_register(folder)
    for each in records:
        append(db, each)
    db.close()


def test_a_referral_that_nobody_answered_is_due_again_in_a_later_shift(guided, close_with, sent, words) -> None:
    asked, answered, old, far = referred(3, priority="urgent"), referred(15), referred(200), referred(0)
    near = referred(9)
    taken_back = referred(15)
    done = Outcome(code=answered.code, status="accepted")
    undone = Withdrawal(record=taken_back.code)
    taken, _ = sent(close_with(guided, asked, near, answered, old, far, taken_back, done, undone))
    assert taken.arrived == 1
    assert set(waiting(guided, words)) == {asked.code, near.code}


def test_what_was_answered_is_not_asked_again_by_the_next_shift(guided, close_with, sent, words) -> None:
    first, second, third = referred(20), referred(21), referred(22)
    sent(close_with(guided, first, second, third))
    assert set(waiting(guided, words)) == {first.code, second.code, third.code}
    record(guided, Outcome(code=first.code, status="completed"), Withdrawal(record=second.code))
    db = open_register(guided)
    assert expected(db) == [third.code]
    db.close()
    close_shift(guided, words)
    assert waiting(guided, words) == [third.code]


def test_when_the_branch_lists_a_code_no_more_its_mark_goes(guided, close_with, sent, words) -> None:
    referral = referred(15)
    sent(close_with(guided, referral))
    waiting(guided, words)
    record(guided, Outcome(code=referral.code, status="completed"))
    sent(close_shift(guided, words).file)
    assert waiting(guided, words) == []
    db = open_register(guided)
    assert db["settled"].count == 0
    db.close()


def test_a_closed_shift_leaves_no_code_behind(guided, close_with, sent, words) -> None:
    referral = referred(15)
    sent(close_with(guided, referral))
    waiting(guided, words)
    record(guided, Outcome(code=referral.code, status="completed"))
    close_shift(guided, words)
    everything = b"".join(path.read_bytes() for path in guided.rglob("*") if path.is_file())
    assert referral.code.encode() not in everything


def test_each_safe_point_opens_its_own_list_alone(
    guided, branch, new_safe_point, pair, close_with, sent, words
) -> None:
    other = new_safe_point("Hill")
    pair(branch, other)
    here, there = referred(15), referred(16)
    bundles = close_with(guided, here), close_with(other, there)
    _, along = sent(*bundles)
    lists = {name: content for name, content in along.items() if name.startswith("due-")}
    assert len(lists) == 2
    assert len({len(content) for content in lists.values()}) == 1
    assert waiting(guided, words) == [here.code]
    own, foreign = (read_card(folder / DEVICE_CARD, "device").id for folder in (guided, other))
    assert due._listed(guided, keys.open_device_keys(guided, words)) == [here.code]
    swapped = along | {f"due-{own}": along[f"due-{foreign}"]}
    path = packs.path_of(guided, 9)
    branch_keys = keys.open_branch(branch, words)
    publishing.publish(branch, branch_keys, TODAY, beside=swapped).file.rename(path)
    for edition, kept in packs.kept(guided).items():
        if edition != 9:
            kept.unlink()
    assert due._listed(guided, keys.open_device_keys(guided, words)) == []


def test_a_safe_point_that_is_revoked_gets_no_list_and_learns_it(guided, branch, open_books, close_with, sent, words):
    bundle = close_with(guided, referred(15))
    sent(bundle)
    revoke(open_books(branch), read_card(guided / DEVICE_CARD, "device").id)
    _, along = sent()
    assert list(along) == ["revocations"]
    with pytest.raises(shift.Revoked):
        shift.open_shift(guided, words)


def test_a_list_is_never_longer_than_its_envelope(guided, branch, open_books, words, sent, close_with) -> None:
    sent(close_with(guided, *(referred(15) for _ in range(MOST + 40))))
    assert len(waiting(guided, words)) == MOST


def test_what_is_no_code_is_not_expected(open_shift) -> None:
    expect(open_shift, ["Amina", "0" * 13, "'; DROP TABLE referral"], b"key")
    assert set(expected(open_shift)) <= {"0" * 13}


def test_a_pack_that_is_damaged_later_keeps_no_shift_from_opening(guided, close_with, sent, words) -> None:
    sent(close_with(guided, referred(15)))
    path = packs.path_of(guided, 1)
    path.write_bytes(path.read_bytes()[:-20])
    assert waiting(guided, words) == []


def test_a_pack_brings_the_branchs_card_that_names_a_second_recipient(
    guided, branch, close_with, sent, words, tmp_path
) -> None:
    region = make_branch(tmp_path / "region", "Region", words)
    set_second(branch, keys.open_branch(branch, words), region)
    _, along = sent()
    assert "card" in along
    assert paired_branch(guided).second == region.sealing
    sealed = close_with(guided, referred(15)).read_bytes()
    assert seal.unseal(sealed, keys.open_branch(tmp_path / "region", words).sealing)


def test_an_older_pack_does_not_bring_an_older_card_back(guided, branch, sent, words, tmp_path) -> None:
    region = make_branch(tmp_path / "region", "Region", words)
    with_second = set_second(branch, keys.open_branch(branch, words), region)
    sent()
    later = replace(with_second, second=b"", day="2099-01-01")
    (guided / keys.BRANCH_CARD).write_bytes(write_card(later, keys.open_branch(branch, words).signing))
    found, along = sent()
    assert (found.trouble, "card" in along) == ("", True)
    assert paired_branch(guided) == later
