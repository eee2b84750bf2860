"""Help for volunteers: at the staff door, at no other, and in no address."""

import re

import pytest

from fieldref.guide import help
from fieldref.languages import BY_CODE

TEXTS = help.read(help.folders_of(help.Path("nowhere")))[0].texts
ADDRESSES = sorted({text.address for text in TEXTS})
LANGUAGES = sorted({text.language for text in TEXTS})


def opened(volunteer, address: str, code: str = "en") -> str:
    """The page that opens when a volunteer taps a text of the list."""
    volunteer.get(f"/{code}/help/")
    answer = volunteer.post(f"/{code}/help/", token=volunteer.hidden("token"), text=address)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/{code}/help/read")
    return volunteer.get(f"/{code}/help/read").text


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_text_opens_from_the_list(volunteer, code: str) -> None:
    listed = volunteer.get(f"/{code}/help/").text
    assert re.findall(r'name="text" value="([^"]*)"', listed)[0] == "now/child-alone"
    for text in (each for each in TEXTS if each.language == code):
        assert f'value="{text.address}"' in listed
        page = opened(volunteer, text.address, code)
        assert f"<span>{text.title}</span></h1>" in page
        assert f'<html lang="{BY_CODE[code].tag}"' in page


def test_the_home_leads_to_the_help(volunteer) -> None:
    assert 'href="/en/help/"' in volunteer.get("/en/").text


def test_which_text_is_read_stands_in_no_address(volunteer) -> None:
    """A browser's history would keep "violence" with the minute of a referral."""
    pages = [volunteer.get(f"/en/help/{path}").text for path in ("", "print")]
    pages.append(opened(volunteer, "now/violence"))
    links = {link for page in pages for link in re.findall(r'(?:href|action|src)="([^"]*)"', page)}
    assert not [link for link in links for address in ADDRESSES if address.split("/")[1] in link]
    for address in ADDRESSES:
        assert volunteer.get(f"/en/help/{address}").status_code == 404


def test_a_link_in_a_text_is_tapped_as_the_list_is(volunteer) -> None:
    page = opened(volunteer, "now/child-alone")
    assert '<button class="inline" name="text" value="now/violence">' in page


def test_a_text_says_that_no_professional_has_read_it(volunteer) -> None:
    page = opened(volunteer, "people/consent")
    assert "No professional has read it yet." in page
    assert "Handbook on Data Protection" in page


def test_a_text_that_is_not_translated_is_shown_in_english_and_says_so(volunteer) -> None:
    page = opened(volunteer, "now/violence", "ti")
    assert "Not yet in your language" in page
    assert '<div class="text" lang="en" dir="ltr">' in page


def test_beside_interpreters_stands_what_this_shift_speaks(volunteer) -> None:
    assert "Which languages do we speak today?" in opened(volunteer, "people/interpreters")
    volunteer.get("/en/speaking")
    volunteer.post("/en/speaking", token=volunteer.hidden("token"), spoken="ti")
    assert "ትግርኛ" in opened(volunteer, "people/interpreters")


@pytest.mark.parametrize("wrong", ["", "now/unheard-of", "../../secrets", "now/violence/en.md", "<b>"])
def test_what_is_no_text_opens_nothing(volunteer, wrong: str) -> None:
    volunteer.get("/en/help/")
    assert volunteer.post("/en/help/", token=volunteer.hidden("token"), text=wrong).status_code == 404
    assert volunteer.get("/en/help/read").headers["Location"] == "/en/help/"


def test_a_file_of_the_help_that_cannot_be_read_stops_no_referral(volunteer, border_post) -> None:
    own = border_post / "help" / "people" / "consent"
    own.mkdir(parents=True)
    (own / "en.md").mkdir()
    (own / "ar.md").symlink_to("gone")
    (own / "fr.md").write_bytes(b"\xff\xfe")
    assert volunteer.refer().headers["Location"] == "/en/slip"
    assert 'value="now/child-alone"' in volunteer.get("/en/help/").text
    assert volunteer.get("/en/help/print").status_code == 200


def test_what_a_societys_own_text_says_is_only_text(volunteer, border_post) -> None:
    shipped = (help.folders_of(border_post)[0] / "people" / "consent" / "en.md").read_text("utf-8")
    own = border_post / "help" / "people" / "consent"
    own.mkdir(parents=True)
    written = shipped.replace("title: Asking for consent", 'title: "<script>1</script>"')
    (own / "en.md").write_text(
        written + "\n<script>2</script> [x](https://evil.example) [y](/rights/asylum)\n", "utf-8"
    )
    for page in (opened(volunteer, "people/consent"), volunteer.get("/en/help/print").text):
        assert "<script" not in page
        assert "evil.example" not in page


def test_reading_help_records_nothing(volunteer, border_post) -> None:
    before = (border_post / "register.db").read_bytes()
    opened(volunteer, "now/trafficking")
    volunteer.get("/en/help/print")
    assert (border_post / "register.db").read_bytes() == before


def test_help_unfolds_beside_the_question_and_its_form_stays_one(volunteer) -> None:
    volunteer.get("/en/")
    volunteer.post("/en/begin", token=volunteer.hidden("token"), person="ar")
    volunteer.post("/en/begin", token=volunteer.hidden("token"), need="shelter")
    form = re.search(r'<form id="refer".*?</form>', volunteer.get("/en/refer").text, re.DOTALL)[0]
    assert "No yes, no record." in form
    assert "Never, nowhere" in form
    assert '<a href="/' not in form
    assert 'name="text"' not in form


def test_help_unfolds_on_the_sheet_of_what_to_do_now(volunteer) -> None:
    volunteer.refer(travelling="child_without_carer", priority="emergency")
    sheet = volunteer.get("/en/slip").text
    assert "Never leave the child alone. Call the child-protection focal point now, before any form." in sheet
    assert "Heavy bleeding? Press hard on it" in sheet


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_public_address_has_it(phone, port_miralo, code: str) -> None:
    for text in (each for each in TEXTS if each.language == code):
        for path in ("help", f"help/{text.address}", text.address, f"keep/card/{text.address}", f"help/{text.slug}"):
            assert phone.get(f"/{code}/{path}").status_code in (404, 308), path
        assert phone.get(f"/seed/help/{text.address}/{code}.md").status_code == 404
        assert phone.get(f"/static/help/{text.address}/{code}.md").status_code == 404
        assert text.words[:40].encode() not in (port_miralo / "guide.db").read_bytes()


def test_what_people_take_along_has_nothing_of_it(phone) -> None:
    """The first words of a page are found in it, so those of a text would be."""
    taken = phone.get("/en/keep/guide").text
    assert "Police and border guards must treat you as a human being" in taken
    for text in (each for each in TEXTS if each.language == "en"):
        first = re.search(r"<p>(.*?)</p>", text.html)[1]
        assert first not in taken
        assert first not in phone.get("/en/keep/booklet").text
