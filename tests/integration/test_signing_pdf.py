"""Signatures as others see them: valid to pdfsig and to whoever trusts our authority, refused once a byte has changed."""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from reportlab.pdfgen.canvas import Canvas

from activities.signing import pades
from activities.signing.certificates import Certificates
from activities.signing.models import Countersign, Sign
from activities.signing.page import SignaturePage, printable
from activities.signing.port import Signatory
from activities.signing.sandbox import Sandbox
from baton.documents.store import open_store
from baton.governance.declare import NoPermit
from baton.links import Consent
from baton.types.ids import DocumentId
from baton.types.money import Money
from tests.integration.small_company import SmallCompany, at_work, permit

PAGE = SignaturePage(title="Service of kettles (D-1)", facts=(("Value", "4,800.00 EUR"),))
RUTH = Signatory(name="Ruth Wiśniewska", organisation="Wrenfield & Oake Services B.V.", email="ruth@company.example")
MARA = Signatory(name="Mara Łindqvist", organisation="Hotel Zeezicht B.V.", email="mara@hotel.example")
needs_pdfsig = pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils is not installed")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCompany]:
    folder = tmp_path_factory.mktemp("signing")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("BATON_HOME", str(folder / "home"))
        with at_work(f"sqlite:///{folder / 'company.db'}", folder) as opened:
            yield opened


@pytest.fixture(scope="module")
def signing(company: SmallCompany) -> Sandbox:
    return Sandbox(company.database, company.home)


def a_contract(words: str = "A contract between two companies.") -> bytes:
    written = BytesIO()
    canvas = Canvas(written, invariant=1, pageCompression=0)
    canvas.drawString(80, 700, words)
    canvas.save()
    return written.getvalue()


def a_sign(company: SmallCompany, words: str = "A contract between two companies.") -> Sign:
    document = open_store(company.home).put(a_contract(words), "c.pdf", "application/pdf")
    return Sign(deal="D-1", document=document.id, value=Money(amount=Decimal(4800), currency="EUR"))


def consent_to(document: DocumentId) -> Consent:
    told: dict[str, Any] = {"invitation": "e" * 64, "reference": "d-9", "says": "sign", "name": MARA.name, "words": "I sign."}
    return Consent(document=document, at=pades.now(), **told)


async def both(company: SmallCompany, signing: Sandbox, words: str) -> bytes:
    """A contract with both signatures."""
    action = a_sign(company, words)
    ours = await signing.sign(action, permit(action), PAGE, RUTH, "Signed under decision d-1")
    theirs = Countersign(deal="D-1", document=ours.document, consent=DocumentId("f" * 64))
    done = await signing.countersign(theirs, permit(theirs), MARA, consent_to(ours.document))
    return open_store(company.home).read(done.document)


def statuses(pdf: bytes, home: Path) -> list[Any]:
    root = x509.Certificate.load(Certificates.at(home).authority().certificate.public_bytes(Encoding.DER))
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    return [validate_pdf_signature(one, context) for one in PdfFileReader(BytesIO(pdf)).embedded_signatures]


def pdfsig(pdf: bytes, folder: Path) -> str:
    (folder / "it.pdf").write_bytes(pdf)
    return subprocess.run(["pdfsig", str(folder / "it.pdf")], capture_output=True, text=True, check=False).stdout


@needs_pdfsig
async def test_pdfsig_accepts_both_signatures_and_refuses_a_changed_byte(
    company: SmallCompany, signing: Sandbox, tmp_path: Path
) -> None:
    pdf = await both(company, signing, "As seen by pdfsig.")
    said = pdfsig(pdf, tmp_path)
    assert said.count("Signature is Valid.") == 2
    assert "Ruth Wiśniewska" in said
    assert said.count("ETSI.CAdES.detached") == 2
    changed = pdf.replace(b"As seen by pdfsig.", b"As seem by pdfsig.")
    assert len(changed) == len(pdf) != 0
    assert changed != pdf
    assert "Signature is Valid." not in pdfsig(changed, tmp_path)


async def test_who_trusts_our_authority_trusts_both_signatures_and_neither_after_a_change(
    company: SmallCompany, signing: Sandbox
) -> None:
    pdf = await both(company, signing, "As seen by a validator.")
    ours, theirs = await asyncio.to_thread(statuses, pdf, company.home)
    assert (ours.bottom_line, theirs.bottom_line) == (True, True)
    assert ours.signing_cert.subject.native["common_name"] == RUTH.name
    assert theirs.signing_cert.subject.native["organization_name"] == MARA.organisation
    changed = pdf.replace(b"As seen by a validator.", b"As seen by a Validator.")
    assert [one.intact for one in await asyncio.to_thread(statuses, changed, company.home)] == [False, False]


async def test_the_contract_itself_stands_unchanged_at_the_beginning_of_the_file(company: SmallCompany, signing: Sandbox) -> None:
    assert (await both(company, signing, "Word for word.")).startswith(a_contract("Word for word."))


async def test_the_same_permit_signs_once(company: SmallCompany, signing: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    action = a_sign(company, "Only once.")
    leave = permit(action, key="d-once")
    made: list[str] = []
    signed = pades.signed
    monkeypatch.setattr(pades, "signed", lambda *given, **more: made.append("x") or signed(*given, **more))
    first = await signing.sign(action, leave, PAGE, RUTH, "once")
    assert await signing.sign(action, leave, PAGE, RUTH, "once") == first == await signing.look_up("d-once")
    assert made == ["x"]


async def test_a_worker_killed_between_the_file_and_its_entry_leaves_one_signature(
    company: SmallCompany, signing: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    action, known = a_sign(company, "Killed in between."), set((company.home / "signing" / "kept").glob("*.pdf"))
    leave = permit(action, key="d-killed")

    async def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(signing._book, "write", die)
        with pytest.raises(KeyboardInterrupt):
            await signing.sign(action, leave, PAGE, RUTH, "killed")
    assert await signing.look_up("d-killed") is None
    [kept] = set((company.home / "signing" / "kept").glob("*.pdf")) - known
    before = kept.read_bytes()
    done = await signing.sign(action, leave, PAGE, RUTH, "killed")
    assert open_store(company.home).read(done.document) == before == kept.read_bytes()


async def test_a_permit_for_other_arguments_signs_nothing(company: SmallCompany, signing: Sandbox) -> None:
    action, other = a_sign(company, "This one."), a_sign(company, "Another one.")
    with pytest.raises(NoPermit):
        await signing.sign(action, permit(other), PAGE, RUTH, "no")


async def test_a_locked_or_broken_pdf_is_not_signed() -> None:
    for pdf in (b"%PDF-1.4 broken", b""):
        with pytest.raises(pades.CannotSign):
            pades.with_signature_page(pdf, PAGE)


def test_keys_are_their_owners_alone_and_made_once(tmp_path: Path) -> None:
    first = Certificates.at(tmp_path).of("Ruth", "Services B.V.")
    assert Certificates.at(tmp_path).of("Ruth", "Services B.V.").serial == first.serial
    assert Certificates.at(tmp_path).of("Ruth", "Online B.V.").serial != first.serial
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "signing").iterdir()} == {0o600}
    first.certificate.verify_directly_issued_by(Certificates.at(tmp_path).authority().certificate)


def test_a_letter_that_the_font_lacks_is_printed_without_its_accent() -> None:
    assert printable("Wiśniewska Müller") == "Wisniewska Müller"
    assert printable("日本") == "??"
