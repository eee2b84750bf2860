"""A branch publishes: checked, numbered, signed; and nothing leaves it that no safe-point could show."""

from datetime import date

import pytest

from fieldref.exchange import keys, pack, publishing
from fieldref.exchange.publishing import PublishRefused, hand_out
from fieldref.exchange.publishing import publish as publish_now
from fieldref.exchange.stick import StickRefused, digest
from fieldref.guide import packfile, packs
from fieldref.refusal import Refusal

CONFIDENTIAL = """id,name,status,needs,confidential
kitchen,Kitchen,active,food,no
house,House,active,shelter,yes
"""


def test_every_pack_follows_the_one_before(publish, branch) -> None:
    first, second = publish(), publish()
    assert packfile.read(first).header.previous == packfile.NONE_BEFORE
    assert packfile.read(second).header.previous == digest(first)
    assert [packfile.read(each).header.edition for each in (first, second)] == [1, 2]


def test_a_branch_keeps_its_last_five_and_goes_on_counting(publish, branch, monkeypatch) -> None:
    monkeypatch.setattr(publishing, "try_out", lambda *_: None)
    for _ in range(7):
        publish()
    assert list(packs.kept(branch)) == [3, 4, 5, 6, 7]


def test_a_branch_from_an_old_copy_is_told_its_number(publish) -> None:
    assert packfile.read(publish(edition=30)).header.edition == 30
    with pytest.raises(PublishRefused, match="the next is 31 or more"):
        publish(edition=30)


def test_errors_stand_in_the_way_and_are_named(publish, branch) -> None:
    (branch / "directory" / "services.csv").write_text(
        "id,name,status,needs\nkitchen,Kitchen,active,food\nkitchen,Other,active,food\n", "utf-8"
    )
    with pytest.raises(PublishRefused, match="an error stands in the way") as refused:
        publish()
    assert "already that of" in refused.value.findings[0].sentence
    assert not packs.kept(branch)
    assert packfile.read(publish(anyway=True))


def test_the_sample_is_published_only_when_it_is_asked_for(publish, branch) -> None:
    for path in (branch / "directory").iterdir():
        path.unlink()
    (branch / "directory").rmdir()
    with pytest.raises(PublishRefused, match="invented sample"):
        publish()
    found = packfile.read(publish(anyway=True))
    assert "sample/services.csv" in found.files


def test_where_a_confidential_service_is_never_leaves_the_branch(publish, branch) -> None:
    rows = {
        "services": CONFIDENTIAL,
        "locations": "id,name,latitude,longitude\nhouse,House,36.512345,15.012345\n",
        "addresses": "id,location_id,address_1,city\n1,house,Hidden Lane 7,Miralo\n",
        "service_at_locations": "id,service_id,location_id\n1,house,house\n",
    }
    for table, text in rows.items():
        (branch / "directory" / f"{table}.csv").write_text(text, "utf-8")
    content = publish(anyway=True).read_bytes()
    assert b"House" in content
    assert b"Hidden Lane" not in content
    assert b"36.512345" not in content


def test_a_safe_point_publishes_nothing(guided, branch, words) -> None:
    with pytest.raises(Refusal, match="a branch publishes"):
        publish_now(guided, keys.open_branch(branch, words), date(2026, 11, 25))


def test_what_cannot_be_shown_is_not_published(publish, branch, little_seed) -> None:
    (little_seed / "pages/rights/asylum/en.md").write_text("no page", "utf-8")
    with pytest.raises(Refusal):
        publish(anyway=True)
    assert not packs.kept(branch)


def test_the_copy_on_a_stick_is_read_back(guided, branch, words, tmp_path, monkeypatch) -> None:
    made = publish_now(branch, keys.open_branch(branch, words), date(2026, 11, 25))
    stick = tmp_path / "stick"
    stick.mkdir()
    assert hand_out(made, stick) == stick / "guide-0001.pack"
    assert pack.verify(stick / "guide-0001.pack", keys.open_branch(branch, words).card)
    monkeypatch.setattr("fieldref.exchange.stick._write", lambda _, to, __: to.write_bytes(b"torn"))
    (stick / "guide-0001.pack").unlink()
    with pytest.raises(StickRefused, match="does not read back"):
        hand_out(made, stick)
    assert not list(stick.iterdir())
