"""The poster: one A4 page in one language that brings a phone from the wall to a page of the guide."""

import datetime

from markupsafe import Markup

from fieldref.guide.pages import Page
from fieldref.languages import language as language_of
from fieldref.paper import qr, words
from fieldref.settings import Settings

CODE_MM = 90  # two codes on an A4; a phone reads each from about 90 cm
ALONE_MM = 125  # where there is no Wi-Fi to join first


def poster(
    settings: Settings,
    language: str,
    page: Page | None = None,
    *,
    printed: datetime.date,
    guide_version: str = "",
    port: int = 80,
    allow_local: bool = False,
) -> Markup:
    """Return the poster for *page*, or for the first page in *language*, as HTML that needs no other file.

    Without a network in the settings it has only the second step. A page that the poster's language lacks is
    given in another, and its title is marked as such. Raises Refusal as qr.page_address does.
    """
    path = f"{language}/{page.address}" if page else language
    address = qr.page_address(settings, path, port=port, allow_local=allow_local)
    host = address.lower().removesuffix(f"/{path}")  # small letters: what a phone's keyboard begins with
    size = CODE_MM if settings.network else ALONE_MM
    return words.render(
        "poster.html",
        language,
        settings=settings,
        language=language_of(language),
        page=page,
        title_language=language_of(page.language) if page else None,
        join=qr.svg(qr.wifi(settings.network, settings.password), label=settings.network, code_mm=size),
        open=qr.svg(address, code_mm=size),
        typed_host=host,
        typed_path=path.split("/"),
        printed=printed.isoformat(),
        guide_version=guide_version,
        style=words.style(),
    )
