"""A poster as PDF, for a print shop or a machine without a browser: the same as the HTML, drawn by fieldref itself.

All posters, cards and stickers can be had so. Slips, pads and answer sheets are printed from the browser.
"""

from fieldref.paper import qr
from fieldref.paper.drawing import Sheet
from fieldref.paper.fonts import script_of
from fieldref.paper.papers import SHEETS
from fieldref.paper.pictures import picture
from fieldref.paper.posters import Note, Poster, Step
from fieldref.paper.subjects import Said
from fieldref.paper.words import said

EDGE, TOP, FOOT = 14.0, 9.0, 6.0  # mm of A4, as static/poster.css has them
GAP = 15.0  # between a code and its words
TITLE = {1: 12.0, 2: 9.0, 3: 6.8, 4: 6.2, 5: 6.2, 6: 6.2}
LINE = {1: 8.0, 2: 6.8, 3: 5.6, 4: 5.6, 5: 4.7, 6: 4.7}
NOTE = {1: 5.0, 2: 5.0, 3: 4.0, 4: 4.0, 5: 3.4, 6: 3.4}
MARK, PICTURE, NUMBER, BIG = 24.0, (42.0, 28.0), 17.0, 26.0
SMALL = 3.3
WHITE = qr.QUIET_ZONE


def pdf(made: Poster, *, shaped: bool = True) -> bytes:
    """Return the sheet of *made*. Raises Refusal where the extra `pdf` or a font is missing.

    Letters that are not *shaped* are wrong in many scripts; a test sees that it would notice.
    """
    paper = made.paper
    sheet = Sheet(*SHEETS[paper.sheet], [script_of(each) for each in made.languages], shaped=shaped)
    sheet.pdf.set_title(made.subject.titles[0].text)
    sheet.pdf.set_lang(made.languages[0].tag)
    for row in range(paper.rows):
        for column in range(paper.columns):
            mirrored = made.languages[0].direction == "rtl" and paper.code != "stickers"
            x, y = column * paper.width, row * paper.height
            scale = 1.0 if paper.code == "stickers" else paper.scale
            sheet.begin(x, y, paper.width, scale, mirrored=mirrored)
            (_sticker if paper.code == "stickers" else _poster)(sheet, made)
    return sheet.finish()


def _poster(sheet: Sheet, made: Poster) -> None:
    top = _header(sheet, made)
    bottom = _foot(sheet, made)
    if len(made.steps) == 1:
        _step(sheet, made, made.steps[0], top, bottom - top)
        return
    code = made.code_mm / sheet.scale
    white = [WHITE * code / qr.modules(step.says, made.error) for step in made.steps]
    spare = max(0, bottom - top - 2 * code - white[0] - max(white) - white[1]) / 3
    for step, above in zip(made.steps, (top + white[0] + spare, bottom - white[1] - spare - code), strict=True):
        _step(sheet, made, step, above, code)


def _header(sheet: Sheet, made: Poster) -> float:
    """Draw the subject; return where it ends."""
    many, about = len(made.languages), made.subject
    sheet.icon(about.icon, EDGE, TOP, MARK)
    left = EDGE + MARK + 5
    if made.logo:
        sheet.picture(made.logo.content, left, TOP + 1, 40, MARK - 2)
        left += 45
    right = sheet.width - EDGE
    if about.figures:
        big = Said(about.figures, "en")
        right -= sheet.long(big, BIG, bold=True) + 3
        sheet.text(big, right + 3, TOP, sheet.width - EDGE - right - 3, BIG, bold=True, leading=1, align="R")
    columns = 2 if many > 3 else 1
    wide = (right - left) / columns - 2
    size = TITLE[many] * (0.75 if about.crowded else 1)
    size = min(size, 6.8) if about.figures else size
    y = TOP
    for first in range(0, len(about.titles), columns):
        row = about.titles[first : first + columns]
        y = max(
            sheet.text(each, left + number * (wide + 2), y, wide, size, bold=True) for number, each in enumerate(row)
        )
    y = max(y, TOP + MARK) + 2
    x = EDGE
    for fact in about.facts:
        words = Said(fact.text, "en")
        long = sheet.long(words, 5.2, bold=True) + 1
        if x > EDGE and x + 9 + long > sheet.width - EDGE:
            x, y = EDGE, y + 8
        sheet.icon(fact.icon, x, y, 7)
        sheet.text(words, x + 9, y, min(long, sheet.width - EDGE - x - 9), 5.2, bold=True)
        x += 9 + long + 7
    y += 8 if about.facts else 1
    sheet.line(y, 1, EDGE)
    return y + 1


def _step(sheet: Sheet, made: Poster, step: Step, top: float, high: float) -> None:
    """Draw one thing to do into *high* millimetres: the code, and its words beside it or, where it is alone, below."""
    code, many = made.code_mm / sheet.scale, len(made.languages)
    alone = len(made.steps) == 1
    if alone:
        x, wide = EDGE + 16, sheet.width - 2 * EDGE - 32
        sheet.code(step.says, made.error, (sheet.width - code) / 2, top + 14, code)
        y = top + code + 24
    else:
        x, wide = EDGE + code + GAP, sheet.width - 2 * EDGE - code - GAP
        sheet.code(step.says, made.error, EDGE, top + (high - code) / 2, code)
        y = top + (high - _words_high(sheet, made, step, wide)) / 2
    if step.number:
        sheet.ring(x, y + 5.5, NUMBER, 1.2)
        sheet.text(Said(step.number, "en"), x, y + 8.5, NUMBER, 11, bold=True, leading=1, align="C")
    rtl = made.languages[0].direction == "rtl"
    across = x + (wide - PICTURE[0]) / 2 if alone else x + wide - PICTURE[0] if step.number else x
    sheet.drawing(picture(step.picture, mirrored=rtl), across, y, *PICTURE)
    y = sheet.texts(step.lines, x, y + PICTURE[1] + 2, wide, LINE[many], bold=True, align="C" if alone else "")
    if step.typed:
        sheet.icon("keyboard", x, y, 8)
        if many == 1:
            sheet.text(step.under[0], x + 10, y + 1, wide - 10, 4.6)
        y += 8
    y = _frame(sheet, step, x, y + 1.5, wide)
    if step.number == "1":
        _password(sheet, made, step, x, y + 1.5, wide)


def _lines(sheet: Sheet, step: Step, wide: float) -> list[Said]:
    """What stands in the frame, line by line; an address breaks only before a stroke."""
    lines: list[str] = []
    for part in step.framed:
        if step.typed and lines and sheet.long(Said(lines[-1] + part, "en"), 6, bold=True) < wide:
            lines[-1] += part
        else:
            lines.append(part)
    return [Said(line, "en") for line in lines]


def _words_high(sheet: Sheet, made: Poster, step: Step, wide: float) -> float:
    many = len(made.languages)
    lines = sum(sheet.height(each, wide, LINE[many], bold=True) for each in step.lines)
    framed = sum(sheet.height(line, wide - 5, 6, bold=True) for line in _lines(sheet, step, wide - 5)) + 3
    return PICTURE[1] + 2 + lines + framed + 3 + (8 if step.typed else 12 if step.number else 0)


def _frame(sheet: Sheet, step: Step, x: float, y: float, wide: float) -> float:
    """What the code says, to be typed or compared; it reads from left to right everywhere but a name's own letters."""
    bottom = sheet.texts(_lines(sheet, step, wide - 5), x + 2.5, y + 1.5, wide - 5, 6, bold=True, align="L") + 1.5
    sheet.frame(x, y, wide, bottom - y, 0.8, 2)
    return bottom


def _password(sheet: Sheet, made: Poster, step: Step, x: float, y: float, wide: float) -> None:
    many = len(made.languages)
    if step.password:
        sheet.icon("lock", x, y, 8)
        sheet.text(Said(step.password, "en"), x + 10, y + 0.5, wide - 10, 5.5, bold=True, align="L")
        return
    size = 4.6 if many < 4 else 3.4
    columns = 1 if many < 3 else 2
    for number, each in enumerate(step.under):
        column, row = number % columns, number // columns
        sheet.text(each, x + column * wide / columns, y + row * size * 1.3, wide / columns - 1, size)


def _foot(sheet: Sheet, made: Poster) -> float:
    """Draw the notes and the small print at the foot; return where they begin."""
    high = made.paper.height / sheet.scale - FOOT
    size = max(SMALL, 2.1 / sheet.scale)
    parts = _small_print(made)
    wide = (sheet.width - 2 * EDGE) / len(parts)
    line = high - size * 2.6
    for number, (words, figures) in enumerate(parts):
        x, spoken = EDGE + number * wide, Said(words, made.languages[0].code)
        sheet.text(spoken, x, line + 1, wide - 1, size)
        if figures:  # apart from the words: from right to left a date would be read back to front
            after = sheet.long(spoken, size) + 1
            sheet.text(Said(figures, "en"), x + after, line + 1, wide - after, size, align=sheet.side)
    sheet.line(line, 0.5, EDGE)
    return line - _notes(sheet, made.notes, line, len(made.languages))


def _small_print(made: Poster) -> list[tuple[str, str]]:
    """Words in the sheet's first language, each with figures after it or none."""
    code = made.languages[0].code
    camera = said("Camera: up to %(metres)s m", code) % {"metres": made.read_from_m}
    guide = [(said("Guide:", code), made.guide)] if made.guide else []
    return [(made.place, ""), *guide, (said("Printed:", code), made.printed.isoformat()), (camera, "")]


def _notes(sheet: Sheet, notes: tuple[Note, ...], bottom: float, many: int) -> float:
    """Draw the notes side by side so that they end at *bottom*; return how high they are."""
    if not notes:
        return 2
    wide = (sheet.width - 2 * EDGE) / len(notes)
    letters = wide - 20
    high = max(sum(sheet.height(each, letters, NOTE[many]) for each in note.lines) for note in notes)
    high = max(high, 13)
    for number, note in enumerate(notes):
        x, own = EDGE + number * wide, sum(sheet.height(each, letters, NOTE[many]) for each in note.lines)
        sheet.icon(note.icon, x, bottom - 2 - (high + 13) / 2, 13)
        sheet.texts(note.lines, x + 16, bottom - 2 - (high + own) / 2, letters, NOTE[many])
    return high + 4


def _sticker(sheet: Sheet, made: Poster) -> None:
    """One of 70 x 37 mm: two codes with their numbers, or one and what it is about."""
    if len(made.steps) == 2 and made.steps[0].number:
        for step, x in zip(made.steps, (9.5, 41.5), strict=True):
            about = made.subject.icon if made.subject.icon != "wifi" else "browser"
            sheet.text(Said(step.number, "en"), x + 4, 4, 5, 3.6, bold=True, leading=1)
            sheet.icon("wifi" if step.picture == "join" else about, x + 9, 3.7, 4.2)
            sheet.code(step.says, made.error, x, 10.5, made.code_mm)
            sheet.text(Said("".join(step.framed), "en"), x - 5.5, 31.5, 30, 2.1, bold=True, leading=1.1, align="C")
        return
    step = made.steps[0]
    sheet.code(step.says, made.error, 9.5, 9, made.code_mm)
    sheet.icon(made.subject.icon, 37, 5, 6)
    y = sheet.texts(made.subject.titles[:3], 37, 11.5, 29, 2.9, bold=True)
    framed = "".join(step.framed)
    sheet.text(Said(framed, "en"), 37, y, 29, 5.5 if len(framed) < 9 else 2.4, bold=True, align="L")
