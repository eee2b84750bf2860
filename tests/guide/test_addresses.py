"""What hangs on a wall must go on leading somewhere."""

from pathlib import Path

import pytest

from fieldref.folders import folder as shipped
from fieldref.guide import addresses, pages
from fieldref.guide.addresses import Known

KNOWN = Known(frozenset({"rights/asylum"}), frozenset({"kitchen"}))


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("ar/rights/asylum", True),
        ("/AR/RIGHTS/ASYLUM", True),
        ("rights/asylum", True),
        ("ar/rights/", True),
        ("ar", True),
        ("", True),
        ("ar/needs/food", True),
        ("ar/service/kitchen", True),
        ("ar/emergency", True),
        ("ar/keep/booklet", True),
        ("ar/rights/old-page", False),
        ("ar/rights/asylum/more", False),
        ("ar/needs/gold", False),
        ("ar/service/gone", False),
    ],
)
def test_an_address_leads_to_a_page_a_need_or_a_service(address: str, leads: bool) -> None:
    assert KNOWN.leads(address) is leads


def test_an_address_that_is_printed_is_remembered_once(tmp_path: Path) -> None:
    for address in ("AR/rights/asylum", "/ar/rights/asylum/", "fr/needs/food", ""):
        addresses.remember(tmp_path, address)
    assert (tmp_path / addresses.FILE_NAME).read_text("utf-8") == "ar/rights/asylum\nfr/needs/food\n"
    assert addresses.printed(tmp_path)[-2:] == ("ar/rights/asylum", "fr/needs/food")


def test_nothing_that_a_release_has_had_is_gone(tmp_path: Path) -> None:
    texts, _ = pages.read((shipped("seed") / "pages",))
    known = addresses.known(texts, ())
    listed = addresses.printed(tmp_path)
    assert len(listed) > 70
    assert [address for address in listed if not known.leads(address)] == []
