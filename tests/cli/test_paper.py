from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fieldref import settings
from fieldref.cli import commands
from fieldref.guide.build import build
from fieldref.refusal import Refusal
from fieldref.settings import Settings


@pytest.fixture
def place(tmp_path: Path) -> Path:
    settings.write(tmp_path, Settings(name="Port Miralo", address="10.42.0.1", network="FREE INFO"))
    return tmp_path


def run(place: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(commands, ["--folder", str(place), *arguments])
    if isinstance(result.exception, Refusal):
        raise result.exception
    return result


def test_a_qr_code_is_written_and_its_address_is_said(place: Path) -> None:
    result = run(place, "qr", "ar/rights/asylum", "-o", str(place / "asylum.svg"))
    assert result.output.endswith("asylum.svg opens HTTP://10.42.0.1/AR/RIGHTS/ASYLUM\n")
    assert (place / "asylum.svg").read_text("utf-8").startswith('<svg xmlns="http://www.w3.org/2000/svg"')


@pytest.mark.parametrize("path", ["rights/asylum", "https://example.org", "ar/../keys", "xx/rights"])
def test_a_qr_code_that_would_lead_nowhere_is_refused(place: Path, path: str) -> None:
    with pytest.raises(Refusal, match="it looks like ar/rights/asylum"):
        run(place, "qr", path, "-o", str(place / "code.svg"))
    assert not (place / "code.svg").exists()


def test_a_qr_code_for_this_machine_only_is_refused(tmp_path: Path) -> None:
    settings.write(tmp_path, Settings(name="Port Miralo", address="localhost"))
    with pytest.raises(Refusal, match="opens on no phone"):
        run(tmp_path, "qr", "ar", "-o", str(tmp_path / "code.svg"))


def test_a_poster_is_written_in_the_language_asked_for(place: Path) -> None:
    result = run(place, "poster", "--language", "bn", "--port", "8080", "-o", str(place / "poster.html"))
    assert result.exit_code == 0
    written = (place / "poster.html").read_text("utf-8")
    assert '<html lang="bn" dir="ltr">' in written
    assert 'aria-label="HTTP://10.42.0.1:8080/BN"' in written


def test_a_poster_for_a_page_needs_a_guide(place: Path) -> None:
    with pytest.raises(Refusal, match="fieldref guide build"):
        run(place, "poster", "--language", "ar", "--page", "rights/asylum", "-o", str(place / "poster.html"))


def test_a_poster_for_a_page_bears_its_title(place: Path) -> None:
    build(place)
    run(place, "poster", "--language", "en", "--page", "rights/asylum", "-o", str(place / "poster.html"))
    written = (place / "poster.html").read_text("utf-8")
    assert '<h1 lang="en" dir="ltr">Asking for asylum</h1>' in written
    assert 'aria-label="HTTP://10.42.0.1/EN/RIGHTS/ASYLUM"' in written


def test_a_poster_for_a_page_that_is_not_there_is_refused(place: Path) -> None:
    build(place)
    with pytest.raises(Refusal, match="the guide has no page rights/nothing"):
        run(place, "poster", "--language", "ar", "--page", "rights/nothing", "-o", str(place / "poster.html"))


def test_a_poster_in_a_language_the_guide_does_not_offer_is_refused(tmp_path: Path) -> None:
    settings.write(tmp_path, Settings(name="Port Miralo", address="10.42.0.1", languages=("en",)))
    build(tmp_path)
    with pytest.raises(Refusal, match="the guide has no page in Burmese"):
        run(tmp_path, "poster", "--language", "my", "-o", str(tmp_path / "poster.html"))


def test_an_unknown_language_is_wrong_usage(place: Path) -> None:
    assert run(place, "poster", "--language", "xx", "-o", "poster.html").exit_code == 2


def test_a_sheet_in_many_languages_is_remembered_without_one(place: Path) -> None:
    build(place)
    languages = [part for code in ("en", "ar", "fa") for part in ("--language", code)]
    run(place, "poster", *languages, "--page", "needs/shelter", "--paper", "a3", "-o", str(place / "poster.html"))
    assert (place / "addresses.txt").read_text("utf-8") == "needs/shelter\n"


def test_the_same_is_written_as_pdf(place: Path) -> None:
    run(place, "poster", "--language", "ar", "--language", "bn", "--pdf", "-o", str(place / "poster.pdf"))
    assert (place / "poster.pdf").read_bytes().startswith(b"%PDF-")


def test_from_too_far_is_said_and_printed_all_the_same(place: Path) -> None:
    said = run(place, "poster", "--language", "en", "--distance", "4", "-o", str(place / "poster.html"))
    assert "Take care: From 4 m no camera reads codes of 88 mm" in said.stderr
    assert "print it on A4, at 100 %. Cameras read it from 0.9 m." in said.stdout
    assert (place / "poster.html").exists()


def test_a_pad_is_whole_sheets_of_slips_in_two_languages(place: Path) -> None:
    build(place)
    said = run(place, "pad", "--language", "fa", "--slips", "4", "-o", str(place / "pad.html")).output
    assert said == f"{place / 'pad.html'}: 6 slips; print it on A4, at 100 %\n"
    written = (place / "pad.html").read_text("utf-8")
    assert written.count('class="theirs" lang="fa" dir="rtl"') == 6
    assert '<html lang="en" dir="ltr">' in written


def test_a_pad_in_a_language_that_the_guide_does_not_offer_is_refused(place: Path) -> None:
    build(place)
    with pytest.raises(Refusal, match="the guide has no page in Dari"):
        run(place, "pad", "--language", "prs", "-o", str(place / "pad.html"))


def test_a_pad_needs_a_guide_for_its_places(place: Path) -> None:
    with pytest.raises(Refusal, match="fieldref guide build"):
        run(place, "pad", "--language", "ar", "-o", str(place / "pad.html"))
