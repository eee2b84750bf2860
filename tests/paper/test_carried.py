"""Pages of the guide made shorter, without saying less than they may."""

from fieldref.guide.opened import Guide
from fieldref.paper import carried
from fieldref.paper.cards import card_html, card_words
from fieldref.settings import Settings


def test_links_lead_inside_or_become_words() -> None:
    html = '<p><a href="/ar/rights/asylum">A</a>, <a href="/ar/needs/food">B</a>, <a href="#">C</a></p>'
    assert carried.anchored(html, "ar", {"rights/asylum": "p7"}) == "<p><a href=#p7>A</a>, B, C</p>"


def test_words_on_two_lines_stay_two_words() -> None:
    html = '<h2>What\nnow?</h2>\n<ol class="steps">\n<li>Go\nhome.</li>\n</ol>\n'
    assert carried.compact(html) == "<h4>What now?</h4><ol><li>Go home.</ol>"


def test_a_lean_page_says_the_same_in_fewer_bytes() -> None:
    html = '<p lang="en" dir="ltr">A &#34;b&#34;\n<h4>C</h4>\n<p>d</p>\n<a href="#x y">e</a>'
    assert carried.lean(html, "ltr") == '<p lang=en>A "b"<h4>C</h4>d</p><a href="#x y">e</a>'
    assert carried.lean('<p dir="ltr">', "rtl") == "<p dir=ltr>"
    assert carried.lean("<b>হ\u09af\u09bc</b>", "ltr") == "<b>হ\u09df</b>"


def test_a_message_loses_whole_sentences_and_never_half_a_one() -> None:
    assert carried.message("T", "One is here. Two is here.", "112", limit=20) == "T\nOne is here.\n112"
    assert carried.message("T", "Never go. Really.", "112", limit=5) == "T\nNever go.\n112"
    assert carried.message("T", "এক। দুই।", "112") == "T\nএক। দুই।\n112"


def test_a_position_opens_a_map() -> None:
    assert carried.position(36.5, -15) == "geo:36.50000,-15.00000"


def test_a_card_has_the_lead_the_first_steps_and_the_warning(shipped_guide: Guide, miralo: Settings) -> None:
    page = shipped_guide.page("en", "risks", "water-crossings")
    assert page
    card = card_html(page, miralo)
    for said in ("Water can kill", "<h2>If there is danger</h2>", "Stay with the boat", "Do not jump in", ">112<"):
        assert said in card
    assert "href" not in card


def test_every_card_has_a_lead_and_a_list_and_words_for_a_code(shipped_guide: Guide, miralo: Settings) -> None:
    for language in shipped_guide.languages:
        for page in shipped_guide.pages(language.code):
            seen = carried.essence(page)
            assert seen.lead, page.address
            assert "<li>" in seen.steps, page.address
            title, said, number = card_words(page, miralo).splitlines()
            assert (title, number) == (page.title, "112")
            assert said[-1] in ".!?؟।:»”", (page.address, said)
            assert len(card_words(page, miralo).encode()) < 400
