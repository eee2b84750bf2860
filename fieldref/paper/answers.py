"""The answer sheet: the slip codes that were sent to one service, with boxes for what came of each. Codes, no more."""

from collections.abc import Iterable
from datetime import date

from markupsafe import Markup

from fieldref.languages import language
from fieldref.paper import words
from fieldref.settings import Settings
from fieldref.vocabulary import REASONS, STATUSES

PER_SHEET = 20


def answers_html(settings: Settings, code: str, service: str, codes: Iterable[str], today: date) -> Markup:
    """Return A4 sheets in the language *code* for *service* (its name), as one <div> for a page with static/pad.css.

    Every printed slip code of *codes* has a row. They are sorted: their order tells nothing.
    """
    rows = sorted(codes)
    return words.render(
        "answers.html",
        code,
        language=language(code),
        place=settings,
        service=service,
        statuses=STATUSES,
        reasons=REASONS,
        sheets=[rows[start : start + PER_SHEET] for start in range(0, len(rows), PER_SHEET)],
        printed=words.day(today, code),
    )
