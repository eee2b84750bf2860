"""Markdown with front matter becomes a Document: a title, stated facts, and HTML that can do no harm."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import frontmatter
import nh3
import yaml
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML

from fieldref.languages import SOURCE
from fieldref.refusal import Refusal

# Links in a text stay inside the guide; without internet every other link is a dead end.
INSIDE = re.compile(r"^/[a-z0-9-]+(/[a-z0-9-]+)*/?$")
# What to say to an officer stands in English too; its brackets and full stop must not be turned around.
ENGLISH = re.compile(r"\(English: [^()<>]*\)")
TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "a", "br", "div", "bdi"}
ATTRIBUTES = {"a": {"href"}, "bdi": {"dir", "lang"}, "div": {"class"}, "ol": {"class"}}


class DocumentError(Refusal):
    """A text cannot be read; the message says where and why."""


@dataclass(frozen=True)
class Document:
    """One text in one language: the front matter as it was written, and the body as Markdown."""

    title: str
    facts: Mapping[str, Any]
    body: str

    def html(self, language: str) -> str:
        """Return the body as safe HTML, its links leading to pages in *language* (a url code)."""
        made = _markdown(language).render(self.body)
        if language != SOURCE.code:
            made = ENGLISH.sub(r'<bdi lang="en" dir="ltr">\g<0></bdi>', made)
        return nh3.clean(made, tags=TAGS, attributes=ATTRIBUTES, link_rel=None)


def plain(html: str) -> str:
    """Return what a Document's *html* says as plain words with spaces between, for searching and counting."""
    blocks = re.sub(r"</(p|h2|h3|li|div)>", " ", html)
    # Without tags, but with signs still written as HTML does (&nbsp;, &amp;).
    return " ".join(unescape(nh3.clean(blocks, tags=set())).split())


def read(path: Path) -> Document:
    """Read the text at *path* (UTF-8). Raises DocumentError with the place and the reason."""
    try:
        post = frontmatter.loads(path.read_text("utf-8"))
    except OSError as error:
        raise DocumentError(f"{path}: {error.strerror or error}") from None
    except (ValueError, TypeError, AttributeError, RecursionError, yaml.YAMLError) as error:
        # Not only YAMLError: a day that is none and a name that is a number end otherwise in these libraries.
        raise DocumentError(f"{path}: {' '.join(str(error).split())}") from None
    title = str(post.metadata.get("title") or "").strip()
    if not title:
        raise DocumentError(f"{path}: the title is missing")
    if not post.content.strip():
        raise DocumentError(f"{path}: there is no text under the front matter")
    return Document(title, post.metadata, post.content)


@cache
def _markdown(language: str) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
    parser.disable(["image", "html_block", "html_inline"])
    parser.options["language"] = language
    return parser


class _Renderer(RendererHTML):
    """Markdown's few shapes in ours: numbered lists are steps, a quotation is a warning to notice."""

    def ordered_list_open(self, *_: Any) -> str:
        return '<ol class="steps">'

    def blockquote_open(self, *_: Any) -> str:
        return '<div class="notice risks">'

    def blockquote_close(self, *_: Any) -> str:
        return "</div>"

    def link_open(self, tokens: Any, index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        address = str(token.attrGet("href"))
        token.attrSet("href", f"/{options['language']}{address}" if INSIDE.match(address) else "#")
        return str(self.renderToken(tokens, index, options, env))
