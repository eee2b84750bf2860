"""The pictograms of static/icons.svg, drawn where they stand: one answer is the whole page, paper looks nothing up."""

import re
from functools import cache

from markupsafe import Markup

from fieldref.folders import folder

SYMBOL = re.compile(r'<symbol id="([a-z_]+)" viewBox="0 0 24 24">(.*?)</symbol>', re.DOTALL)
PEN = ' fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'


@cache
def _shapes() -> dict[str, str]:
    return dict(SYMBOL.findall((folder("static") / "icons.svg").read_text("utf-8")))


def is_icon(name: str) -> bool:
    """Whether there is a pictogram *name*."""
    return name in _shapes()


def icon(name: str, *, mirrored: bool = False, turned: int | None = None, look: str = "", pen: bool = False) -> Markup:
    """The pictogram *name*, always beside a word and so hidden from screen readers.

    *mirrored* ones point the other way in right-to-left pages; *turned* ones by so many degrees clockwise. *look*
    adds a class of the style sheet; *pen* draws without one. Raises KeyError for a pictogram that is not there.
    """
    shape = _shapes()[name]
    if turned is not None:
        shape = f'<g transform="rotate({turned} 12 12)">{shape}</g>'
    classes = " ".join(filter(None, ("i", "m" if mirrored else "", look)))
    drawn = f'<svg class="{classes}" viewBox="0 0 24 24" aria-hidden="true"{PEN if pen else ""}>{shape}</svg>'
    # Our own file and numbers, nothing from outside.
    return Markup(drawn)  # noqa: S704
