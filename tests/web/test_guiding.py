"""The coordinator takes the branch's guide at the staff door, and goes back."""

import io
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from fieldref.exchange import branch as branches
from fieldref.guide import packfile, packs
from fieldref.guide.opened import Guide
from fieldref.web import guiding
from fieldref.web.public import create_public


@pytest.fixture
def north(border_post: Path, tmp_path: Path, words: str, pair: Any) -> Path:
    """The branch with which the safe-point whose shift is open is paired."""
    branches.make_branch(tmp_path / "north", "North", words)
    pair(tmp_path / "north", border_post)
    return tmp_path / "north"


@pytest.fixture
def coordinator(newcomer: Any, words: str) -> Any:
    """Somebody who has signed in with the passphrase."""
    newcomer.post("/en/shift/sign-in", passphrase=words)
    newcomer.get("/en/guide")
    return newcomer


@pytest.fixture
def send(coordinator: Any) -> Any:
    """Send a file by the form of the page."""

    def post(content: bytes, path: str = "/en/guide/take", **fields: str) -> Any:
        coordinator.get(path.removesuffix("/take"))
        sent: dict[str, Any] = {"token": coordinator.hidden("token"), "pack": (io.BytesIO(content), "guide.pack")}
        return coordinator.client.post(
            path, data=sent | fields, base_url=coordinator.here, headers={"Origin": coordinator.here}
        )

    return post


def title(folder: Path) -> str:
    page = Guide(folder / "guide.db").page("en", "rights", "asylum")
    assert page
    return page.title


def test_a_guide_is_taken_shown_at_once_and_taken_back(send, coordinator, north, border_post, little_pack) -> None:
    phone = Client(create_public(border_post))
    answer = send(little_pack(north, 7, "New words").read_bytes())
    assert (answer.status_code, "Phones show this guide from now on." in answer.text) == (200, True)
    assert 'Number <bdi dir="ltr">7</bdi> of your branch, of 7 November 2026' in answer.text
    assert "New words" in phone.get("/en/rights/asylum").text
    coordinator.get("/en/guide")
    answer = coordinator.post("/en/guide/back", token=coordinator.hidden("token"))
    assert "A guide of this machine's own files" in answer.text.split("Take a new one")[0]
    assert "New words" not in phone.get("/en/rights/asylum").text


def test_an_older_guide_needs_a_tick(send, north, border_post, little_pack) -> None:
    send(little_pack(north, 7, "Newer").read_bytes())
    older = little_pack(north, 6, "Older").read_bytes()
    refused = send(older)
    assert (refused.status_code, "Tick the box" in refused.text, title(border_post)) == (400, True, "Newer")
    assert send(older, older="yes").status_code == 200
    assert title(border_post) == "Older"


def test_every_refusal_is_a_sentence_and_the_old_guide_stays(
    send, north, border_post, little_pack, tmp_path, words
) -> None:
    send(little_pack(north, 7, "Good").read_bytes())
    branches.make_branch(tmp_path / "south", "South", words)
    whole = little_pack(north, 8, "Next").read_bytes()
    evil = little_pack(north, 9, "Evil", **{"directory/services.csv": b"\xff\xfe"}).read_bytes()
    for content, sentence in (
        (b"", "This is no guide from a branch"),
        (b"%PDF-1.7", "This is no guide from a branch"),
        (whole[:-9], "damaged or was cut short"),
        (whole.replace(b'"format": 1', b'"format": 2', 1), "A newer fieldref made this file"),
        (little_pack(tmp_path / "south", 8, "South").read_bytes(), "not from your branch"),
        (evil, "cannot be shown"),
    ):
        answer = send(content)
        assert (answer.status_code, sentence in answer.text) == (400, True), sentence
    assert title(border_post) == "Good"
    assert [path.name for path in (border_post / "packs").iterdir()] == ["guide-0007.pack"]


def test_the_refusals_are_in_the_language_of_the_page(send, north) -> None:
    assert "هذا ليس دليلًا من فرع" in send(b"nothing", "/ar/guide/take").text


def test_without_a_branch_or_a_file_it_is_said(send, coordinator, little_pack) -> None:
    assert "no branch yet" in send(b"x").text
    answer = coordinator.post("/en/guide/take", token=coordinator.hidden("token"))
    assert (answer.status_code, "Choose the file first" in answer.text) == (400, True)


def test_a_guide_larger_than_any_is_refused_before_it_is_read(send, north, border_post, monkeypatch) -> None:
    monkeypatch.setitem(guiding.__dict__, "LARGEST", 1000)
    monkeypatch.setattr("fieldref.web.access.LARGEST", {guiding.TAKE: 1000})
    assert send(b"x" * 2000).status_code == 413
    assert not packs.kept(border_post)


def test_what_is_sent_lies_on_the_disk_of_the_safe_point_and_under_no_name(
    send, north, border_post, monkeypatch
) -> None:
    seen: list[list[Path]] = []

    def look(folder: Path, source: Any, *, older: bool) -> Any:
        seen.append(list(folder.rglob("packs/*")))
        source.seek(0, io.SEEK_END)
        assert source.tell() == 400_000
        assert isinstance(source.fileno(), int)
        raise packfile.PackRefused("enough", "damaged")

    monkeypatch.setattr(guiding.taking, "take_from", look)
    assert "damaged" in send(b"x" * 400_000).text
    assert seen == [[]]


def test_who_is_not_the_coordinator_sends_nothing_large(volunteer, north) -> None:
    volunteer.get("/en/")
    sent = {"token": volunteer.hidden("token"), "pack": (io.BytesIO(b"x" * 200_000), "guide.pack")}
    here = {"base_url": volunteer.here, "headers": {"Origin": volunteer.here}}
    answer = volunteer.client.post("/en/guide/take", data=sent, **here)
    assert (answer.status_code, "for the coordinator" in answer.text) == (403, True)
    assert "/en/guide" not in volunteer.get("/en/").text


def test_only_a_form_with_the_sessions_token_takes_or_goes_back(coordinator, north, border_post, little_pack) -> None:
    sent = {"token": "wrong", "pack": (io.BytesIO(little_pack(north, 7, "Forged").read_bytes()), "guide.pack")}
    here = {"base_url": coordinator.here, "headers": {"Origin": coordinator.here}}
    assert coordinator.client.post("/en/guide/take", data=sent, **here).status_code == 403
    assert not packs.kept(border_post)
