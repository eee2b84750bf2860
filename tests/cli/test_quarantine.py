import json

import pytest

from fieldref.refusal import Refusal
from fieldref.register.codes import new_code, printed
from fieldref.register.records import Referral


@pytest.fixture
def contested(run, branch, new_safe_point, close_with, pair):
    """The code of a referral of which Harbour says food and Station says wash, merged."""
    code = new_code()
    for name, need in (("Harbour", "food"), ("Station", "wash")):
        folder = new_safe_point(name)
        pair(branch, folder)
        run(branch, "branch", "merge", close_with(folder, Referral(code=code, need=need, day="2026-11-22")))
    return code


def quarantine(run, branch, *words):
    return run(branch, "branch", "quarantine", *words)


def test_every_version_is_shown_with_where_it_came_from(run, branch, contested):
    name, first, from_where, second, *_ = quarantine(run, branch, "list").stdout.splitlines()
    assert name == f"referral {printed(contested)}"
    assert "need food" in first
    assert from_where.strip().startswith("from Harbour, bundle 1, shift of ")
    assert second == "  2: need wash"


def test_a_case_is_settled_by_the_code_as_it_is_printed(run, branch, contested):
    words = ("settle", printed(contested), "--keep", 2, "--reason", "asked", "--by", 3, "--yes")
    assert "Settled." in quarantine(run, branch, *words).stdout
    [case] = json.loads(quarantine(run, branch, "list", "--settled", "--json").stdout)
    settlement = case["settlement"]
    assert (settlement["keep"], settlement["manager"], settlement["reason"]) == (2, 3, "asked")
    assert "kept: version 2 (asked, " in quarantine(run, branch, "list", "--settled").stdout
    assert quarantine(run, branch, "list").stdout == "Nothing is in quarantine.\n"


@pytest.mark.parametrize("which", [(), ("--keep", 1, "--none"), ("--keep", 0), ("--none", "--by", 100)])
def test_an_answer_that_is_none_is_wrong_usage(run, branch, contested, which):
    assert quarantine(run, branch, "settle", contested, *which, "--reason", "asked", "--yes").exit_code == 2


def test_without_a_yes_nothing_is_settled(run, branch, contested):
    with pytest.raises(Refusal, match="Keep none of them"):
        quarantine(run, branch, "settle", contested, "--none", "--reason", "forged")
    assert json.loads(quarantine(run, branch, "list", "--settled", "--json").stdout) == []
