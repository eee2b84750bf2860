from datetime import date

import pytest

from fieldref.reports.voices import coded_missed, coded_pages, missed, pages_read, worded_missed, worded_pages
from fieldref.vocabulary import DOUBTS
from fieldref.voices import MissingService, PageView, Rating, hear_all

ASYLUM = "rights/asylum"


@pytest.fixture
def heard(safe_point, open_shift, merged):
    """Let visitors of `safe_point` say these; the branch's register after that."""

    def say(*voices):
        hear_all(safe_point, voices)
        return merged()

    return say


def ratings(number, useful, reason="unsaid", **more):
    return [Rating(page=ASYLUM, language="ar", useful=useful, reason=reason, **more) for _ in range(number)]


def test_pages_are_counted_by_readings_and_answers(heard):
    read = [PageView(page=ASYLUM, language=language, count=10) for language in ("ar", "en")]
    table = pages_read(heard(*read, *ratings(6, "yes"), *ratings(1, "no", "hard"), *ratings(5, "no", "untrue")))
    head, line = coded_pages(table, exact=True)
    found = dict(zip(head, line, strict=True))
    assert (found["page"], found["read"], found["yes"], found["hard"], found["no"]) == (ASYLUM, "20", "6", "1", "6")


def test_not_useful_gives_no_hidden_reason_back(heard):
    head, line = worded_pages(pages_read(heard(*ratings(9, "no", "hard"), *ratings(3, "no", "untrue"))))
    assert head == ["Page", "Read", "Useful", *(each.name for each in DOUBTS), "Not said", "Not useful"]
    assert line == [ASYLUM, "0", "0", "9", "<5", "0", "0", "0", "0", "at least 9"]


def test_what_was_missed_is_counted_by_need_and_language(heard):
    said = [MissingService(language=language, need="shelter") for language in ["ar"] * 7 + ["fa"] * 2]
    table = missed(heard(*said))
    head, *lines = coded_missed(table)
    assert head == ["need", "ar", "fa", "total"]
    assert ["shelter", "7", "<5", ">= 7"] in lines
    assert worded_missed(table, exact=True)[-1] == ["Total", "7", "2", "9"]


def test_only_the_period_counts(heard):
    db = heard(*ratings(6, "yes", day="2026-10-31"), *ratings(5, "yes", day="2026-11-01"))
    [_, line] = coded_pages(pages_read(db, date(2026, 11, 1), date(2026, 11, 30)))
    assert line[2] == "5"
    assert coded_pages(pages_read(db, date(2026, 12, 1)))[1:] == []
