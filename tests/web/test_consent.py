"""The question of consent is heard where somebody has recorded it, and shown in any case."""

from pathlib import Path

import pytest

from fieldref.guide.question import recorded

TONE = Path(__file__).parents[1] / "data" / "tone.mp3"


@pytest.fixture
def speaker(border_post: Path) -> Path:
    """Somebody has read the question in Arabic; the file lies in the safe-point's folder."""
    (border_post / "consent").mkdir()
    (border_post / "consent" / "ar.mp3").write_bytes(TONE.read_bytes())
    return border_post


def asked(volunteer, person: str) -> str:
    """The form at which *person*'s question is asked."""
    volunteer.get("/en/")
    for chosen in ({"person": person}, {"need": "shelter"}):
        volunteer.post("/en/begin", token=volunteer.hidden("token"), **chosen)
    return volunteer.get("/en/refer").text


def test_it_is_played_in_the_persons_language(volunteer, speaker: Path) -> None:
    page = asked(volunteer, "ar")
    assert '<audio controls preload="none" src="/en/consent"' in page
    assert "listen.js" not in page
    answer = volunteer.client.get("/en/consent", base_url="http://127.0.0.1:8081")
    assert (answer.data, answer.content_type) == (TONE.read_bytes(), "audio/mpeg")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_player_may_ask_for_a_part(volunteer, speaker: Path) -> None:
    asked(volunteer, "ar")
    ask = {"base_url": "http://127.0.0.1:8081"}
    part = volunteer.client.get("/en/consent", headers={"Range": "bytes=10-19"}, **ask)
    assert (part.status_code, part.data) == (206, TONE.read_bytes()[10:20])
    assert volunteer.client.get("/en/consent", headers={"Range": "bytes=9999999-"}, **ask).status_code == 416


def test_without_a_recording_the_browsers_own_voice_may_read_it(volunteer, speaker: Path) -> None:
    page = asked(volunteer, "fa")
    assert "<audio" not in page
    assert 'defer lang="fa"' in page
    assert volunteer.get("/en/consent").status_code == 404


def test_nobody_hears_whom_it_is_for_from_the_address(volunteer, speaker: Path) -> None:
    """One address for all languages: which one it is, only the session knows."""
    for person, other, status in (("ar", "fa", 200), ("fa", "ar", 404)):
        asked(volunteer, person)
        answer = volunteer.client.get(f"/en/consent?person={other}", base_url="http://127.0.0.1:8081")
        assert answer.status_code == status


@pytest.mark.parametrize("content", [b"", b"hello", b"<html>"], ids=["empty", "text", "page"])
def test_what_is_no_sound_is_none(border_post: Path, content: bytes) -> None:
    (border_post / "consent").mkdir()
    (border_post / "consent" / "ar.mp3").write_bytes(content)
    assert recorded(border_post, "ar") is None


def test_a_film_is_none(speaker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldref.guide.question.LARGEST", 100)
    assert recorded(speaker, "ar") is None


@pytest.mark.parametrize("code", ["../consent/ar", "", "AR", "ar.mp3"])
def test_only_a_language_is_looked_for(speaker: Path, code: str) -> None:
    assert recorded(speaker, code) is None
