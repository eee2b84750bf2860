"""A page is read aloud where somebody recorded it, whole or in the parts that a phone asks for."""

import re
from pathlib import Path

import pytest
from werkzeug.test import Client

from fieldref import settings
from fieldref.folders import folder
from fieldref.guide.build import build
from fieldref.web.public import create_public

TONE = (Path(__file__).parents[1] / "data" / "tone.mp3").read_bytes()
ASYLUM = "/ar/listen/rights/asylum"
WHOLE = len(TONE)


@pytest.fixture(scope="module")
def listener(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """A phone at a safe-point that has recorded one page in Arabic, and one in a language it does not offer."""
    place = tmp_path_factory.mktemp("recorded")
    settings.write(place, settings.Settings(name="Recorded", languages=("en", "ar")))
    (place / "pages" / "rights" / "asylum").mkdir(parents=True)
    for code in ("ar", "fr"):
        (place / "pages" / "rights" / "asylum" / f"{code}.mp3").write_bytes(TONE)
    build(place)
    return Client(create_public(place))


def linked(listener: Client) -> str:
    found = re.search(r'<audio controls preload="none" src="([^"]+)" aria-label="[^"]+"></audio>', page(listener, "ar"))
    assert found
    return found[1]


def page(listener: Client, code: str) -> str:
    return listener.get(f"/{code}/rights/asylum").text


def test_a_recorded_page_has_a_player_and_a_way_to_keep_it(listener: Client) -> None:
    made = page(listener, "ar")
    assert f'href="{linked(listener)}" download="asylum-ar.mp3"' in made
    assert '<bdi dir="ltr">2 kB</bdi>' in made
    assert "<script" not in made
    assert made.index("<p>") < made.index("<audio") < made.index("<h2>")


def test_a_page_without_a_recording_has_no_player(listener: Client) -> None:
    made = page(listener, "en")
    assert "<audio" not in made and "/listen/" not in made
    assert len(re.findall(r'<script id="listen" src="/static/[0-9a-f]{10}/listen.js" defer ', made)) == 1


@pytest.mark.parametrize("path", ["", "rights/", "needs/shelter", "emergency", "keep/", "keep/card/rights/asylum"])
def test_only_texts_ask_for_the_script(listener: Client, path: str) -> None:
    assert "listen.js" not in listener.get(f"/en/{path}").text


def test_the_kept_copy_has_neither(listener: Client) -> None:
    made = listener.get("/ar/keep/guide.html").text
    assert not re.search("<script|<audio|listen.js", made)


def test_the_sound_is_sent_as_it_is(listener: Client) -> None:
    answer = listener.get(linked(listener), headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.data) == (200, TONE)
    assert answer.headers["Content-Type"] == "audio/mpeg"
    assert answer.headers["Content-Length"] == str(WHOLE)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert "Content-Encoding" not in answer.headers and "Set-Cookie" not in answer.headers


def test_the_linked_address_is_kept_for_good_and_the_plain_one_asked_again(listener: Client) -> None:
    assert "immutable" in listener.get(linked(listener)).headers["Cache-Control"]
    for path in (ASYLUM, f"{ASYLUM}?v=0123456789"):
        assert listener.get(path).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("0-1", 0, 1), ("0-", 0, WHOLE - 1), ("9-99", 9, 99), ("99-9999", 99, WHOLE - 1), ("-9", WHOLE - 9, WHOLE - 1)],
)  # fmt: skip
def test_a_part_is_sent_to_whoever_asks_for_one(listener: Client, asked: str, first: int, last: int) -> None:
    for path in (ASYLUM, linked(listener)):
        answer = listener.get(path, headers={"Range": f"bytes={asked}"})
        assert (answer.status_code, answer.data) == (206, TONE[first : last + 1])
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{WHOLE}"
        assert answer.headers["Content-Length"] == str(last - first + 1)


def test_a_part_that_is_not_there_is_refused_with_the_size(listener: Client) -> None:
    answer = listener.get(ASYLUM, headers={"Range": "bytes=999999-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{WHOLE}")


def test_a_phone_that_has_it_gets_no_sound_again(listener: Client) -> None:
    etag = listener.get(ASYLUM).headers["ETag"]
    again = listener.get(ASYLUM, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    other = listener.get(ASYLUM, headers={"If-Range": '"other"', "Range": "bytes=0-1"})
    assert (other.status_code, len(other.data)) == (200, WHOLE)


def test_a_head_says_how_long_it_is(listener: Client) -> None:
    for path in (ASYLUM, linked(listener)):
        head = listener.head(path)
        assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(WHOLE))


@pytest.mark.parametrize("path", ["/en/listen/rights/asylum", "/fr/listen/rights/asylum", "/ar/listen/rights/no-such"])
def test_where_nobody_recorded_there_is_nothing(listener: Client, path: str) -> None:
    assert listener.get(path).status_code == 404


def test_the_script_is_small_and_speaks_to_old_engines() -> None:
    script = (folder("static") / "listen.js").read_text("utf-8")
    assert len(script.encode()) <= 2_000
    assert not re.search(r"=>|`|\b(let|const|class|async|fetch|eval)\b|https?:|\.closest\(|\.remove\(", script)
