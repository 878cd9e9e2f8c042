"""Shapes with light on them: what the defect photographs are drawn with."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import cv2
import numpy
from PIL import Image, ImageDraw, ImageFilter

from samples.surfaces import as_light, clouds

SIZE = (1000, 750)
Box: TypeAlias = tuple[float, float, float, float]
Colour: TypeAlias = tuple[int, int, int]
Spot: TypeAlias = tuple[float, float]
_Draw: TypeAlias = Callable[[ImageDraw.ImageDraw, Box], None]


def room(wall: Colour, floor: Colour, horizon: float) -> Image.Image:
    """A wall and a floor, lit from above."""
    width, height = SIZE
    plane = numpy.empty((height, width, 3), dtype=numpy.float32)
    line = int(height * horizon)
    plane[:line] = numpy.array(wall) * numpy.linspace(1.06, 0.82, line, dtype=numpy.float32)[:, None, None]
    plane[line:] = numpy.array(floor) * numpy.linspace(0.74, 1.0, height - line, dtype=numpy.float32)[:, None, None]
    return Image.fromarray(numpy.clip(plane, 0, 255).astype(numpy.uint8))


def block(picture: Image.Image, box: Box, light: Colour, dark: Colour, radius: float = 12) -> None:
    """A box with rounded edges, lit from the left."""
    _filled(picture, box, light, dark, lambda pen, within: pen.rounded_rectangle(within, radius, fill=255))


def disc(picture: Image.Image, box: Box, light: Colour, dark: Colour) -> None:
    """An ellipse, lit from the left."""
    _filled(picture, box, light, dark, lambda pen, within: pen.ellipse(within, fill=255))


def shade(picture: Image.Image, box: Box, strength: float = 0.5, soft: float = 22) -> None:
    """The soft shadow that something throws on what it stands on."""
    glow(picture, box, (8, 9, 12), strength, soft)


def glow(picture: Image.Image, box: Box, colour: Colour, strength: float, soft: float) -> None:
    """A soft stain, shadow or reflection of one colour."""
    reach = 3 * soft
    left, top = int(box[0] - reach), int(box[1] - reach)
    mask = Image.new("L", (int(box[2] + reach) - left, int(box[3] + reach) - top), 0)
    inside = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
    ImageDraw.Draw(mask).ellipse(inside, fill=int(255 * strength))
    picture.paste(colour, (left, top), mask.filter(ImageFilter.GaussianBlur(soft)))


def crack(picture: Image.Image, start: Spot, towards: Sequence[Spot], rng: numpy.random.Generator) -> None:
    """A break in glass or plastic: jagged, dark, with a bright edge."""
    pen = ImageDraw.Draw(picture)
    for end in towards:
        way = numpy.linspace(start, end, 9)
        way[1:-1] += rng.normal(0, 7, (7, 2))
        path = [(float(x), float(y)) for x, y in way]
        pen.line([(x + 2, y + 2) for x, y in path], fill=(238, 243, 246), width=2)
        pen.line(path, fill=(18, 20, 24), width=4)


def taken(picture: Image.Image, rng: numpy.random.Generator) -> Image.Image:
    """The picture as a telephone takes it indoors: vignette, uneven light, softness, grain."""
    scene = numpy.asarray(picture, dtype=numpy.float32) / 255
    width, height = SIZE
    scene = scene * (0.82 + 0.28 * clouds(width, height, (3, 3), rng))[:, :, None]
    scene = as_light(cv2.GaussianBlur(scene, (0, 0), 1.1)) + rng.standard_normal((height, width, 1), dtype=numpy.float32) * 0.022
    return Image.fromarray(numpy.clip(scene * 255, 0, 255).astype(numpy.uint8))


def _filled(picture: Image.Image, box: Box, light: Colour, dark: Colour, draw: _Draw) -> None:
    left, top, right, bottom = (int(edge) for edge in box)
    mask = Image.new("L", (right - left + 1, bottom - top + 1), 0)
    draw(ImageDraw.Draw(mask), (0, 0, right - left, bottom - top))
    low, high = numpy.array(light, dtype=numpy.float32), numpy.array(dark, dtype=numpy.float32)
    ramp = (low + numpy.linspace(0, 1, mask.width, dtype=numpy.float32)[:, None] * (high - low)).astype(numpy.uint8)
    fill = numpy.ascontiguousarray(numpy.broadcast_to(ramp[None], (mask.height, mask.width, 3)))
    picture.paste(Image.fromarray(fill), (left, top), mask)
