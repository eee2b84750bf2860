"""A slip's code before the camera: the door looks at a picture, answers the code, and keeps nothing."""

import io
import os
import random
from pathlib import Path

import pytest
import qrcode

from fieldref.register.codes import new_code
from fieldref.web import scanning

CODE = "K7QM3XWF9T2RC"
WIDE, HIGH = 640, 480
PICTURES = int(os.environ.get("FIELDREF_PICTURES", "300"))


def picture_of(words: str, *, size: int = 8, noise: int = 0) -> bytes:
    """A grey picture of a white table with a QR code on it, a little right of its middle."""
    code = qrcode.QRCode(border=4)
    code.add_data(words)
    rows = code.get_matrix()
    grey = bytearray(b"\xc8" * (WIDE * HIGH))
    chance = random.Random(7)  # noqa: S311
    for y in range(len(rows) * size):
        for x in range(len(rows) * size):
            grey[(y + 60) * WIDE + x + 200] = 30 if rows[y // size][x // size] else 220
    return bytes(min(255, max(0, each + chance.randint(-noise, noise))) for each in grey) if noise else bytes(grey)


@pytest.fixture
def scan(volunteer, monkeypatch: pytest.MonkeyPatch):
    """Send a picture as the page's script does."""
    monkeypatch.setattr(scanning, "BETWEEN", 0)
    volunteer.get("/en/outcome")
    token = volunteer.hidden("token")

    def send(grey: bytes, width: object = WIDE, height: object = HIGH, **changed: object):
        sent = {"token": token, "width": str(width), "height": str(height), "picture": (io.BytesIO(grey), "blob")}
        return volunteer.client.post("/en/outcome/scan", data=sent | changed, base_url=volunteer.here,
                                     headers={"Origin": volunteer.here})  # fmt: skip

    return send


@pytest.fixture
def code() -> str:
    return new_code()


@pytest.mark.parametrize("noise", [0, 40])
def test_the_code_on_a_slip_is_answered(scan, code: str, noise: int) -> None:
    answer = scan(picture_of(code, noise=noise))
    assert (answer.status_code, answer.text, answer.mimetype) == (200, code, "text/plain")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_portrait_picture_is_read_too(scan, code: str) -> None:
    grey = picture_of(code)
    turned = bytes(grey[y * WIDE + x] for x in range(WIDE) for y in range(HIGH))
    assert scan(turned, HIGH, WIDE).text == code


@pytest.mark.parametrize("said", ["HTTP://10.42.0.1/AR", "WIFI:T:nopass;S:X;;", "K7QM3XWF9T2R0", "Ahmad +44 1632"])
def test_what_is_no_slip_is_answered_with_nothing(scan, said: str) -> None:
    answer = scan(picture_of(said, size=6))
    assert (answer.status_code, answer.data) == (204, b"")


def test_an_empty_table_is_answered_with_nothing(scan) -> None:
    assert scan(b"\xc8" * (WIDE * HIGH)).status_code == 204


@pytest.mark.parametrize(
    ("width", "height"),
    [(0, 0), (641, 480), (480, 641), (640, 479), (-640, -480), ("640.0", 480), ("٦٤٠", 480), ("", ""), (1, 307200),
     ("9" * 900, 1)],
)  # fmt: skip
def test_a_picture_that_is_not_as_large_as_it_says_is_refused(scan, width: object, height: object) -> None:
    assert scan(bytes(WIDE * HIGH), width, height).status_code == 400


def test_a_picture_that_is_too_large_is_refused_unread(scan) -> None:
    assert scan(bytes(scanning.LARGEST + 1)).status_code == 413


def test_other_forms_stay_small(volunteer) -> None:
    volunteer.get("/en/outcome")
    answer = volunteer.post("/en/outcome", token=volunteer.hidden("token"), code="x" * 70_000)
    assert answer.status_code == 413


def test_pictures_that_come_too_fast_are_not_looked_at(scan, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert scan(picture_of(code)).status_code == 200
    monkeypatch.setattr(scanning, "BETWEEN", 60)
    assert scan(picture_of(code)).status_code == 429


def test_one_picture_is_looked_at_at_a_time(scan, code: str) -> None:
    with scanning._LOOKING:
        assert scan(picture_of(code)).status_code == 429
    assert scan(picture_of(code)).status_code == 200


def test_somebody_who_is_not_signed_in_has_no_eyes_here(newcomer) -> None:
    sent = {"token": "x", "width": "640", "height": "480", "picture": (io.BytesIO(bytes(WIDE * HIGH)), "blob")}
    answer = newcomer.client.post("/en/outcome/scan", data=sent, base_url=newcomer.here)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/sign-in")


def test_no_picture_makes_it_stumble() -> None:
    """FIELDREF_PICTURES says how many: noise, stripes, and codes that were damaged."""
    chance, whole = random.Random(2026), picture_of(CODE)  # noqa: S311
    for number in range(PICTURES):
        width, height = chance.randint(1, 640), chance.randint(1, 640)
        kind = number % 3
        if kind == 0:
            grey = chance.randbytes(width * height)
        elif kind == 1:
            grey = (bytes([0] * chance.randint(1, 9) + [255] * chance.randint(1, 9)) * (width * height))[
                : width * height
            ]
        else:
            width, height = WIDE, HIGH
            start = chance.randrange(len(whole) - 4000)
            grey = whole[:start] + chance.randbytes(4000) + whole[start + 4000 :]
        assert scanning.slip_code(memoryview(grey).cast("B", (height, width))) in ("", CODE)


def test_a_picture_leaves_nothing_behind(scan, border_post: Path, tmp_path: Path, monkeypatch) -> None:
    """Not even a temporary file while it is looked at: it may show more than a slip."""
    import tempfile

    def refused(*arguments: object, **named: object) -> None:
        raise AssertionError("a file was made")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", refused)
    before = {path: path.read_bytes() for path in border_post.rglob("*") if path.is_file()}
    assert scan(bytes(640 * 640), 640, 640).status_code == 204
    assert {path: path.read_bytes() for path in border_post.rglob("*") if path.is_file()} == before
