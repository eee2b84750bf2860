"""Sizes of paper: how large a poster is drawn on each, how many on a sheet, and from how far its codes are read."""

from dataclasses import dataclass

from fieldref.vocabulary import N_

READ_FROM = 10  # a camera reads a code from ten times its width
WALL_MODULE_MM, HAND_MODULE_MM = 1.0, 0.4  # what cameras of old phones tell apart, on a wall and in the hand
# The width of a code on A4, by the number of languages that share the sheet.
CODE_MM = {1: 88.0, 2: 86.0, 3: 84.0, 4: 84.0, 5: 78.0, 6: 78.0}
CROWDED = 0.9  # of it, where there is much above the codes
ALONE_MM = 115.0  # where there is one code and no more
STICKER_MM = 19.0
MOST_LANGUAGES = 6


@dataclass(frozen=True)
class Paper:
    """One choice of paper: `width` and `height` of a poster in millimetres, `scale` beside A4.

    `sheet` names what goes into the printer, with `columns` x `rows` of them; `wall` if it hangs on one.
    """

    code: str
    name: str
    sheet: str
    width: float
    height: float
    scale: float
    columns: int = 1
    rows: int = 1
    wall: bool = True

    @property
    def number(self) -> int:
        """How many equal ones are on a sheet."""
        return self.columns * self.rows

    def code_mm(self, languages: int, codes: int, *, crowded: bool = False) -> float:
        """The width of the black part of each of so many *codes*, with so many *languages* beside them."""
        if self.code == "stickers":
            return STICKER_MM
        width = CODE_MM[languages] if codes > 1 else ALONE_MM
        return round(width * (CROWDED if crowded else 1) * self.scale, 1)

    @property
    def module_mm(self) -> float:
        """How wide the squares of a code must be at least."""
        return WALL_MODULE_MM if self.wall else HAND_MODULE_MM


HALF = 0.5**0.5
PAPERS = (
    Paper("a4", "A4", "A4", 210, 297, 1),
    Paper("a3", "A3", "A3", 297, 420, 1 / HALF),
    Paper("a5", "A5", "A5", 148, 210, HALF),
    Paper("a6", "A6", "A6", 105, 148, 0.5, wall=False),
    Paper("cards", N_("4 cards on A4"), "A4", 105, 148, 0.5, 2, 2, wall=False),
    Paper("stickers", N_("24 stickers on A4"), "A4", 70, 37, 0.5, 3, 8, wall=False),
)
PAPER_BY_CODE = {paper.code: paper for paper in PAPERS}
SHEETS = {"A3": (297, 420), "A4": (210, 297), "A5": (148, 210), "A6": (105, 148)}
