"""A sketch of where the places of a list are: the safe-point a star, the places numbered dots, rings of walking time.

It knows distances and directions and nothing else, so it shows no street. North is up, and it is never mirrored.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import Markup

from fieldref.guide.geography import WALKED_IN_A_MINUTE

HERE = 30  # metres: nearer than that is the safe-point itself
FAR = 60 * WALKED_IN_A_MINUTE  # metres; nobody walks further by a sketch
MOST = 12  # dots that can still be told apart
WIDTH, LEAST_HEIGHT, MOST_HEIGHT, MARGIN = 320, 140, 240, 30
DOT, APART = 11, 24  # radius of a dot; from the middle of one to that of the next
STEPS = (1, 2, 3, 5, 10, 15, 20, 30)  # minutes from ring to ring
MOST_RINGS = 3
LABEL = 22  # pixels that the name of a ring needs around its middle
NORTH_DOWN = 30  # pixels from the top to the middle of the arrow
STAR = "M0-13 3-4 12-4 5 2 8 11 0 6-8 11-5 2-12-4-3-4z"
# To the right and down, from the place itself outwards: where a dot may stand if another stands there.
AROUND = tuple(
    (distance * math.sin(math.radians(angle)), -distance * math.cos(math.radians(angle)))
    for distance in (0, APART, 2 * APART)
    for angle in (range(0, 360, 30) if distance else (0,))
)
PICTURE = Markup(
    '<svg viewBox="0 0 {} {}" direction="ltr" aria-hidden="true"><g transform="translate({} {})">{}</g>'
    '<g transform="translate({} 12)"><path class="north" d="M0 22V0M-5 6 0 0l5 6"/><text y="36">N</text></g></svg>'
)

Spot = tuple[float, float]
"""Right and down from the safe-point: metres on the ground, pixels on the sketch."""


@dataclass(frozen=True)
class Dot:
    """One place: what stands in it, metres from the safe-point as the crow flies, degrees clockwise from north."""

    label: str
    metres: float
    bearing: float

    @property
    def spot(self) -> Spot:
        """Where it is, in metres."""
        angle = math.radians(self.bearing)
        return self.metres * math.sin(angle), -self.metres * math.cos(angle)


@dataclass(frozen=True)
class Frame:
    """The picture: pixels a metre, its height, and where in it the safe-point stands."""

    scale: float
    height: float
    left: float
    top: float

    def holds(self, spot: Spot, room: float = DOT + 1) -> bool:
        """Whether *spot* (pixels) is in the picture with *room* around it."""
        x, y = spot[0] + self.left, spot[1] + self.top
        return room <= x <= WIDTH - room and room <= y <= self.height - room


def sketch(dots: Iterable[Dot], minutes: Callable[[int], str] = str) -> Markup:
    """Return an SVG picture of *dots*, or nothing where there is no place to walk to.

    *minutes* writes a walking time in the reader's language. Dots keep apart: two places at one address stand
    side by side. It is hidden from screen readers: the cards say the same in words.
    """
    near = [dot for dot in dots if dot.metres <= FAR][:MOST]
    farthest = max((dot.metres for dot in near), default=0)
    if farthest <= HERE:
        return Markup()
    frame = _framed([dot.spot for dot in near])
    placed = _placed(near, frame)
    step = next((each for each in STEPS if farthest / WALKED_IN_A_MINUTE <= each * (MOST_RINGS + 0.5)), STEPS[-1])
    count = max(1, round(farthest / WALKED_IN_A_MINUTE / step))
    rings = {step * n: step * n * WALKED_IN_A_MINUTE * frame.scale for n in range(1, count + 1)}
    numbered = list(zip((dot.label for dot in near), placed, strict=True))
    return _drawn(frame, rings, numbered, minutes)


def _framed(spots: list[Spot]) -> Frame:
    """As large as the spots and the star allow, and they in the middle."""
    across, down = zip((0.0, 0.0), *spots, strict=True)
    width, height = max(across) - min(across), max(down) - min(down)
    inner = WIDTH - 2 * MARGIN, MOST_HEIGHT - 2 * MARGIN
    scale = min(inner[0] / max(width, 1), inner[1] / max(height, 1))
    tall = max(LEAST_HEIGHT, height * scale + 2 * MARGIN)
    left = WIDTH / 2 - (max(across) + min(across)) / 2 * scale
    return Frame(scale, tall, left, tall / 2 - (max(down) + min(down)) / 2 * scale)


def _placed(dots: list[Dot], frame: Frame) -> list[Spot]:
    """Where each dot stands, in pixels: at its place, or beside it where another stands already."""
    taken: list[Spot] = [(0.0, 0.0)]
    for dot in dots:
        x, y = (each * frame.scale for each in dot.spot)
        beside = [(x + right, y + down) for right, down in AROUND]
        free = (spot for spot in beside if frame.holds(spot) and _room(spot, taken) >= APART)
        taken.append(next(free, (x, y)))
    return taken[1:]


def _room(spot: Spot, taken: Iterable[Spot]) -> float:
    return min(math.dist(spot, other) for other in taken)


def _drawn(
    frame: Frame, rings: dict[int, float], numbered: list[tuple[str, Spot]], minutes: Callable[[int], str]
) -> Markup:
    spots = [(0.0, 0.0), *(spot for _, spot in numbered)]
    north = _north(frame, spots)
    angle = _free_angle(frame, list(rings.values()), [*spots, (north - frame.left, NORTH_DOWN - frame.top)])
    shapes = [Markup('<circle class="ring" r="{:.0f}"/>').format(radius) for radius in rings.values()]
    for walked, radius in rings.items():
        x, y = radius * math.sin(angle), -radius * math.cos(angle)
        if frame.holds((x, y), LABEL):
            shapes.append(Markup('<text x="{:.0f}" y="{:.0f}">{}</text>').format(x, y + 4, minutes(walked)))
    shapes.append(Markup('<path class="star" d="{}"/>').format(STAR))
    for label, (x, y) in numbered:
        shapes.append(Markup('<circle class="dot" cx="{:.0f}" cy="{:.0f}" r="{}"/>').format(x, y, DOT))
        if label:
            shapes.append(Markup('<text class="on" x="{:.0f}" y="{:.0f}">{}</text>').format(x, y + 5, label))
    return PICTURE.format(
        WIDTH, round(frame.height), round(frame.left), round(frame.top), Markup("").join(shapes), north
    )


def _free_angle(frame: Frame, radii: list[float], spots: list[Spot]) -> float:
    """The direction in which the most rings can be named with the most room around the names."""

    def worth(angle: float) -> tuple[int, float]:
        names = [(radius * math.sin(angle), -radius * math.cos(angle)) for radius in radii]
        shown = [name for name in names if frame.holds(name, LABEL) and _room(name, spots) >= LABEL]
        return len(shown), min((_room(name, spots) for name in names), default=0)

    return max((math.radians(degrees) for degrees in range(0, 360, 15)), key=worth)


def _north(frame: Frame, spots: list[Spot]) -> int:
    """How far right the arrow to the north stands: in the upper corner that is freer."""
    return max((16, WIDTH - 16), key=lambda x: _room((x - frame.left, NORTH_DOWN - frame.top), spots))
