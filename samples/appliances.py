"""Photographs of broken appliances, drawn: each scene is its own picture, clearly different from every other."""

import zlib
from collections.abc import Callable

import numpy
from PIL import Image, ImageDraw

from baton.errors import BatonError
from samples.drawing import block, crack, disc, glow, room, shade, taken


class UnknownScene(BatonError):
    """A sample names a scene that nobody has drawn."""


def photograph(scene: str) -> Image.Image:
    """The photograph of one scene, the same every time. Raises `UnknownScene`."""
    if scene not in SCENES:
        raise UnknownScene(f"no scene `{scene}`: choose one of {', '.join(sorted(SCENES))}")
    rng = numpy.random.default_rng(zlib.crc32(scene.encode()))
    return taken(SCENES[scene](rng), rng)


def _washer_cracked_door(rng: numpy.random.Generator) -> Image.Image:
    picture = room((176, 190, 186), (96, 86, 78), 0.86)
    block(picture, (170, -40, 840, 720), (244, 245, 246), (196, 199, 203))
    block(picture, (205, 10, 805, 104), (226, 228, 230), (188, 192, 197), 8)
    disc(picture, (690, 26, 754, 90), (250, 250, 250), (150, 154, 160))
    disc(picture, (270, 150, 740, 620), (168, 172, 178), (98, 102, 110))
    disc(picture, (318, 198, 692, 572), (52, 62, 74), (22, 27, 34))
    glow(picture, (370, 230, 520, 400), (150, 176, 196), 0.55, 26)
    crack(picture, (498, 402), [(352, 292), (648, 270), (668, 452), (520, 560), (372, 500)], rng)
    crack(picture, (560, 330), [(600, 250), (660, 360)], rng)
    return picture


def _washer_puddle(rng: numpy.random.Generator) -> Image.Image:
    picture = room((214, 208, 196), (150, 118, 88), 0.34)
    pen = ImageDraw.Draw(picture)
    for at in range(300, 760, 62):
        pen.line([(0, at), (1000, at + 16)], fill=(112, 86, 62), width=3)
    shade(picture, (20, 170, 620, 380), 0.6)
    block(picture, (40, -60, 560, 300), (240, 241, 243), (186, 190, 196))
    block(picture, (70, 232, 190, 286), (210, 212, 216), (170, 174, 180), 6)
    glow(picture, (150, 290, 900, 640), (70, 74, 82), 0.75, 9)
    glow(picture, (220, 320, 820, 590), (172, 186, 196), 0.7, 20)
    for _ in range(14):
        x, y = rng.uniform(120, 940), rng.uniform(300, 700)
        glow(picture, (x, y, x + 26, y + 12), (196, 208, 216), 0.8, 3)
    return picture


def _vacuum_split_hose(rng: numpy.random.Generator) -> Image.Image:
    picture = room((226, 220, 212), (122, 132, 128), 0.12)
    shade(picture, (70, 330, 960, 610), 0.5)
    for step in range(46):
        x = 40 + step * 20
        y = 380 + 120 * numpy.sin(step / 8.5)
        split = 40 if 20 <= step <= 25 else 0
        disc(picture, (x, y - 74 + split, x + 34, y + 74), (120, 124, 132), (34, 36, 42))
    crack(picture, (500, 452), [(430, 400), (590, 396), (470, 560), (560, 556)], rng)
    block(picture, (-40, 300, 84, 470), (206, 62, 50), (142, 30, 28), 26)
    return picture


def _fryer_peeled_basket(rng: numpy.random.Generator) -> Image.Image:
    picture = room((92, 104, 118), (202, 196, 186), 0.08)
    shade(picture, (90, 110, 930, 730), 0.55)
    block(picture, (150, 60, 850, 690), (70, 72, 76), (28, 29, 32), 110)
    block(picture, (200, 110, 800, 640), (46, 47, 50), (20, 20, 23), 90)
    pen = ImageDraw.Draw(picture)
    for left in range(260, 770, 62):
        for top in range(170, 600, 62):
            pen.ellipse((left, top, left + 26, top + 26), fill=(8, 8, 10))
    for _ in range(42):
        x, y = rng.normal(520, 95), rng.normal(380, 80)
        glow(picture, (x, y, x + rng.uniform(14, 66), y + rng.uniform(10, 38)), (168, 162, 154), 0.95, 1.6)
    return picture


def _iron_scorched_sole(rng: numpy.random.Generator) -> Image.Image:
    picture = room((60, 84, 108), (228, 226, 220), 0.05)
    shade(picture, (220, 90, 800, 720), 0.45)
    half = [(195 * numpy.sin(numpy.pi / 2 * (step / 24) ** 0.62), 50 + step * 26.5) for step in range(25)]
    sole = [(500 + x, y) for x, y in half] + [(500 - x, y) for x, y in reversed(half)]
    ImageDraw.Draw(picture).polygon(sole, fill=(178, 182, 188))
    glow(picture, (360, 330, 640, 660), (74, 46, 24), 0.9, 26)
    for _ in range(24):
        x, y = rng.normal(470, 45), rng.normal(480, 70)
        glow(picture, (x, y, x + rng.uniform(20, 70), y + rng.uniform(12, 40)), (38, 24, 14), 0.85, 4)
    pen = ImageDraw.Draw(picture)
    for row in range(200, 660, 66):
        for hole in (430, 570):
            pen.ellipse((hole - 9, row, hole + 9, row + 18), fill=(20, 20, 22))
    return picture


SCENES: dict[str, Callable[[numpy.random.Generator], Image.Image]] = {
    "washer-cracked-door": _washer_cracked_door,
    "washer-puddle": _washer_puddle,
    "vacuum-split-hose": _vacuum_split_hose,
    "fryer-peeled-basket": _fryer_peeled_basket,
    "iron-scorched-sole": _iron_scorched_sole,
}
