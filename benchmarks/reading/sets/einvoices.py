"""E-invoices: Factur-X/ZUGFeRD PDFs and EN 16931 XML files, labelled with terms that the set's makers took from the XML.

The form is filled from the XML alone. Whether the page says the same is measured apart, with planted differences: `more`.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Annotated, Any

from pydantic import BaseModel

from baton.documents.read import read_document
from baton.documents.store import FolderStore
from baton.errors import BatonError
from baton.readers.fields import Identifier, ReadAs, Seller
from baton.readers.normalise import UNKNOWN
from baton.readers.reader import Reader, Source
from baton.readers.structured.compare import compare
from baton.readers.structured.embedded import embedded_invoices
from baton.readers.structured.read import read_invoice_text
from baton.readers.structured.reader import StructuredReader
from baton.readers.structured.source import invoice_in, source_of
from baton.readers.structured.terms import Term
from baton.types.money import Money
from benchmarks.reading.items import Labelled, Truth, half_of
from benchmarks.reading.sets.planted import KINDS, Planted, planted

NAME = "einvoices_pdf_xml"


class EInvoice(BaseModel):
    """What the labels of the set say."""

    number: Annotated[str, ReadAs("identifier"), Term(id="BT-1")] | None = None
    type_code: Annotated[str, ReadAs("identifier"), Term(id="BT-3")] | None = None
    issue_date: Annotated[date, Term(id="BT-2")] | None = None
    due_date: Annotated[date, Term(id="BT-9")] | None = None
    seller: Annotated[Seller, Term(id="BT-27")] | None = None
    buyer: Annotated[Seller, Term(id="BT-44")] | None = None
    order_ref: Annotated[Identifier, Term(id="BT-13")] | None = None
    currency: Annotated[str, ReadAs("identifier"), Term(id="BT-5")] | None = None
    net_total: Annotated[Money, Term(id="BT-109")] | None = None
    tax_total: Annotated[Money, Term(id="BT-110")] | None = None
    gross_total: Annotated[Money, Term(id="BT-112")] | None = None
    payable: Annotated[Money, Term(id="BT-115")] | None = None
    lines: Annotated[int, Term(id="BG-25")] | None = None


FORM = EInvoice
_MONEY = ("net_total", "tax_total", "gross_total", "payable")


def items(folder: Path, half: str, limit: int | None, seed: int) -> list[dict[str, Any]]:
    """The items of one half, shuffled by the seed. Who sells decides the half; the item's id where nobody is named."""
    path = folder / "items.jsonl"
    if not path.is_file():
        return []
    every = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    chosen = [item for item in every if half in ("all", half_of(vendor_of(item)))]
    Random(seed).shuffle(chosen)
    return chosen[:limit]


def vendor_of(item: dict[str, Any]) -> str:
    """Who sells, as the label names them."""
    return str((item.get("fields_derived") or {}).get("seller") or item["id"])


def documents(folder: Path, store: FolderStore, half: str, limit: int | None, seed: int, words: str) -> Iterator[Labelled]:
    """Every item that has labels and an XML to read; those that hold none are counted by `more`."""
    for item in items(folder, half, limit, seed):
        truth = _truth(item.get("fields_derived") or {})
        source = xml_source(folder, item, store) if truth else None
        if truth and source:
            yield Labelled(item["id"], vendor_of(item), (source,), truth, 1, 0.0)


def readers(trained_on: Sequence[Labelled]) -> Sequence[Reader]:
    """Nothing learns: the structure says what is what."""
    return (StructuredReader(),)


def training(folder: Path, store: FolderStore, seed: int, words: str) -> list[Labelled]:
    """Nothing learns, so nothing is read for it."""
    return []


def xml_source(folder: Path, item: dict[str, Any], store: FolderStore) -> Source | None:
    """The invoice of an item as a source: the XML attached to the PDF, else the XML file; None where there is none to open."""
    data = xml_of(folder, item)
    try:
        return source_of(store.put(data, item.get("embedded_name") or item["id"], "application/xml"), data) if data else None
    except BatonError:
        return None


def xml_of(folder: Path, item: dict[str, Any]) -> bytes | None:
    """The bytes of an item's XML, taken out of the PDF where the set brings it."""
    if not item.get("pdf"):
        return (folder / item["xml"]).read_bytes() if item.get("xml") else None
    found = embedded_invoices((folder / item["pdf"]).read_bytes())
    return found[0].data if found else None


def page_source(folder: Path, item: dict[str, Any], store: FolderStore) -> Source | None:
    """The page that people see, where an item has one."""
    if not item.get("pdf"):
        return None
    path = folder / item["pdf"]
    document = store.put(path.read_bytes(), path.name, "application/pdf")
    return Source(document=document, reading=read_document(document, store))


def more(folder: Path, store: FolderStore, half: str, limit: int | None, seed: int) -> dict[str, Any]:
    """Whether the page says the same as the XML: with differences planted one at a time, and on the files as they are.

    A false alarm is a field of an untouched file that is in dispute; some of these files do differ from their page.
    """
    counts: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for item in items(folder, half, limit, seed):
        xml, page = _pair(folder, item, store, counts)
        invoice = invoice_in(xml) if xml else None
        if xml is None or page is None or invoice is None:
            continue
        untouched = compare(invoice, xml.document.id, page)
        counts += Counter(compared=1, fields=sum(one.agreement != "single" for one in untouched.fields))
        counts += Counter(false_alarms=len(untouched.disputed), alarmed=bool(untouched.disputed))
        text = "\n".join(one.text for one in page.reading.pages)
        for one in planted(xml.reading.pages[0].text, invoice, text, Random(f"{seed} {item['id']}")):
            found = _is_found(one, xml, page)
            kinds[one.kind] += Counter(planted=1, found=found)
    return _told(counts, kinds)


def _pair(folder: Path, item: dict[str, Any], store: FolderStore, counts: Counter[str]) -> tuple[Source | None, Source | None]:
    xml = xml_source(folder, item, store)
    readable = xml is not None and invoice_in(xml) is not None
    counts += Counter(read=readable, refused=not readable)
    return xml, page_source(folder, item, store) if readable else None


def _is_found(one: Planted, xml: Source, page: Source) -> bool:
    """Whether the changed field is in dispute; an XML that can no longer be read is found too, but counts as not."""
    compared = compare(read_invoice_text(one.xml), xml.document.id, page)
    return any(field.name == one.name for field in compared.disputed)


def _told(counts: Counter[str], kinds: dict[str, Counter[str]]) -> dict[str, Any]:
    return {
        "planted": sum(kind["planted"] for kind in kinds.values()),
        "found": sum(kind["found"] for kind in kinds.values()),
        "by_kind": {name: [kind["found"], kind["planted"]] for name, kind in kinds.items()},
        "false_alarms": counts["false_alarms"],
        "false_alarm_share": round(counts["false_alarms"] / max(counts["fields"], 1), 4),
        "untouched_fields": counts["fields"],
        "untouched_pages": counts["compared"],
        "untouched_pages_alarmed": counts["alarmed"],
        "xml_read": counts["read"],
        "xml_refused": counts["refused"],
    }


def _truth(derived: dict[str, Any]) -> dict[str, Truth]:
    """The labels that say something: a count of no lines means that their makers' path found none."""
    said = {**derived, "payable": derived.get("payable") or derived.get("due")}
    telling = [name for name in EInvoice.model_fields if said.get(name) not in (None, "", 0)]
    found = {name: _label(name, said[name], said.get("currency")) for name in telling}
    return found if "number" in found else {}


def _label(name: str, said: Any, currency: str | None) -> Truth:
    text = " ".join(str(said).split())
    if name in _MONEY:
        return Truth(text, {"amount": text, "currency": currency or UNKNOWN})
    day = f"{text[:4]}-{text[4:6]}-{text[6:8]}" if name.endswith("date") and "-" not in text else text
    return Truth(text, said if name == "lines" else day)
