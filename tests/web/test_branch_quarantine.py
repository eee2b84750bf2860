"""Two versions of one record, side by side in words; a person keeps one or none, and it is known who and why."""

from pathlib import Path
from typing import Any

import pytest

from fieldref.exchange import quarantine
from fieldref.exchange.merge import merge_files
from fieldref.register.codes import new_code
from fieldref.register.records import Referral


@pytest.fixture
def code() -> str:
    return new_code()


@pytest.fixture
def third(branch: Path, new_safe_point: Any, pair: Any, close_with: Any, code: str) -> Any:
    """A bundle of one more safe-point with its own version of the record."""

    def make(name: str, **said: str) -> Path:
        folder = new_safe_point(name)
        pair(branch, folder)
        return Path(close_with(folder, Referral(code=code, day="2026-11-22", **said)))

    return make


@pytest.fixture
def contested(manager: Any, branch: Path, third: Any, words: str) -> Any:
    """The manager's window, at a case of two versions."""
    merge_files(branch, [third("Harbour", need="food"), third("Station", need="wash")], words)
    manager.get("/en/quarantine")
    return manager


def settle(manager: Any, **instead: str) -> Any:
    hidden = {name: manager.hidden(name) for name in ("token", "kind", "key", "mark")}
    return manager.post("/en/quarantine/settle", **({**hidden, "keep": "2", "reason": "asked"} | instead))


def test_versions_stand_side_by_side_in_words(contested: Any) -> None:
    for words in ("<td>Food</td><td>Water</td>", "Harbour, bundle", "Station, bundle", "22 November 2026", "Not said"):
        assert words in contested.page
    assert contested.page.count("differs") == 1
    assert "<td>طعام</td>" in contested.get("/ar/quarantine").text


def test_a_version_is_kept_with_who_and_why(contested: Any, branch: Path, open_books: Any) -> None:
    assert settle(contested).headers["Location"] == "/en/quarantine"
    said = contested.get("/en/quarantine").text
    assert "Nothing is in quarantine" in said
    assert 'Manager <bdi dir="ltr">1</bdi>' in said
    db = open_books(branch)
    [case] = quarantine.cases(db, settled=True)
    assert (case.settlement.keep, case.settlement.manager, case.settlement.reason) == (2, 1, "asked")
    assert [row["need"] for row in db["referral"].rows] == ["wash"]


def test_none_is_kept(contested: Any, branch: Path, open_books: Any) -> None:
    settle(contested, keep="0", reason="practice")
    assert list(open_books(branch)["referral"].rows) == []


NOT_OFFERED = [
    {"keep": "3"}, {"keep": "-1"}, {"keep": ""}, {"keep": "9" * 5000}, {"keep": "²"}, {"reason": ""},
    {"reason": "because"}, {"mark": "0" * 32}, {"key": "x"}, {"kind": "outcome"}, {"kind": "sqlite_master"},
]  # fmt: skip


def test_what_was_not_offered_settles_nothing(contested: Any, branch: Path, open_books: Any) -> None:
    assert [settle(contested, **instead).status_code for instead in NOT_OFFERED] == [400] * len(NOT_OFFERED)
    assert quarantine.waiting(open_books(branch)) == 1


def test_a_version_that_came_meanwhile_is_seen_first(
    contested: Any, branch: Path, third: Any, words: str, open_books: Any
) -> None:
    merge_files(branch, [third("Late", need="shelter")], words)
    answer = settle(contested)
    assert (answer.status_code, "Another version has come" in answer.text, "Version" in answer.text) == (
        400,
        True,
        True,
    )
    assert quarantine.waiting(open_books(branch)) == 1
