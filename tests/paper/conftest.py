"""Paper as a printer draws it and a camera sees it: Debian's Chromium and zxing."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fieldref.paper import words
from fieldref.paper.slips import Slip
from fieldref.settings import Settings

A4 = {"width": 794, "height": 1123}  # CSS pixels, 96 to the inch


@pytest.fixture
def sheet_of_paper(page: Any) -> Callable[[str], Any]:
    """Lay HTML out as the printer would, and return the browser's page."""

    def lay_out(html: str) -> Any:
        page.set_viewport_size(A4)
        page.emulate_media(media="print")
        page.set_content(html)
        return page

    return lay_out


@pytest.fixture
def camera(sheet_of_paper: Callable[[str], Any]) -> Callable[..., list[str]]:
    """Photograph printed HTML and return what its QR codes say, from top to bottom.

    *worn* does to the picture what a bad photocopier does.
    """
    import io

    import zxingcpp
    from PIL import Image, ImageFilter

    def photograph(html: str, *, worn: bool = False) -> list[str]:
        image = Image.open(io.BytesIO(sheet_of_paper(html).screenshot(full_page=True))).convert("L")
        if worn:
            half = image.resize((image.width // 2, image.height // 2)).filter(ImageFilter.GaussianBlur(1))
            image = half.point(lambda grey: 70 + grey // 3).rotate(4, expand=True, fillcolor=155)
        found = zxingcpp.read_barcodes(image)
        return [code.text for code in sorted(found, key=lambda code: code.position.top_left.y)]

    return photograph


@pytest.fixture
def catalogs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty translations/ to put a catalog into."""
    shipped = words.folder
    monkeypatch.setattr(words, "folder", lambda name: tmp_path if name == "translations" else shipped(name))
    words.environment.cache_clear()
    yield tmp_path
    words.environment.cache_clear()


@pytest.fixture
def safe_point() -> Settings:
    return Settings(name="Safe-point, Port Miralo", address="10.42.0.1", network="SAFE-POINT FREE INFO")


@pytest.fixture
def slip() -> Slip:
    """A slip in Arabic with everything on it."""
    return Slip(
        code_printed="K7QM-3XWF-9T2R-C",
        language="ar",
        place_name="النقطة الآمنة، ميناء ميرالو",
        service_name="مأوى: نُزُل المنارة",
        valid_until=date(2026, 12, 6),
        icon="shelter",
        local_name="Lighthouse Hostel",
        address="Lantern Street 12, Port Miralo",
        way_there="اصعد إلى الطريق الرئيسي، ثم يمينًا. بعد موقف الباص يسارًا. باب أزرق، رقم 12.",
        distance="450 م، 6 دقائق مشيًا.",
        hours_lines=("اليوم مفتوح 08:00–22:00", "غدًا 08:00–22:00"),
        bring="هذه الورقة فقط. لا حاجة إلى جواز سفر.",
        cost="مجانًا",
        phone="+44 1632 960231",
        ask_if_it_fails="عد إلينا أو اسأل متطوعًا.",
    )
