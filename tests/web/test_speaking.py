"""Which languages this shift speaks: on every phone while the shift is open."""

from datetime import datetime
from pathlib import Path

import pytest
from werkzeug.test import Client

from fieldref import today
from fieldref.exchange import branch as branches
from fieldref.web.public import create_public

HERE = "http://127.0.0.1:8081"


@pytest.fixture
def ticked(volunteer):
    """Somebody of the shift has ticked these languages."""

    def tick(*codes: str):
        volunteer.get("/en/speaking")
        data = {"token": volunteer.hidden("token"), "spoken": list(codes)}
        return volunteer.client.post("/en/speaking", data=data, base_url=HERE, headers={"Origin": HERE})

    return tick


def test_visitors_read_it_on_the_first_page_in_each_languages_own_name(ticked, border_post: Path) -> None:
    visitor = Client(create_public(border_post))
    assert "We speak:" not in visitor.get("/en/").text
    assert ticked("ar", "ti").status_code == 303
    page = visitor.get("/en/").text
    assert 'We speak:</b> <span lang="ar" dir="rtl">العربية</span>, <span lang="ti" dir="ltr">ትግርኛ</span>' in page
    assert "نتكلم:" in visitor.get("/ar/").text
    ticked()
    assert "We speak:" not in visitor.get("/en/").text


def test_volunteers_read_it_at_home_and_find_it_ticked(ticked, volunteer) -> None:
    ticked("fa")
    assert "فارسی" in volunteer.get("/en/").text.split("We speak:")[1][:200]
    assert 'value="fa" checked' in volunteer.get("/en/speaking").text
    assert volunteer.page.count(" checked") == 1


def test_only_languages_of_the_list_are_taken(ticked, border_post: Path) -> None:
    assert ticked("ar", "Volunteer 3 speaks Dari").status_code == 400
    assert today.today(border_post, datetime.now()).languages == ()


def test_it_is_gone_with_the_shift(ticked, newcomer, border_post: Path, tmp_path: Path, words: str, pair) -> None:
    branches.make_branch(tmp_path / "north", "North", words)
    pair(tmp_path / "north", border_post)
    visitor = Client(create_public(border_post))
    ticked("ar")
    assert "We speak:" in visitor.get("/en/").text
    newcomer.post("/en/shift/sign-in", passphrase=words)
    newcomer.get("/en/shift")
    assert newcomer.post("/en/shift/close", token=newcomer.hidden("token"), passphrase=words).status_code == 200
    assert "We speak:" not in visitor.get("/en/").text
