"""The paper, paint and light that every sample picture is drawn with.

Shapes are drawn as masks three times too large and reduced, so edges are smooth; colour is then laid through the
mask. Noise comes from a seeded generator, never from Pillow's own, so the same seed always gives the same picture.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]
Box = tuple[int, int, int, int]

OVER = 3


def rgb(colour: str | Colour) -> Colour:
    """Read a colour written as #rrggbb, or pass one through."""
    if not isinstance(colour, str):
        return colour
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))


def mix(first: str | Colour, second: str | Colour, share: float) -> Colour:
    """The colour that lies the given share of the way from the first to the second."""
    a, b = rgb(first), rgb(second)
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


@dataclass(frozen=True)
class Gradient:
    """Colours that run from top to bottom, or from left to right."""

    colours: tuple[str | Colour, ...]
    across: bool = False

    def image(self, size: tuple[int, int]) -> Image.Image:
        """Paint the gradient over a picture of this size."""
        steps = 256
        strip = Image.new("RGB", (1, steps))
        last = len(self.colours) - 1
        for step in range(steps):
            place = step / (steps - 1) * last
            left = min(int(place), max(last - 1, 0))
            right = min(left + 1, last)
            strip.putpixel((0, step), mix(self.colours[left], self.colours[right], place - left))
        if self.across:
            strip = strip.transpose(Image.Transpose.ROTATE_90).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return strip.resize(size, Image.Resampling.BILINEAR)


Paint = str | Colour | Gradient


def down(*colours: str | Colour) -> Gradient:
    """A gradient from top to bottom."""
    return Gradient(colours)


def across(*colours: str | Colour) -> Gradient:
    """A gradient from left to right."""
    return Gradient(colours, across=True)


@dataclass(frozen=True)
class Shape:
    """Where something is: a box on the paper and how much of each point in it is covered."""

    box: Box
    mask: Image.Image


@lru_cache(maxsize=8)
def speckle(size: tuple[int, int], seed: int = 7) -> Image.Image:
    """Even noise: every value as likely as any other."""
    return Image.frombytes("L", size, Random(seed).randbytes(size[0] * size[1]))  # noqa: S311


@lru_cache(maxsize=24)
def clouds(size: tuple[int, int], cells: tuple[int, int], seed: int = 11) -> Image.Image:
    """Soft noise in three sizes, like a wash of paint; long cells make brush strokes."""
    total = Image.new("L", size, 128)
    for octave, strength in enumerate((0.55, 0.3, 0.2)):
        small = (max(2, cells[0] << octave), max(2, cells[1] << octave))
        noise = Image.frombytes("L", small, Random(seed + octave).randbytes(small[0] * small[1]))  # noqa: S311
        noise = noise.point([round(128 + (value - 128) * strength) for value in range(256)])
        total = ImageChops.add(total, noise.resize(size, Image.Resampling.BICUBIC), 1, -128)
    return total


def _scaled(image: Image.Image, strength: float) -> Image.Image:
    return image.point([round(128 + (value - 128) * strength) for value in range(256)])


def _dimmed(mask: Image.Image, opacity: float) -> Image.Image:
    return mask if opacity >= 1 else mask.point([round(value * opacity) for value in range(256)])


class Canvas:
    """One picture while it is being drawn."""

    def __init__(self, seed: int, size: tuple[int, int] = (2000, 1250)) -> None:
        self.size = size
        self.width, self.height = size
        self.random = Random(seed)  # noqa: S311
        self.seed = seed
        self.image = Image.new("RGB", size)
        self._clip: Shape | None = None

    # Shapes -------------------------------------------------------------------------------------------------------

    def polygon(self, points: Sequence[Point]) -> Shape:
        """A closed shape through these points."""
        return self.polygons([points])

    def polygons(self, many: Iterable[Sequence[Point]]) -> Shape:
        """Several closed shapes taken as one."""
        lists = [list(points) for points in many]
        every = [point for points in lists for point in points]
        return self._mask(
            every, 0, lambda draw, at: [draw.polygon([at(p) for p in points], fill=255) for points in lists]
        )

    def ellipse(self, x: float, y: float, rx: float, ry: float | None = None) -> Shape:
        """An ellipse round this point."""
        return self.ellipses([(x, y, rx, rx if ry is None else ry)])

    def ellipses(self, many: Iterable[tuple[float, float, float, float]]) -> Shape:
        """Several ellipses taken as one: middle and half sizes."""
        rounds = list(many)
        every = [p for x, y, rx, ry in rounds for p in ((x - rx, y - ry), (x + rx, y + ry))]

        def draw_all(draw: ImageDraw.ImageDraw, at: Callable[[Point], Point]) -> None:
            for x, y, rx, ry in rounds:
                draw.ellipse([at((x - rx, y - ry)), at((x + rx, y + ry))], fill=255)

        return self._mask(every, 0, draw_all)

    def card(self, x: float, y: float, width: float, height: float, radius: float = 0) -> Shape:
        """A rectangle, with round corners if asked."""

        def draw_it(draw: ImageDraw.ImageDraw, at: Callable[[Point], Point]) -> None:
            draw.rounded_rectangle([at((x, y)), at((x + width, y + height))], radius * OVER, fill=255)

        return self._mask([(x, y), (x + width, y + height)], 0, draw_it)

    def lines(self, many: Iterable[tuple[Sequence[Point], float]], *, round_ends: bool = True) -> Shape:
        """Several strokes taken as one: points and width."""
        strokes = [(list(points), width) for points, width in many]
        every = [point for points, _ in strokes for point in points]

        def draw_all(draw: ImageDraw.ImageDraw, at: Callable[[Point], Point]) -> None:
            for points, width in strokes:
                wide = max(1, round(width * OVER))
                draw.line([at(p) for p in points], fill=255, width=wide, joint="curve")
                if round_ends and wide > 3:
                    for x, y in (at(points[0]), at(points[-1])):
                        half = wide / 2
                        draw.ellipse([x - half, y - half, x + half, y + half], fill=255)

        return self._mask(every, max(width for _, width in strokes), draw_all)

    def line(self, points: Sequence[Point], width: float) -> Shape:
        """One stroke."""
        return self.lines([(points, width)])

    def everything(self) -> Shape:
        """The whole paper."""
        return Shape((0, 0, self.width, self.height), Image.new("L", self.size, 255))

    def _mask(self, points: Sequence[Point], margin: float, draw_all: Callable[..., object]) -> Shape:
        left = max(0, math.floor(min(x for x, _ in points) - margin) - 1)
        top = max(0, math.floor(min(y for _, y in points) - margin) - 1)
        right = min(self.width, math.ceil(max(x for x, _ in points) + margin) + 2)
        bottom = min(self.height, math.ceil(max(y for _, y in points) + margin) + 2)
        if right <= left or bottom <= top:
            return Shape((0, 0, 1, 1), Image.new("L", (1, 1), 0))
        mask = Image.new("L", ((right - left) * OVER, (bottom - top) * OVER), 0)

        def at(point: Point) -> Point:
            return ((point[0] - left) * OVER, (point[1] - top) * OVER)

        draw_all(ImageDraw.Draw(mask), at)
        return Shape((left, top, right, bottom), mask.reduce(OVER))

    # Paint --------------------------------------------------------------------------------------------------------

    def fill(
        self, shape: Shape, paint: Paint, *, opacity: float = 1, wash: float = 0, brush: float = 0
    ) -> Shape:
        """Lay paint through a shape. A wash makes it cloudy, a brush makes it streaky; 0.1 is much."""
        left, top, right, bottom = shape.box
        size = (right - left, bottom - top)
        source = paint.image(size) if isinstance(paint, Gradient) else Image.new("RGB", size, rgb(paint))
        for strength, cells in ((wash, (9, 6)), (brush, (6, 90))):
            if strength:
                noise = clouds(self.size, cells, 11 + self.seed % 5).crop(shape.box)
                noise = _scaled(noise, strength * 2)
                source = ImageChops.add(source, Image.merge("RGB", (noise, noise, noise)), 1, -128)
        self.image.paste(source, (left, top), _dimmed(self._clipped(shape), opacity))
        return shape

    def shade(
        self,
        shape: Shape,
        colour: str | Colour,
        *,
        side: str = "bottom",
        amount: float = 0.7,
        reach: float = 1.0,
    ) -> Shape:
        """Spray a colour in from one side of a shape, as an airbrush through a stencil would."""
        left, top, right, bottom = shape.box
        size = (right - left, bottom - top)
        across_it = side in ("left", "right")
        length = 256
        values = []
        for step in range(length):
            near = step / (length - 1) if side in ("bottom", "right") else 1 - step / (length - 1)
            near = max(0.0, 1 - (1 - near) / reach)
            values.append(round(255 * amount * near**1.6))
        ramp = Image.frombytes("L", (length, 1) if across_it else (1, length), bytes(values))
        ramp = ramp.resize(size, Image.Resampling.BILINEAR)
        noise = speckle(self.size).crop((0, 0, *size))
        spray = ImageChops.add(ramp, noise, 1, -255).point([0] + [255] * 255)
        soft = Image.blend(ramp, spray, 0.45)
        mask = ImageChops.multiply(soft, self._clipped(shape))
        self.image.paste(rgb(colour), shape.box, mask)
        return shape

    def glow(self, x: float, y: float, radius: float, colour: str | Colour, strength: float = 0.8) -> None:
        """Light round a point that fades to nothing."""
        curve = [round(255 * strength * (1 - value / 255) ** 2.2) for value in range(256)]
        light = Image.radial_gradient("L").point(curve)
        size = max(2, round(radius * 2))
        light = light.resize((size, size), Image.Resampling.BILINEAR)
        left, top = round(x - radius), round(y - radius)
        box = (max(0, left), max(0, top), min(self.width, left + size), min(self.height, top + size))
        if box[2] <= box[0] or box[3] <= box[1]:
            return
        light = light.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
        lit = self._clipped(Shape(box, light))
        self.image.paste(rgb(colour), box, lit)

    def fog(self, y: float, depth: float, colour: str | Colour, strength: float = 0.7) -> None:
        """A bank of mist lying at this height, torn a little at its edges."""
        top, bottom = max(0, round(y - depth)), min(self.height, round(y + depth))
        if bottom <= top:
            return
        rows = 64
        ramp = [round(255 * strength * math.sin(math.pi * row / (rows - 1)) ** 2) for row in range(rows)]
        band = Image.frombytes("L", (1, rows), bytes(ramp)).resize(
            (self.width, bottom - top), Image.Resampling.BILINEAR
        )
        torn = clouds(self.size, (5, 9), 31 + self.seed % 7).crop((0, 0, self.width, bottom - top))
        torn = torn.point([min(255, max(0, round(255 * (value - 40) / 130))) for value in range(256)])
        box = (0, top, self.width, bottom)
        self.image.paste(rgb(colour), box, self._clipped(Shape(box, ImageChops.multiply(band, torn))))

    def shadow(
        self, shape: Shape, dx: float, dy: float, blur: float, colour: str | Colour, strength: float
    ) -> None:
        """The soft shadow a shape throws; draw it before the shape."""
        pad = round(blur * 2)
        left, top, right, bottom = shape.box
        wide = Image.new("L", (right - left + 2 * pad, bottom - top + 2 * pad), 0)
        wide.paste(shape.mask, (pad, pad))
        quarter = wide.resize((max(1, wide.width // 4), max(1, wide.height // 4)), Image.Resampling.BOX)
        wide = quarter.filter(ImageFilter.GaussianBlur(max(blur / 4, 0.1))).resize(
            wide.size, Image.Resampling.BICUBIC
        )
        x, y = round(left - pad + dx), round(top - pad + dy)
        box = (max(0, x), max(0, y), min(self.width, x + wide.width), min(self.height, y + wide.height))
        if box[2] <= box[0] or box[3] <= box[1]:
            return
        wide = wide.crop((box[0] - x, box[1] - y, box[2] - x, box[3] - y))
        self.image.paste(rgb(colour), box, _dimmed(self._clipped(Shape(box, wide)), strength))

    def mirror(self, y: float, tint: str | Colour, share: float = 0.4, squash: float = 0.9) -> None:
        """Make everything below a line the still reflection of what is above it."""
        line = round(y)
        depth = self.height - line
        above = min(line, round(depth / squash))
        picture = self.image.crop((0, line - above, self.width, line)).transpose(
            Image.Transpose.FLIP_TOP_BOTTOM
        )
        picture = picture.resize((self.width // 2, max(1, depth // 10)), Image.Resampling.BOX)
        picture = picture.filter(ImageFilter.GaussianBlur(1)).resize(
            (self.width, depth), Image.Resampling.BICUBIC
        )
        picture = Image.blend(picture, Image.new("RGB", picture.size, rgb(tint)), share)
        self.image.paste(picture, (0, line))

    def ripples(
        self, top: float, bottom: float, paint: str | Colour, count: int, opacity: float = 0.4
    ) -> None:
        """Short level strokes on water, smaller far away."""
        strokes = []
        for _ in range(count):
            depth = self.random.random() ** 1.4
            y = top + (bottom - top) * depth
            length = 14 + 150 * depth * self.random.uniform(0.3, 1)
            x = self.random.uniform(-50, self.width)
            strokes.append(([(x, y), (x + length, y)], 1.2 + 3.2 * depth))
        self.fill(self.lines(strokes), paint, opacity=opacity)

    def within(self, shape: Shape | None) -> None:
        """Keep everything that follows inside a shape, until called with None."""
        self._clip = shape

    def _clipped(self, shape: Shape) -> Image.Image:
        if self._clip is None:
            return shape.mask
        left, top, _right, _bottom = shape.box
        clip = Image.new("L", shape.mask.size, 0)
        clip.paste(self._clip.mask, (self._clip.box[0] - left, self._clip.box[1] - top))
        return ImageChops.multiply(shape.mask, clip)

    def finish(self, *, vignette: float = 0.16, grain: float = 0.05) -> Image.Image:
        """Darken the corners a little, lay fine grain over everything and give the picture back."""
        if vignette:
            curve = [round(255 * vignette * max(0.0, (value - 90) / 165) ** 1.5) for value in range(256)]
            edge = Image.radial_gradient("L").point(curve).resize(self.size, Image.Resampling.BILINEAR)
            self.image.paste((14, 16, 30), (0, 0), edge)
        noise = _scaled(speckle(self.size, 5), grain)
        coarse = _scaled(clouds(self.size, (500, 310), 3), grain * 0.6)
        both = ImageChops.add(noise, coarse, 1, -128)
        self.image = ImageChops.add(self.image, Image.merge("RGB", (both, both, both)), 1, -128)
        return self.image
