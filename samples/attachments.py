"""What customers attach: each kind of attachment as a file's bytes."""

import random
import zlib
from typing import NamedTuple

import numpy
from PIL import Image

from samples.agreement import agreement
from samples.appliances import photograph
from samples.billing import Bill, pdf, ubl
from samples.camera import jpeg, pdf_without_text, photo, scan
from samples.contracts import Agreement
from samples.facturx import facturx
from samples.heic import heic
from samples.paper import pdf_of, picture_of, worn
from samples.papers import SupplierPaper
from samples.records import Sale, Sales, UnknownOrder, rows
from samples.slip import Slip, slip_for
from samples.story import Attachment, Blob, BrokenPdf, Defect, Receipt


class File(NamedTuple):
    """An attachment ready to be mailed."""

    name: str
    media_type: str
    content: bytes


def attached(spec: Attachment, order: str | None, sales: Sales, deal: str | None = None) -> File:
    """The file behind a sample's attachment; `order` or `deal` is what the message is about."""
    match spec:
        case Agreement():
            return File(spec.name, "application/pdf", agreement(spec, sales.deal(deal or "")))
        case SupplierPaper():
            return _supplier_paper(spec, sales)
        case Receipt():
            sale = _sale(spec.order or order, spec.name, sales)
            return _receipt(spec, slip_for(sale, sales.buyer(sale), spec))
        case Defect():
            return File(spec.name, "image/jpeg", _defect(spec))
        case Blob():
            return File(spec.name, "video/mp4", random.Random(_seed(spec.name)).randbytes(spec.megabytes * 1024 * 1024))
        case BrokenPdf():
            sale = _sale(order, spec.name, sales)
            whole = pdf_of(slip_for(sale, sales.buyer(sale), Receipt(kind="receipt", name=spec.name, form="pdf")))
            return File(spec.name, "application/pdf", whole[: len(whole) // 5])


def _supplier_paper(spec: SupplierPaper, sales: Sales) -> File:
    bill = Bill(spec, sales.vendor(spec.supplier), rows("vendor_accounts", sales.today), sales.today)
    if spec.form == "ubl":
        return File(spec.name, "application/xml", ubl(bill))
    if spec.form == "factur-x":
        return File(spec.name, "application/pdf", facturx(bill))
    page = pdf(bill)
    if spec.form == "pdf":
        return File(spec.name, "application/pdf", page)
    rng = numpy.random.default_rng(_seed(spec.number + spec.name))
    scanned = spec.model_dump(include={"name", "skew", "noise", "shadow", "quality"})
    how = Receipt(kind="receipt", form="scan", **scanned)
    return File(spec.name, "image/jpeg", jpeg(scan(picture_of(page, 1500), how, rng), spec.quality))


def _receipt(spec: Receipt, slip: Slip) -> File:
    pdf = pdf_of(slip)
    if spec.form == "pdf":
        return File(spec.name, "application/pdf", pdf)
    rng = numpy.random.default_rng(_seed(slip.number + spec.name))
    picture = _paper(slip, pdf, rng)
    match spec.form:
        case "scan":
            return File(spec.name, "image/jpeg", jpeg(scan(picture, spec, rng), spec.quality))
        case "scan-pdf":
            return File(spec.name, "application/pdf", pdf_without_text(scan(picture, spec, rng), spec.quality))
        case "photo":
            return File(spec.name, "image/jpeg", jpeg(photo(picture, spec, rng), spec.quality))
        case "heic":
            return File(spec.name, "image/heic", heic(photo(picture, spec, rng)))


def _paper(slip: Slip, pdf: bytes, rng: numpy.random.Generator) -> Image.Image:
    """A till's slip has been carried about; a sheet comes fresh from the printer."""
    if slip.seller.style == "till":
        return worn(picture_of(pdf, 900), rng)
    return picture_of(pdf, 1240)


def _defect(spec: Defect) -> bytes:
    picture = photograph(spec.scene)
    if not spec.recompressed:
        return jpeg(picture, 88)
    smaller = picture.resize((picture.width * 4 // 5, picture.height * 4 // 5), Image.Resampling.LANCZOS)
    return jpeg(smaller, 42)


def _sale(order: str | None, name: str, sales: Sales) -> Sale:
    if order is None:
        raise UnknownOrder(f"attachment `{name}` names no order: give the message or the attachment an `order`")
    return sales.of(order)


def _seed(text: str) -> int:
    return zlib.crc32(text.encode())
