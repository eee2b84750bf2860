"""What a poster as PDF is drawn with: letters in every script, codes and pictograms, in millimetres of A4.

fpdf2 puts them on the page, HarfBuzz joins and orders the letters; both come with the extra `pdf`.
"""

import io
from collections.abc import Iterable
from typing import Any

from fieldref.icons import icon
from fieldref.languages import SOURCE, language
from fieldref.paper import qr
from fieldref.paper.fonts import LATIN, font, script_of
from fieldref.paper.subjects import Said
from fieldref.refusal import Refusal

SVG_START = '<svg xmlns="http://www.w3.org/2000/svg"'
POINT = 25.4 / 72  # mm
OVERLAP = 0.02  # of a square: rectangles that only touch show as hairlines in some viewers


class Sheet:
    """A PDF page of *width* x *height* mm to draw on. Places are in A4 millimetres from `at`, times `scale`.

    `mirrored` counts from the right: what begins at x ends there.
    """

    def __init__(self, width: float, height: float, scripts: Iterable[str], *, shaped: bool = True) -> None:
        """Raises Refusal where the extra is not installed, or a font is missing."""
        try:
            from fpdf import FPDF
        except ImportError:
            raise Refusal("PDF needs more: pip install 'fieldref[pdf]' (or print the HTML from a browser)") from None
        self.pdf: Any = FPDF(unit="mm", format=(width, height))
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.c_margin = 0
        self.pdf.add_page()
        self.shaped = shaped
        self.at, self.scale, self.width, self.mirrored = (0.0, 0.0), 1.0, width, False
        needed = [font(script) for script in dict.fromkeys((LATIN, *scripts))]
        for each in needed:
            self.pdf.add_font(each.script, "", each.regular)
            self.pdf.add_font(each.script, "B", each.bold)
        self.pdf.set_fallback_fonts([each.script for each in needed], exact_match=False)

    def finish(self) -> bytes:
        """Return the PDF, and let go of the fonts."""
        made = bytes(self.pdf.output())
        for each in self.pdf.fonts.values():
            each.close()
        return made

    @property
    def side(self) -> str:
        """Where lines begin: L, or R where the sheet is mirrored."""
        return "R" if self.mirrored else "L"

    def begin(self, x: float, y: float, width: float, scale: float, *, mirrored: bool) -> None:
        """From now on draw a poster that lies at *x*, *y* (mm) and is *width* mm wide."""
        self.at, self.scale, self.width, self.mirrored = (x, y), scale, width / scale, mirrored

    def height(self, said: Said, width: float, size: float, *, bold: bool = False, leading: float = 1.3) -> float:
        """How high *said* is in lines of *width*, its letters *size* high."""
        self._letters(said, size, bold)
        lines = self._cell(said, width, size * leading, "L", dry_run=True, output="LINES")
        return len(lines) * size * leading

    def text(
        self, said: Said, x: float, y: float, width: float, size: float,
        *, bold: bool = False, leading: float = 1.3, align: str = "",
    ) -> float:  # fmt: skip
        """Write *said* into lines of *width* from its own side (or *align* L, C, R), and return where they end."""
        self._letters(said, size, bold)
        self.pdf.set_xy(self._x(x, width), self.at[1] + y * self.scale)
        self._cell(said, width, size * leading, align or ("R" if _rtl(said) else "L"))
        return y + self.height(said, width, size, bold=bold, leading=leading)

    def texts(self, every: Iterable[Said], x: float, y: float, width: float, size: float, **look: Any) -> float:
        """Write all of *every*, one under the other, and return where they end."""
        for said in every:
            y = self.text(said, x, y, width, size, **look)
        return y

    def long(self, said: Said, size: float, *, bold: bool = False) -> float:
        """How long *said* is in one line."""
        self._letters(said, size, bold)
        return float(self.pdf.get_string_width(said.text)) / self.scale

    def code(self, data: str, error: qr.Error, x: float, y: float, width: float) -> None:
        """Draw the code for *data*, its black part *width* wide; what is around it must be white."""
        rows = qr.matrix(data, error)
        square = width / len(rows) * self.scale
        left, top = self._x(x, width), self.at[1] + y * self.scale
        self.pdf.set_fill_color(0)
        for row, modules in enumerate(rows):
            for begins, length in qr.runs(modules):
                high = square * (1 + OVERLAP)
                self.pdf.rect(left + begins * square, top + row * square, length * square, high, style="F")

    def drawing(self, svg: str, x: float, y: float, width: float, height: float) -> None:
        """Draw our own *svg* into *width* x *height*."""
        whole = (
            str(svg).replace("<svg", SVG_START, 1).replace("currentColor", "#000000").replace(' aria-hidden="true"', "")
        )
        self._image(whole.encode(), x, y, width, height)

    def icon(self, name: str, x: float, y: float, size: float) -> None:
        """Draw the pictogram *name*."""
        self.drawing(icon(name, pen=True), x, y, size, size)

    def picture(self, content: bytes, x: float, y: float, width: float, height: float) -> None:
        """Draw a society's own mark as large as fits into *width* x *height*."""
        self._image(content, x, y, width, height, keep_aspect_ratio=True)

    def line(self, y: float, thick: float, margin: float) -> None:
        """Draw a line across, *margin* from both sides."""
        self.pdf.set_line_width(thick * self.scale)
        left, right = margin * self.scale, (self.width - margin) * self.scale
        across = self.at[1] + y * self.scale
        self.pdf.line(self.at[0] + left, across, self.at[0] + right, across)

    def ring(self, x: float, y: float, width: float, thick: float) -> None:
        """Draw a circle as a line."""
        self.pdf.set_line_width(thick * self.scale)
        self.pdf.ellipse(self._x(x, width), self.at[1] + y * self.scale, width * self.scale, width * self.scale)

    def frame(self, x: float, y: float, width: float, height: float, thick: float, round_: float) -> None:
        """Draw a frame with round corners."""
        self.pdf.set_line_width(thick * self.scale)
        left, top = self._x(x, width), self.at[1] + y * self.scale
        scale = self.scale
        self.pdf.rect(left, top, width * scale, height * scale, round_corners=True, corner_radius=round_ * scale)

    def _x(self, x: float, width: float) -> float:
        left = self.width - x - width if self.mirrored else x
        return self.at[0] + left * self.scale

    def _letters(self, said: Said, size: float, bold: bool) -> None:
        spoken = language(said.language)
        self.pdf.set_font(script_of(spoken), "B" if bold else "", size * self.scale / POINT)
        if self.shaped:
            self.pdf.set_text_shaping(True, direction=spoken.direction, language=spoken.tag)

    def _cell(self, said: Said, width: float, high: float, align: str, **more: Any) -> Any:
        # A little wider than asked: a line that just fits must not break for a rounding.
        return self.pdf.multi_cell(
            width * self.scale + 0.01, high * self.scale, said.text, align=align, wrapmode=_wrap(said), **more
        )

    def _image(self, content: bytes, x: float, y: float, width: float, height: float, **more: Any) -> None:
        scale = self.scale
        self.pdf.image(
            io.BytesIO(content), self._x(x, width), self.at[1] + y * scale, width * scale, height * scale, **more
        )


def _rtl(said: Said) -> bool:
    return language(said.language).direction == "rtl"


def _wrap(said: Said) -> str:
    return "CHAR" if said.language == SOURCE.code and " " not in said.text else "WORD"
