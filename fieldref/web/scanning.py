"""A slip's code seen by a camera: the browser sends a grey picture, we answer the code on it or nothing.

Reading it here and not in the browser needs no library in the page. A picture is looked at in memory and let go of:
it may show more than a slip.
"""

import threading
import time

import zxingcpp
from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from fieldref.register.codes import CodeError, read_code
from fieldref.web.paths import take_language

scanning = Blueprint("scanning", __name__, url_prefix="/<language:language>")
scanning.url_value_preprocessor(take_language)

SIDE = 640  # points, at most, either way
LARGEST = SIDE * SIDE + 4096  # bytes of a picture and the form around it; below what werkzeug would put on a disk
BETWEEN = 0.1  # seconds between two pictures of one session
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
# One at a time: four cameras must not take the processor from those who write referrals.
_LOOKING = threading.Lock()


@scanning.post("/outcome/scan")
def scan() -> Response:
    """Answer 200 and the slip code on the picture, 204 for none, 429 for too soon, 400 for what is no picture."""
    now = time.monotonic()
    if now - g.session.looked < BETWEEN:
        return Response(status=429)
    g.session.looked = now
    picture = _picture()
    if picture is None:
        return Response(status=400)
    if not _LOOKING.acquire(blocking=False):
        return Response(status=429)
    try:
        code = slip_code(picture)
    finally:
        _LOOKING.release()
    return Response(code, mimetype="text/plain") if code else Response(status=204)


def slip_code(picture: memoryview) -> str:
    """Return the slip code that a QR code on the *picture* (rows of grey bytes) holds; empty where none does."""
    for found in zxingcpp.read_barcodes(picture, formats=QR):
        try:
            return read_code(found.text)
        except CodeError:
            continue  # a poster, a ticket: whatever else lies on the table is not repeated to anybody
    return ""


def _picture() -> memoryview | None:
    sides = [request.form.get(name, "") for name in ("width", "height")]
    sent = request.files.get("picture")
    if sent is None or not all(side.isascii() and side.isdecimal() and len(side) <= len(str(SIDE)) for side in sides):
        return None
    width, height = map(int, sides)
    grey = sent.read(LARGEST)
    if not (0 < width <= SIDE and 0 < height <= SIDE and len(grey) == width * height):
        return None
    return memoryview(grey).cast("B", (height, width))
