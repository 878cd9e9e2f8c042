"""Paper as a scanner or a telephone sees it: crooked, unevenly lit, a little soft, and noisy."""

from io import BytesIO

import cv2
import numpy
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from samples.story import Receipt
from samples.surfaces import Light, as_light, clouds, surface

PHOTO = (1080, 1440)
"""Width and height of a photograph: what a mail program leaves of a telephone's picture."""
SCANNED = 150
"""Dots an inch of the scanner."""
_PATCH = 509


def scan(paper: Image.Image, spec: Receipt, rng: numpy.random.Generator) -> Image.Image:
    """The paper on a flatbed: nearly straight, flat light that falls off on one side, grain."""
    sheet = _light(paper)
    margin = 70
    bed = numpy.full((sheet.shape[0] + 2 * margin, sheet.shape[1] + 2 * margin, 3), 0.985, dtype=numpy.float32)
    bed[margin + 5 : margin + 5 + sheet.shape[0], margin + 5 : margin + 5 + sheet.shape[1]] = 0.80  # the lid's shadow at the edge
    bed[margin:-margin, margin:-margin] = sheet
    height, width = bed.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -spec.skew, 1.0)
    seen = cv2.warpAffine(bed, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(0.985, 0.985, 0.985))
    falloff = numpy.linspace(1.0, 1.0 - 0.3 * spec.shadow, width, dtype=numpy.float32)
    return _developed(seen * falloff[None, :, None], spec, rng)


def photo(paper: Image.Image, spec: Receipt, rng: numpy.random.Generator) -> Image.Image:
    """The paper on a table, taken by hand: perspective, creases, the shadow of the telephone, a warm lamp."""
    sheet = _light(paper) * _creases(paper.width, paper.height, rng)[:, :, None]
    warp = cv2.getPerspectiveTransform(_corners(sheet), _seen_corners(sheet, spec, rng))
    mask = as_light(cv2.warpPerspective(numpy.ones(sheet.shape[:2], dtype=numpy.float32), warp, PHOTO, flags=cv2.INTER_LINEAR))
    seen = cv2.warpPerspective(sheet, warp, PHOTO, flags=cv2.INTER_AREA)
    scene = seen + _table(mask, spec, rng) * (1 - mask)[:, :, None]
    return _developed(scene * _lamp(spec, rng), spec, rng)


def jpeg(picture: Image.Image, quality: int) -> bytes:
    """The picture as a JPEG file."""
    target = BytesIO()
    picture.save(target, "JPEG", quality=quality)
    return target.getvalue()


def pdf_without_text(picture: Image.Image, quality: int) -> bytes:
    """The picture as the only page of a PDF, as an office scanner sends it."""
    target = BytesIO()
    size = (picture.width * 72 / SCANNED, picture.height * 72 / SCANNED)
    canvas = Canvas(target, pagesize=size, invariant=1)
    canvas.drawImage(ImageReader(BytesIO(jpeg(picture, quality))), 0, 0, *size)
    canvas.save()
    return target.getvalue()


def _table(mask: Light, spec: Receipt, rng: numpy.random.Generator) -> Light:
    """What the paper lies on, with its shadow; at half the size, since the lens is sharp on the paper."""
    half = (PHOTO[0] // 2, PHOTO[1] // 2)
    below = numpy.roll(cv2.resize(mask, half, interpolation=cv2.INTER_AREA), (7, 5), axis=(0, 1))
    shadow = as_light(cv2.GaussianBlur(below, (0, 0), 7))
    table = surface(spec.surface, *half, rng) * (1 - 0.55 * shadow)[:, :, None]
    return as_light(cv2.resize(table, PHOTO, interpolation=cv2.INTER_LINEAR))


def _corners(sheet: Light) -> Light:
    height, width = sheet.shape[:2]
    return numpy.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=numpy.float32)


def _seen_corners(sheet: Light, spec: Receipt, rng: numpy.random.Generator) -> Light:
    """Where the corners land: fitted into the frame, turned by the skew, one side farther from the lens."""
    width, height = PHOTO
    scale = min(0.80 * width / sheet.shape[1], 0.86 * height / sheet.shape[0])
    half = numpy.array([sheet.shape[1], sheet.shape[0]], dtype=numpy.float32) * scale / 2
    corners = numpy.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], dtype=numpy.float32) * half
    angle = numpy.deg2rad(spec.skew)
    turn = numpy.array([[numpy.cos(angle), numpy.sin(angle)], [-numpy.sin(angle), numpy.cos(angle)]], dtype=numpy.float32)
    tilt = numpy.array([(0.028, 0.012), (-0.028, -0.004), (0.01, 0.0), (-0.006, 0.0)], dtype=numpy.float32) * (width, height)
    centre = numpy.array([width / 2 + rng.uniform(-25, 25), height / 2 + rng.uniform(-25, 25)])
    return as_light(corners @ turn + tilt + centre)


def _creases(width: int, height: int, rng: numpy.random.Generator) -> Light:
    """Light and dark where the paper was folded and rolled."""
    rolled = 0.94 + 0.06 * clouds(width, height, (3, 7), rng)
    down = numpy.arange(height, dtype=numpy.float32)[:, None]
    for at in rng.uniform(0.3, 0.7, 1):
        off = down - height * float(at)
        rolled = rolled - 0.10 * numpy.exp(-((off / 9) ** 2)) + 0.03 * numpy.exp(-(((off - 14) / 12) ** 2))
    return as_light(rolled)


def _lamp(spec: Receipt, rng: numpy.random.Generator) -> Light:
    """Light over the scene: bright on one side, the telephone's soft shadow across a corner, darker rims, warm."""
    width, height = PHOTO
    down, across = numpy.mgrid[0:height:8, 0:width:8].astype(numpy.float32)
    across, down = across / width, down / height
    edge = across * 0.9 + down * 0.55 - float(rng.uniform(0.75, 0.95))
    light = 1.04 - spec.shadow / (1 + numpy.exp(-edge * 16))
    light = light - 0.22 * ((across - 0.5) ** 2 + (down - 0.5) ** 2)
    full = cv2.resize(light.astype(numpy.float32), PHOTO, interpolation=cv2.INTER_LINEAR)
    return as_light(full[:, :, None] * numpy.array([1.0, 0.965, 0.90], dtype=numpy.float32))


def _developed(scene: Light, spec: Receipt, rng: numpy.random.Generator) -> Image.Image:
    if spec.blur:
        scene = as_light(cv2.GaussianBlur(scene, (0, 0), spec.blur))
    noisy = scene + _grain(scene.shape[0], scene.shape[1], rng) * (spec.noise / 255)
    return Image.fromarray(cv2.convertScaleAbs(numpy.maximum(noisy, 0), alpha=255))


def _grain(height: int, width: int, rng: numpy.random.Generator) -> Light:
    """Noise of deviation 1; one patch laid side by side, which no eye and no reader notices."""
    patch = rng.standard_normal((_PATCH, _PATCH, 1), dtype=numpy.float32)
    return as_light(numpy.tile(patch, (height // _PATCH + 1, width // _PATCH + 1, 1))[:height, :width])


def _light(paper: Image.Image) -> Light:
    return as_light(numpy.asarray(paper)) / numpy.float32(255)
