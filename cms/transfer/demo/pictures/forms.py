"""Shapes that several scenes share: ridges, trees, masts, wires, boats, birds, houses and small figures."""

import itertools
import math
from collections.abc import Sequence
from random import Random

from .canvas import Canvas, Colour, Paint, Point, down, mix


def ridge(
    random: Random, *, base: float, height: float, width: float = 2000, detail: int = 6, cells: int = 3
) -> list[Point]:
    """The upper edge of hills from left to right: smooth noise with finer noise on top."""
    rows = []
    for octave in range(detail):
        count = cells * 2**octave + 2
        rows.append([random.uniform(-1, 1) for _ in range(count)])
    points = []
    steps = 260
    for step in range(steps + 1):
        place = step / steps
        value = 0.0
        for octave, row in enumerate(rows):
            at = place * (len(row) - 1.001)
            left = int(at)
            ease = (1 - math.cos((at - left) * math.pi)) / 2
            value += (row[left] * (1 - ease) + row[left + 1] * ease) * 0.5**octave
        points.append((place * (width + 40) - 20, base - height * value))
    return points


def height_at(points: list[Point], x: float) -> float:
    """How high a ridge stands at this place."""
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        if x1 <= x <= x2:
            return y1 + (y2 - y1) * (x - x1) / max(x2 - x1, 0.001)
    return points[-1][1]


def land(
    canvas: Canvas, points: Sequence[Point], paint: Paint, *, wash: float = 0.06, bottom: float | None = None
) -> None:
    """Fill everything under a ridge."""
    floor = canvas.height + 5 if bottom is None else bottom
    canvas.fill(canvas.polygon([*points, (points[-1][0], floor), (points[0][0], floor)]), paint, wash=wash)


def curve(*anchors: Point, steps: int = 14) -> list[Point]:
    """A smooth line through these points."""
    points: list[Point] = []
    line = [anchors[0], *anchors, anchors[-1]]
    for index in range(1, len(line) - 2):
        p0, p1, p2, p3 = line[index - 1 : index + 3]
        for step in range(steps):
            t = step / steps
            points.append(
                tuple(  # type: ignore[arg-type]
                    0.5
                    * (
                        2 * p1[axis]
                        + (p2[axis] - p0[axis]) * t
                        + (2 * p0[axis] - 5 * p1[axis] + 4 * p2[axis] - p3[axis]) * t * t
                        + (3 * p1[axis] - p0[axis] - 3 * p2[axis] + p3[axis]) * t**3
                    )
                    for axis in (0, 1)
                )
            )
    points.append(anchors[-1])
    return points


def blob(*anchors: Point, steps: int = 12) -> list[Point]:
    """A smooth closed outline through these points."""
    count = len(anchors)
    ring = [anchors[-1], *anchors, anchors[0], anchors[1]]
    points: list[Point] = []
    for index in range(1, count + 1):
        p0, p1, p2, p3 = ring[index - 1 : index + 3]
        for step in range(steps):
            t = step / steps
            points.append(
                tuple(  # type: ignore[arg-type]
                    0.5
                    * (
                        2 * p1[axis]
                        + (p2[axis] - p0[axis]) * t
                        + (2 * p0[axis] - 5 * p1[axis] + 4 * p2[axis] - p3[axis]) * t * t
                        + (3 * p1[axis] - p0[axis] - 3 * p2[axis] + p3[axis]) * t**3
                    )
                    for axis in (0, 1)
                )
            )
    return points


def pine(random: Random, x: float, y: float, height: float) -> list[Point]:
    """The outline of a conifer standing at this point."""
    left, right = [], []
    tiers = 7
    for tier in range(tiers):
        share = (tier + 1) / tiers
        wide = height * 0.2 * share * random.uniform(0.8, 1.15)
        at = y - height + height * 0.93 * share
        left += [(x - wide, at), (x - wide * 0.5, at - height * 0.025)]
        right += [(x + wide, at), (x + wide * 0.5, at - height * 0.025)]
    return [(x, y - height), *left, (x - 3, y), (x + 3, y), *reversed(right)]


def forest(
    canvas: Canvas, points: list[Point], paint: Paint, *, count: int, size: tuple[float, float]
) -> None:
    """Conifers along a ridge."""
    trees = []
    for _ in range(count):
        x = canvas.random.uniform(-20, canvas.width + 20)
        trees.append(pine(canvas.random, x, height_at(points, x) + 6, canvas.random.uniform(*size)))
    canvas.fill(canvas.polygons(trees), paint)


def round_tree(
    canvas: Canvas, x: float, y: float, size: float, leaf: Colour | str, trunk: Colour | str
) -> None:
    """A broad tree with a lit side."""
    r = canvas.random
    canvas.fill(
        canvas.polygon(
            [
                (x - size * 0.06, y),
                (x - size * 0.03, y - size),
                (x + size * 0.03, y - size),
                (x + size * 0.06, y),
            ]
        ),
        trunk,
    )
    puffs = [
        (
            x + r.uniform(-0.42, 0.42) * size,
            y - size * r.uniform(0.7, 1.35),
            size * r.uniform(0.2, 0.36),
            size * r.uniform(0.17, 0.3),
        )
        for _ in range(11)
    ]
    crown = canvas.fill(canvas.ellipses(puffs), leaf, wash=0.08)
    canvas.shade(crown, mix(leaf, "#0a1020", 0.6), side="bottom", amount=0.75, reach=0.9)
    lit = [(px - rx * 0.25, py - ry * 0.35, rx * 0.55, ry * 0.45) for px, py, rx, ry in puffs[:6]]
    canvas.fill(canvas.ellipses(lit), mix(leaf, "#fff0c0", 0.3), opacity=0.5)


def mast(
    canvas: Canvas, x: float, y: float, height: float, paint: Paint, *, width: float = 0.12, bold: float = 1
) -> None:
    """A lattice mast with antennas near its head."""
    foot = height * width / 2
    strokes = [
        ([(x - foot, y), (x - 2, y - height)], 3.4 * bold),
        ([(x + foot, y), (x + 2, y - height)], 3.4 * bold),
    ]
    levels = 13
    for level in range(levels):
        low, high = level / levels, (level + 1) / levels
        a, b = foot * (1 - low), foot * (1 - high)
        strokes += [
            ([(x - a, y - height * low), (x + b, y - height * high)], 1.7 * bold),
            ([(x + a, y - height * low), (x - b, y - height * high)], 1.7 * bold),
            ([(x - a, y - height * low), (x + a, y - height * low)], 1.5 * bold),
        ]
    strokes.append(([(x, y - height), (x, y - height * 1.12)], 2.4 * bold))
    canvas.fill(canvas.lines(strokes), paint)
    panels = []
    for share, reach in ((0.95, 1), (0.87, 1), (0.78, -1)):
        at = y - height * share
        size = height * 0.05
        for side in (-1, 1) if reach == 1 else (1,):
            left = x + side * (foot * (1 - share) + 8 * bold)
            panels.append(
                [
                    (left - 4 * bold, at - size),
                    (left + 4 * bold, at - size),
                    (left + 4 * bold, at + size),
                    (left - 4 * bold, at + size),
                ]
            )
    canvas.fill(canvas.polygons(panels), paint)
    dish = canvas.ellipse(x - foot * 0.4 - 12 * bold, y - height * 0.68, 13 * bold, 17 * bold)
    canvas.fill(dish, paint)


def wire(first: Point, second: Point, sag: float) -> list[Point]:
    """A hanging cable between two points."""
    points = []
    for step in range(25):
        t = step / 24
        x = first[0] + (second[0] - first[0]) * t
        y = first[1] + (second[1] - first[1]) * t + sag * 4 * t * (1 - t)
        points.append((x, y))
    return points


def bird(x: float, y: float, size: float, lift: float = 0.4) -> list[Point]:
    """A gull far away."""
    return [
        *curve((x - size, y - size * lift * 0.6), (x - size * 0.45, y - size * lift), (x, y)),
        *curve((x, y), (x + size * 0.45, y - size * lift), (x + size, y - size * lift * 0.5)),
    ]


def flock(
    canvas: Canvas, x: float, y: float, count: int, paint: Paint, *, spread: float = 160, size: float = 16
) -> None:
    """A few birds together."""
    r = canvas.random
    strokes = [
        (
            bird(
                x + r.gauss(0, spread),
                y + r.gauss(0, spread * 0.35),
                size * r.uniform(0.6, 1.2),
                r.uniform(0.2, 0.6),
            ),
            size * 0.17,
        )
        for _ in range(count)
    ]
    canvas.fill(canvas.lines(strokes), paint)


def stars(canvas: Canvas, bottom: float, count: int, paint: Paint = "#fff6e0") -> None:
    """A night sky, thinner towards the land."""
    r = canvas.random
    dots = []
    for _ in range(count):
        size = r.choice((0.8, 1, 1, 1.3, 2))
        dots.append((r.uniform(0, canvas.width), bottom * r.random() ** 1.3, size, size))
    canvas.fill(canvas.ellipses(dots), paint, opacity=0.75)


def figure(
    canvas: Canvas,
    x: float,
    y: float,
    height: float,
    *,
    coat: Colour | str,
    legs: Colour | str,
    skin: Colour | str,
    hair: Colour | str,
    lean: float = 0,
    stride: float = 0.1,
    arms: tuple[Point, Point] = ((-0.16, 0.5), (0.16, 0.5)),
    hat: Colour | str | None = None,
    skirt: bool = False,
) -> None:
    """A standing person, feet at this point. Arms are hand places as shares of the height from the feet."""
    head = height * 0.068
    shoulder = (x + lean * height, y - height * 0.8)
    hip = (x + lean * height * 0.4, y - height * 0.46)
    wide = height * 0.105
    limbs = [
        ([hip, (x - stride * height, y)], height * 0.075),
        ([hip, (x + stride * height, y)], height * 0.075),
    ]
    shape = canvas.fill(canvas.lines(limbs), legs)
    canvas.shade(shape, mix(legs, "#05070f", 0.6), amount=0.6)
    hem = wide * (1.5 if skirt else 1.02)
    drop = height * (0.2 if skirt else 0.03)
    for index, (dx, dy) in enumerate(arms):
        side = -1 if index == 0 else 1
        start = (shoulder[0] + side * wide * 0.86, shoulder[1] + height * 0.035)
        end = (x + dx * height, y - dy * height)
        middle = ((start[0] + end[0]) / 2 + side * height * 0.03, (start[1] + end[1]) / 2 + height * 0.02)
        canvas.fill(canvas.line(curve(start, middle, end), height * 0.062), mix(coat, "#0a0c18", 0.22))
        canvas.fill(canvas.ellipse(*end, height * 0.028), skin)
    body = blob(
        (shoulder[0] - wide * 0.7, shoulder[1] - height * 0.02),
        (shoulder[0] + wide * 0.7, shoulder[1] - height * 0.02),
        (shoulder[0] + wide * 1.02, shoulder[1] + height * 0.07),
        (hip[0] + hem, hip[1] + drop),
        (hip[0] - hem, hip[1] + drop),
        (shoulder[0] - wide * 1.02, shoulder[1] + height * 0.07),
    )
    torso = canvas.fill(canvas.polygon(body), coat)
    canvas.shade(torso, mix(coat, "#05070f", 0.6), side="right", amount=0.7)
    top = (shoulder[0] + lean * height * 0.1, shoulder[1] - height * 0.095)
    canvas.fill(
        canvas.line([(top[0], top[1] + head * 0.6), (shoulder[0], shoulder[1])], height * 0.05),
        mix(skin, "#301018", 0.25),
    )
    face = canvas.fill(canvas.ellipse(top[0], top[1], head * 0.84, head), skin)
    canvas.shade(face, mix(skin, "#301018", 0.5), side="right", amount=0.7)
    canvas.within(canvas.ellipse(top[0], top[1], head * 0.92, head * 1.06))
    canvas.fill(canvas.ellipse(top[0] - head * 0.1, top[1] - head * 0.55, head * 1.1, head * 0.75), hair)
    canvas.within(None)
    if hat is not None:
        canvas.fill(
            canvas.polygon(
                blob(
                    (top[0] - head * 1.05, top[1] - head * 0.3),
                    (top[0] - head * 0.7, top[1] - head * 1.2),
                    (top[0] + head * 0.7, top[1] - head * 1.2),
                    (top[0] + head * 1.05, top[1] - head * 0.3),
                )
            ),
            hat,
        )


def house(
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    wall: Colour | str,
    roof: Colour | str,
    lit: Colour | str | None = None,
) -> None:
    """A small gabled house seen from the side, standing at this point."""
    front = canvas.fill(
        canvas.polygon(
            [
                (x, y),
                (x, y - height * 0.6),
                (x + width * 0.3, y - height),
                (x + width * 0.6, y - height * 0.6),
                (x + width * 0.6, y),
            ]
        ),
        wall,
    )
    canvas.shade(front, mix(wall, "#0a1020", 0.5), amount=0.5)
    canvas.fill(
        canvas.polygon(
            [
                (x + width * 0.6, y),
                (x + width * 0.6, y - height * 0.6),
                (x + width, y - height * 0.6),
                (x + width, y),
            ]
        ),
        mix(wall, "#0a1020", 0.3),
    )
    canvas.fill(
        canvas.polygon(
            [
                (x + width * 0.3, y - height),
                (x + width * 0.72, y - height),
                (x + width * 1.05, y - height * 0.57),
                (x + width * 0.63, y - height * 0.57),
            ]
        ),
        down(mix(roof, "#ffffff", 0.08), roof),
    )
    canvas.fill(
        canvas.line(
            [(x - width * 0.05, y - height * 0.54), (x + width * 0.3, y - height)], max(2, width * 0.035)
        ),
        mix(roof, "#0a1020", 0.2),
    )
    if lit is not None:
        size = width * 0.13
        panes = [
            (x + width * 0.14, y - height * 0.48),
            (x + width * 0.34, y - height * 0.48),
            (x + width * 0.74, y - height * 0.45),
        ]
        for px, py in panes:
            canvas.glow(px + size / 2, py + size / 2, size * 2.6, lit, 0.5)
        canvas.fill(
            canvas.polygons(
                [
                    [(px, py), (px + size, py), (px + size, py + size * 1.2), (px, py + size * 1.2)]
                    for px, py in panes
                ]
            ),
            lit,
        )
