"""Pictures of what to do with a phone, for somebody who cannot read: each is drawn once, for HTML and for PDF alike.

Every one is 150 x 100, black lines without fill, and read from left to right: the phone's camera looks at a code, and
then the phone shows what comes of it.
"""

from functools import cache

from markupsafe import Markup

from fieldref.icons import icon

PEN = 'fill="none" stroke="#000" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"'
PHONE = '<path d="M12 3h36a9 9 0 0 1 9 9v76a9 9 0 0 1-9 9H12a9 9 0 0 1-9-9V12a9 9 0 0 1 9-9zM25 90h10"/>'
# The camera's frame, and in it the three corners by which everybody knows such a code.
LOOKING = (
    '<path d="M12 32v-9h9M39 23h9v9M48 59v9h-9M21 68h-9v-9"/>'
    '<path d="M19 30h8v8h-8zM33 30h8v8h-8zM19 52h8v8h-8zM34 53h7M41 60h-8"/>'
)
ARROW = '<path d="M64 50h18M75 42l8 8-8 8"/>'
SHOWN = {
    "join": '<path d="M14 40a23 23 0 0 1 32 0M19 49a15 15 0 0 1 22 0M25 58a8 8 0 0 1 10 0M30 67h.1M22 78l5 5 11-10"/>',
    "open": '<path d="M14 20h32M14 33h32M14 46h32M14 59h32M14 72h18"/>',
}
ICONS = {"call": "phone", "say": "pin"}


@cache
def picture(name: str, *, mirrored: bool = False) -> Markup:
    """Return the picture *name* (join, open, call, say) as SVG; a *mirrored* one is read from right to left."""
    if name in ICONS:
        shown = f'<g transform="translate(9 26) scale(1.75)" stroke-width="2.6">{_inside(ICONS[name])}</g>'
    else:
        shown = SHOWN[name]
    drawn = f'{PHONE}{LOOKING}{ARROW}<g transform="translate(90 0)">{PHONE}{shown}</g>'
    if mirrored:
        drawn = f'<g transform="translate(150 0) scale(-1 1)">{drawn}</g>'
    return Markup(f'<svg class="picture" viewBox="0 0 150 100" aria-hidden="true" {PEN}>{drawn}</svg>')  # noqa: S704


def _inside(name: str) -> str:
    """The shapes of a pictogram, without what is around them."""
    drawn = str(icon(name))
    return drawn[drawn.index(">") + 1 : drawn.rindex("</svg>")]
