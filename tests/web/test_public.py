"""The whole public door: every page in every language, and what it must never do."""

import re
from pathlib import Path

import pytest
from werkzeug.test import Client

from fieldref import settings
from fieldref.folders import folder
from fieldref.guide.build import build
from fieldref.languages import LANGUAGES, Language
from fieldref.vocabulary import NEEDS, SECTIONS
from fieldref.web.public import create_public

OFFERED = [each for each in LANGUAGES if each.code in ("en", "fr", "es", "ar", "fa", "bn")]
PAGES = sorted(
    path.parent.relative_to(folder("seed") / "pages").as_posix() for path in folder("seed").glob("pages/*/*/en.md")
)
PATHS = [
    "",
    *(f"{section.code}/" for section in SECTIONS),
    *PAGES,
    *(f"needs/{need.code}" for need in NEEDS),
    "service/lighthouse-hostel-beds",
    "service/womens-safe-house",
    "service/hill-guest-house-rooms",
    "emergency",
    "search",
    "search?q=a",
    "near/",
    "for/",
    "for/women",
    "keep/",
    "keep/codes",
    "keep/booklet",
    "onward/",
    "missing",
    "stay",
    "languages/",
    "languages/rights/asylum",
]
EVERY = [pytest.param(language, path, id=f"{language.code}/{path}") for language in OFFERED for path in PATHS]
OUTSIDE = re.compile(r"""(?:href|src|action)=(?!["']?(?:/|tel:|#))|url\(|https?://""")
OWN_SCRIPT = re.compile(
    r'<script id="[a-z]+" src="/static/[0-9a-f]{10}/[a-z]+\.js" defer( data-[a-z]+="[^"]*")*></script>'
)
FIRST_FLIGHT = 14_000  # bytes: ten TCP segments


@pytest.mark.parametrize(("language", "path"), EVERY)
def test_a_page_is_whole_small_and_keeps_to_itself(phone: Client, language: Language, path: str) -> None:
    answer = phone.get(f"/{language.code}/{path}")
    assert answer.status_code == 200
    assert f'<html lang="{language.tag}" dir="{language.direction}">' in answer.text
    assert "Set-Cookie" not in answer.headers
    assert not re.sub(OWN_SCRIPT, "", answer.text).count("<script"), "a script inside the page, or not our own"
    assert not OUTSIDE.search(answer.text), OUTSIDE.search(answer.text)
    assert len(re.findall("<h1", answer.text)) == 1


@pytest.mark.parametrize("language", OFFERED, ids=lambda language: language.code)
def test_all_that_a_first_look_needs_fits_one_flight(phone: Client, language: Language) -> None:
    heaviest = max(PATHS, key=lambda path: weight(phone, f"/{language.code}/{path}"))
    assert weight(phone, f"/{language.code}/{heaviest}") <= FIRST_FLIGHT, heaviest


def weight(phone: Client, path: str) -> int:
    """Bytes on the way to a phone that has nothing yet: the page and its style sheets, packed."""
    answer = phone.get(path, headers={"Accept-Encoding": "gzip"})
    return len(answer.data) + sum(
        len(phone.get(sheet, headers={"Accept-Encoding": "gzip"}).data)
        for sheet in re.findall(r'rel="stylesheet" href="([^"]+)"', phone.get(path).text)
    )


@pytest.mark.parametrize(
    ("asks", "first"), [("ar-EG,en;q=0.5", "ar"), ("bn-BD,en;q=0.5", "bn"), ("de", "en"), ("", "en")]
)
def test_the_first_page_puts_the_phones_language_on_top(phone: Client, asks: str, first: str) -> None:
    answer = phone.get("/", headers={"Accept-Language": asks})
    links = re.findall(r'<a[^>]*href="/([a-z]+)/"[^>]*hreflang', answer.text)
    assert links[0] == first
    assert sorted(links) == sorted(language.code for language in OFFERED)
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_printed_code_in_capitals_leads_to_its_page(phone: Client) -> None:
    answer = phone.get("/AR/RIGHTS/ASYLUM")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/ar/rights/asylum")


@pytest.mark.parametrize(
    "path", ["/xx/", "/ur/", "/en/no/such", "/en/rights/no-such", "/en/needs/gold", "/en/service/none", "/x"]
)
def test_what_is_not_here_says_so_and_leads_on(phone: Client, path: str) -> None:
    answer = phone.get(path)
    assert answer.status_code == 404
    assert 'href="/en/"' in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_sent_to_it(phone: Client, method: str) -> None:
    for path in ("/en/rights/asylum", "/en/"):
        answer = phone.open(path, method=method)
        assert answer.status_code == (200 if method == "OPTIONS" else 405)


def test_a_machines_translation_says_so_and_shows_the_way_to_the_original(phone: Client) -> None:
    assert 'href="/en/rights/asylum" hreflang="en"' in phone.get("/ar/rights/asylum").text
    assert "hreflang" not in phone.get("/en/rights/asylum").text


def test_a_secret_shelter_shows_a_phone_and_never_a_place(phone: Client) -> None:
    answer = phone.get("/en/service/womens-safe-house").text
    assert "The address is secret" in answer
    assert 'class="address"' not in answer
    assert "tel:+441632960274" in answer


def test_a_stale_service_says_since_when_and_comes_after_the_fresh(phone: Client) -> None:
    listed = phone.get("/en/needs/shelter").text
    assert "Not checked since 15 January 2026" in listed
    assert listed.index("hill-guest-house-rooms") > listed.index("lighthouse-hostel-beds")


def test_made_up_places_are_called_made_up(phone: Client) -> None:
    for path in ("needs/food", "service/harbour-kitchen-meals"):
        assert ">SAMPLE<" in phone.get(f"/en/{path}").text


def test_search_finds_pages_and_services_by_the_beginning_of_a_word(phone: Client) -> None:
    assert "/en/rights/asylum" in phone.get("/en/search?q=asyl").text
    assert "/ar/service/" in phone.get("/ar/search?q=طبيب").text


@pytest.mark.parametrize("asked", ['"', "*", "a AND", "NEAR(", "x" * 5_000, "%00", "' OR 1=1", "<script>", "١٢"])
def test_no_search_is_an_error_or_an_echo_of_html(phone: Client, asked: str) -> None:
    answer = phone.get("/en/search", query_string={"q": asked})
    assert answer.status_code == 200
    assert "<script" not in answer.text


def test_every_answer_has_the_headers(phone: Client) -> None:
    for answer in (phone.get("/en/"), phone.get("/nowhere"), phone.get("/EN/")):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_new_guide_is_served_at_once(tmp_path: Path) -> None:
    settings.write(tmp_path, settings.Settings(name="Here"))
    build(tmp_path)
    phone = Client(create_public(tmp_path))
    assert "Closed road" not in phone.get("/en/rights/").text
    own = tmp_path / "pages" / "rights" / "asylum"
    own.mkdir(parents=True)
    text = (folder("seed") / "pages" / "rights" / "asylum" / "en.md").read_text("utf-8")
    (own / "en.md").write_text(text.replace("title: Asking for asylum", "title: Closed road"), "utf-8")
    build(tmp_path)
    assert "Closed road" in phone.get("/en/rights/").text


def test_old_engines_are_not_asked_for_what_they_lack() -> None:
    """Gecko 48 (KaiOS 2.5) and Chrome 69: no gap, no shorthand of logical sides, no :is, no :has, no nesting."""
    css = (folder("static") / "public.css").read_text("utf-8")
    for newer in (r"[^-]gap:", r"margin-inline:", r"padding-inline:", r"inset", r":is\(", r":has\(", r"&", r"@layer"):
        assert not re.search(newer, css), newer


@pytest.mark.parametrize(
    ("printed", "asks", "leads"),
    [
        ("/NEEDS/SHELTER", "fa-IR,fa;q=0.9", "/fa/needs/shelter"),
        ("/needs/shelter", "bn", "/bn/needs/shelter"),
        ("/RIGHTS/ASYLUM", "", "/en/rights/asylum"),
        ("/ONWARD", "ar", "/ar/onward/"),
        ("/SERVICE/LIGHTHOUSE-HOSTEL-BEDS", "xx", "/en/service/lighthouse-hostel-beds"),
    ],
)
def test_a_sheet_in_many_languages_opens_the_one_of_the_phone(
    phone: Client, printed: str, asks: str, leads: str
) -> None:
    answer = phone.get(printed, headers={"Accept-Language": asks})
    assert (answer.status_code, answer.headers["Location"]) == (302, leads)
    assert "Accept-Language" in answer.headers["Vary"]
    assert phone.get(leads).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/needs", "/needs/gold", "/rights/none", "/onward/x", "//evil.example/needs", "/needs/../keys"],
)
def test_an_address_without_a_language_leads_only_to_what_is_there(phone: Client, path: str) -> None:
    assert phone.get(path).status_code == 404
