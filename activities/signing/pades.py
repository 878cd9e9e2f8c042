"""PDF signatures (PAdES): a page for them is added, then each side signs in its place; nothing that was signed is touched."""

import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final
from uuid import uuid4

from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]  # it has no stubs
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils import generic as _generic
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from activities.signing.certificates import Identity
from activities.signing.page import FIELDS, PLACES, Side, SignaturePage, appearance, drawn
from baton.errors import BatonError

generic: Any = _generic  # its constructors carry no types
_ROOM: Final = 24_576
"""Bytes kept free for one signature with its certificates."""


class CannotSign(BatonError):
    """A PDF cannot be signed as it is."""


def with_signature_page(pdf: bytes, page: SignaturePage) -> bytes:
    """The same file with a page behind it that has a place for each side's signature. Raises `CannotSign`."""
    try:
        writer: Any = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
        if writer.prev.encrypted:
            raise CannotSign("the PDF is locked: sign an open copy of it")
        number = _append(writer, drawn(page))
        for side, box in PLACES.items():
            spec = fields.SigFieldSpec(sig_field_name=FIELDS[side], on_page=number, box=box, empty_field_appearance=False)
            fields.append_signature_field(writer, spec)
        target = BytesIO()
        writer.write(target)
    except PdfError as error:
        raise CannotSign(f"the PDF cannot be signed ({error}): print it to a new PDF and sign that") from error
    return target.getvalue()


def signed(pdf: bytes, side: Side, by: Identity, authority: Identity, lines: Sequence[str], reason: str, place: str) -> bytes:
    """The file with this side's signature: the company's lets nothing follow but the customer's. Raises `CannotSign`."""
    meta = signers.PdfSignatureMetadata(
        field_name=FIELDS[side],
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=lines[0],
        reason=reason,
        location=place or None,
        certify=side == "company",
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
    )
    look = StaticStampStyle(background=_Printed(appearance(lines, side)), border_width=0)
    signer = signers.PdfSigner(meta, signer=_signer(by, authority), stamp_style=look)
    target = BytesIO()
    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
        signer.sign_pdf(writer, existing_fields_only=True, bytes_reserved=_ROOM, output=target)
    except (PdfError, ValueError) as error:
        raise CannotSign(f"the {side}'s signature cannot be put on the PDF: {error}") from error
    return target.getvalue()


def now() -> datetime:
    """The moment that a signature names, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def _signer(by: Identity, authority: Identity) -> signers.SimpleSigner:
    der = serialization.Encoding.DER
    key = by.key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # its constructor carries no types
    registry.register(asn1_x509.Certificate.load(authority.certificate.public_bytes(der)))
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(by.certificate.public_bytes(der)),
        signing_key=asn1_keys.PrivateKeyInfo.load(key),
        cert_registry=registry,
    )


def _append(writer: Any, page: bytes) -> int:
    """Put a page behind the last one; returns its index."""
    count = int(writer.root["/Pages"]["/Count"])
    width, height = 595.2756, 841.8898
    known = writer.import_page_as_xobject(PdfFileReader(BytesIO(page)))
    stream = writer.add_object(generic.StreamObject(stream_data=b"/Page Do"))
    writer.insert_page(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Page"),
                pdf_name("/MediaBox"): generic.ArrayObject(generic.FloatObject(edge) for edge in (0, 0, width, height)),
                pdf_name("/Resources"): generic.DictionaryObject(
                    {pdf_name("/XObject"): generic.DictionaryObject({pdf_name("/Page"): known})}
                ),
                pdf_name("/Contents"): stream,
            }
        )
    )
    return count


class _Printed(PdfContent):
    """The first page of a PDF, as the look of a signature."""

    def __init__(self, page: bytes) -> None:
        self._page = page
        super().__init__()

    def render(self) -> bytes:
        """The drawing that shows the page, with the page itself among the resources."""
        writer: Any = self._ensure_writer
        known = writer.import_page_as_xobject(PdfFileReader(BytesIO(self._page)))
        name = "/Look" + binascii.hexlify(uuid4().bytes).decode()
        self.resources.xobject[name] = known
        left, bottom, right, top = known.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return f"{name} Do".encode()
