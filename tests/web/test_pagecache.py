"""A page that was made once is handed out until the guide or an opening hour changes."""

import gzip
from collections.abc import Iterable
from typing import Any

import pytest
from werkzeug.test import Client

from fieldref.web.pagecache import FOREVER, KEEP_UNTIL, PageCache


class Door:
    """An application that counts how often it is asked, behind a cache with a clock and a guide to turn."""

    def __init__(self) -> None:
        self.asked = 0
        self.until: str | None = FOREVER
        self.status = "200 OK"
        self.guide = 1
        self.now = 1000.0
        self.cache = PageCache(
            self.answer, lambda: self.guide, lambda e: e.get("HTTP_ACCEPT_LANGUAGE", ""), lambda: self.now
        )
        self.phone = Client(self.cache)

    def answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        headers = [("Content-Type", "text/html; charset=utf-8")]
        if self.until is not None:
            headers.append((KEEP_UNTIL, self.until))
        start_response(self.status, headers)
        return [f"page {self.asked} ".encode() * 100]


@pytest.fixture
def door() -> Door:
    return Door()


def test_a_page_is_made_once(door: Door) -> None:
    first, second = door.phone.get("/en/"), door.phone.get("/en/")
    assert (door.asked, first.data) == (1, second.data)


def test_a_new_guide_empties_the_cache(door: Door) -> None:
    door.phone.get("/en/")
    door.guide = 2
    assert door.phone.get("/en/").data.startswith(b"page 2")


def test_a_page_with_opening_hours_is_made_again_when_they_change(door: Door) -> None:
    door.until = "1060.0"
    door.phone.get("/en/")
    door.now = 1059
    door.phone.get("/en/")
    assert door.asked == 1
    door.now = 1060
    door.phone.get("/en/")
    assert door.asked == 2


def test_what_a_page_depends_on_besides_is_kept_apart(door: Door) -> None:
    arabic = door.phone.get("/", headers={"Accept-Language": "ar"})
    english = door.phone.get("/", headers={"Accept-Language": "en"})
    assert arabic.data != english.data


def test_a_phone_that_has_the_page_gets_a_few_bytes(door: Door) -> None:
    etag = door.phone.get("/en/").headers["ETag"]
    again = door.phone.get("/en/", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_the_packed_copy_is_the_same_page(door: Door) -> None:
    packed = door.phone.get("/en/", headers={"Accept-Encoding": "gzip, deflate"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == door.phone.get("/en/").data
    assert packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(("until", "status"), [(None, "200 OK"), (FOREVER, "404 NOT FOUND")])
def test_other_answers_are_never_kept(door: Door, until: str | None, status: str) -> None:
    door.until, door.status = until, status
    door.phone.get("/en/")
    door.phone.get("/en/")
    assert door.asked == 2


def test_a_search_is_never_kept_and_the_mark_never_leaves(door: Door) -> None:
    answers = [door.phone.get("/en/search?q=bed"), door.phone.get("/en/search?q=bed"), door.phone.post("/en/")]
    assert door.asked == 3
    assert not [answer for answer in answers if KEEP_UNTIL in answer.headers]


def test_a_head_has_the_headers_and_no_page(door: Door) -> None:
    full, head = door.phone.get("/en/"), door.phone.head("/en/")
    assert (head.data, head.headers["Content-Length"]) == (b"", full.headers["Content-Length"])
