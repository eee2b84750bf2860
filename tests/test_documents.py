"""A text becomes HTML that can do no harm, whoever wrote it."""

from pathlib import Path

import pytest

from fieldref.documents import Document, DocumentError, plain, read


def html(body: str, language: str = "ar") -> str:
    return Document("Title", {}, body).html(language)


def test_links_lead_to_the_page_in_the_readers_language() -> None:
    assert html("[x](/rights/asylum)") == '<p><a href="/ar/rights/asylum">x</a></p>\n'


@pytest.mark.parametrize(
    "address", ["http://evil.example/", "javascript:alert(1)", "//evil.example", "/a/../../b", "/A"]
)
def test_no_link_leads_out(address: str) -> None:
    made = html(f"[x]({address})")
    assert 'href="#"' in made or "href" not in made


@pytest.mark.parametrize("raw", ["<script>x</script>", "<img src=x onerror=y>", "<a href='/x'>", "![i](/x.png)"])
def test_no_html_and_no_image_comes_through(raw: str) -> None:
    made = html(raw)
    assert "<script" not in made and "<img" not in made and "<a href='/x'" not in made


def test_a_numbered_list_is_steps_and_a_quotation_is_a_warning() -> None:
    assert '<ol class="steps">' in html("1. one\n2. two")
    assert '<div class="notice risks">' in html("> **Take care.** x")


def test_english_to_say_aloud_keeps_its_direction() -> None:
    assert '<bdi lang="en" dir="ltr">(English: "Help.")</bdi>' in html('قل (English: "Help.")').replace("&quot;", '"')


def test_words_are_words_and_not_html() -> None:
    assert plain(html('Qui\u00a0? "Moi" & vous')) == 'Qui ? "Moi" & vous'


def test_words_are_plain_and_apart() -> None:
    assert plain(html("## One\n\n- two\n- **three**\n")) == "One two three"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no front matter", "the title is missing"),
        ("---\ntitle: T\n---\n", "there is no text"),
        ("---\ntitle: [\n---\nx", "x.md"),
        ("---\ntitle: !!python/object:os.system x\n---\nx", "x.md"),
        ("---\n1: one\ntitle: T\n---\nx", "x.md"),
        ("---\ntitle: !!timestamp soon\n---\nx", "x.md"),
        ("---\ntitle: 2026-02-30\n---\nx", "x.md"),
    ],
)
def test_a_broken_text_is_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.md"
    path.write_text(text, "utf-8")
    with pytest.raises(DocumentError, match=said):
        read(path)
