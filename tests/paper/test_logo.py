"""The society's own mark: shapes pass, and nothing that runs or fetches."""

from pathlib import Path

import pytest

from fieldref.paper.logo import LARGEST, logo_in, read
from fieldref.refusal import Refusal

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"{}>{}</svg>'


def written(folder: Path, inside: str, attributes: str = "") -> Path:
    path = folder / "logo.svg"
    path.write_text(SVG.format(attributes, inside), "utf-8")
    return path


def test_a_folder_without_a_mark_has_none(tmp_path: Path) -> None:
    assert logo_in(tmp_path) is None


def test_shapes_and_their_colours_stay(tmp_path: Path) -> None:
    drawn = read(
        written(
            tmp_path,
            '<defs><linearGradient id="a"><stop offset="1" style="stop-color:#00f"/></linearGradient></defs>'
            '<g transform="scale(2)"><path d="M0 0h9" style="fill:url(#a);stroke:red"/><use xlink:href="#a"/></g>',
        )
    ).content.decode()
    for kept in (
        'stop-color="#00f"',
        'd="M0 0h9"',
        'fill="url(#a)"',
        'stroke="red"',
        'href="#a"',
        'transform="scale(2)"',
    ):
        assert kept in drawn


@pytest.mark.parametrize(
    ("inside", "attributes"),
    [
        ("<script>BAD</script>", ""),
        ("<g onclick='BAD()'/>", ""),
        ("", ' onload="BAD()"'),
        ("<image href='http://BAD.example/x.png'/>", ""),
        ("<image xlink:href='data:image/png;base64,BAD'/>", ""),
        ("<a href='javascript:BAD()'><path d='M0 0'/></a>", ""),
        ("<use href='http://BAD.example/#a'/>", ""),
        ("<use xlink:href='BAD.svg#a'/>", ""),
        ("<path fill='url(http://BAD.example/#a)'/>", ""),
        ("<path style='fill: url(//BAD.example/#a)'/>", ""),
        ("<path style='background:u\\72l(//BAD.example)'/>", ""),
        ("<style>@import 'http://BAD.example'</style>", ""),
        ("<foreignObject><b xmlns='http://www.w3.org/1999/xhtml'>BAD</b></foreignObject>", ""),
        ("<animate attributeName='href' to='javascript:BAD()'/>", ""),
        ("<set attributeName='onclick' to='BAD()'/>", ""),
        ("<g><g><g><script>BAD</script></g></g></g>", ""),
        ("<x:script xmlns:x='http://BAD.example'>BAD</x:script>", ""),
        ("<?xml-stylesheet href='http://BAD.example'?>", ""),
    ],
)
def test_nothing_that_runs_or_fetches_passes(tmp_path: Path, inside: str, attributes: str) -> None:
    drawn = read(written(tmp_path, inside, attributes)).content.decode()
    assert "BAD" not in drawn
    assert "script" not in drawn.lower()


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>',
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>',
        "<html><body/></html>",
        "<svg",
        "",
    ],
)
def test_what_is_no_plain_svg_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "logo.svg").write_text(text, "utf-8")
    with pytest.raises(Refusal, match=r"logo\.svg"):
        logo_in(tmp_path)


PNG = b"\x89PNG\r\n\x1a\n"
WRONG = [("logo.png", b"<svg/>"), ("logo.jpg", PNG), ("logo.gif", b"GIF89a"), ("logo.png", PNG * LARGEST)]


@pytest.mark.parametrize(("name", "content"), WRONG, ids=["svg-as-png", "png-as-jpg", "gif", "large"])
def test_a_file_that_is_not_what_its_name_says_or_too_large_is_refused(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refusal, match=name):
        read(tmp_path / name)


def test_a_png_is_placed_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(PNG + b" rest")
    assert logo_in(tmp_path).data_uri.startswith("data:image/png;base64,iVBOR")


@pytest.mark.parametrize("encoding", ["utf-16", "cp037", "utf-32"])
def test_an_encoding_that_hides_a_document_type_is_refused(tmp_path: Path, encoding: str) -> None:
    first = f'<?xml version="1.0" encoding="{encoding}"?>'
    text = first + '<!DOCTYPE svg [<!ENTITY a "x">]>' + SVG.format("", "<g id='&a;'/>")
    (tmp_path / "logo.svg").write_bytes(text.encode(encoding))
    with pytest.raises(Refusal, match=r"not an SVG|DOCTYPE"):
        logo_in(tmp_path)


def test_one_that_is_nested_without_end_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="nested too deep"):
        read(written(tmp_path, "<g>" * 20_000 + "</g>" * 20_000))
