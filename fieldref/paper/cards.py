"""The card for the road: one page of the guide on one screen or one A6 sheet, and in one code for a camera."""

from markupsafe import Markup

from fieldref.guide.pages import Page
from fieldref.languages import language
from fieldref.paper import qr, words
from fieldref.paper.carried import essence, message, plain
from fieldref.settings import Settings

CODE_MM = 30  # on a screen; read in the hand, from about 30 cm
MUCH = 450  # letters, beyond which an A6 sheet needs smaller ones


def card_html(page: Page, settings: Settings) -> Markup:
    """Return the card of *page* as one <article>, for a page that links static/keep.css: on a screen as on paper."""
    seen = essence(page)
    said = card_words(page, settings)
    return words.render(
        "card.html",
        page.language,
        page=page,
        place=settings,
        language=language(page.language),
        checked=words.day(page.checked, page.language),
        essence=seen,
        dense=sum(map(len, map(plain, (seen.lead, seen.steps, *seen.warnings)))) > MUCH,
        qr=qr.svg(said, error="M", label=said, code_mm=CODE_MM),
    )


def card_words(page: Page, settings: Settings) -> str:
    """Return what the code on the card says: title, as much of the lead as fits, and the emergency number."""
    return message(page.title, plain(essence(page).lead), settings.emergency_number)
