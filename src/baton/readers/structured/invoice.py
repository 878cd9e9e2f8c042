"""One invoice or credit note, whatever syntax it came in: the core invoice model of EN 16931-1, its term numbers in brackets.

Amounts are in the invoice's currency (BT-5). A term that the invoice does not carry is None, or empty where several may stand.
"""

from datetime import date
from decimal import Decimal

from baton.readers.structured.parties import Buyer, Delivery, Payee, Seller, TaxRepresentative
from baton.readers.structured.terms import group, term
from baton.types.frozen import Frozen


class Note(Frozen):
    """A remark on the whole invoice (BG-1)."""

    subject: str | None = term("BT-21", "what the note is about, a code of UNTDID 4451")
    text: str | None = term("BT-22", "the note")


class Preceding(Frozen):
    """An earlier invoice that this one corrects or builds upon (BG-3)."""

    number: str | None = term("BT-25", "number of the earlier invoice")
    issue_date: date | None = term("BT-26", "when the earlier invoice was issued")


class Period(Frozen):
    """The days that an invoice (BG-14) or a line (BG-26) is for."""

    start: date | None = group("BT-73, on a line BT-134", "first day")
    end: date | None = group("BT-74, on a line BT-135", "last day")


class Payment(Frozen):
    """A way in which the invoice may be paid (BG-16 to BG-19)."""

    means: str | None = term("BT-81", "how it is paid, a code of UNTDID 4461: 30 and 58 are transfers, 59 a SEPA direct debit")
    means_text: str | None = term("BT-82", "how it is paid, in words")
    account: str | None = term("BT-84", "account to pay to, an IBAN or a national number")
    account_name: str | None = term("BT-85", "whose account it is")
    bank: str | None = term("BT-86", "bank of that account, a BIC")
    card: str | None = term("BT-87", "last digits of the card it was paid with")
    card_holder: str | None = term("BT-88", "holder of that card")
    debited_account: str | None = term("BT-91", "account that a direct debit takes the money from")


class Adjustment(Frozen):
    """An allowance (BG-20, BG-27) or charge (BG-21, BG-28); its amount is positive in both."""

    amount: Decimal | None = group("BT-92 allowance, BT-99 charge, on a line BT-136 and BT-141", "amount without VAT")
    base: Decimal | None = group("BT-93, BT-100, on a line BT-137, BT-142", "amount that the percentage is taken of")
    percentage: Decimal | None = group("BT-94, BT-101, on a line BT-138, BT-143", "percentage of the base")
    vat_category: str | None = group("BT-95, BT-102", "VAT category, a code of UNTDID 5305")
    vat_rate: Decimal | None = group("BT-96, BT-103", "VAT rate in percent")
    reason: str | None = group("BT-97, BT-104, on a line BT-139, BT-144", "why, in words")
    reason_code: str | None = group("BT-98, BT-105, on a line BT-140, BT-145", "why, as a code")


class Totals(Frozen):
    """The sums of the invoice (BG-22)."""

    lines: Decimal | None = term("BT-106", "sum of the lines' net amounts")
    allowances: Decimal | None = term("BT-107", "sum of allowances on the whole invoice")
    charges: Decimal | None = term("BT-108", "sum of charges on the whole invoice")
    net: Decimal | None = term("BT-109", "total without VAT")
    tax: Decimal | None = term("BT-110", "total VAT")
    tax_in_accounting_currency: Decimal | None = term("BT-111", "total VAT in the VAT accounting currency")
    gross: Decimal | None = term("BT-112", "total with VAT")
    paid: Decimal | None = term("BT-113", "what was paid before")
    rounding: Decimal | None = term("BT-114", "what rounding adds to the amount due")
    payable: Decimal | None = term("BT-115", "amount due for payment")


class Tax(Frozen):
    """VAT of one category and rate (BG-23)."""

    base: Decimal | None = term("BT-116", "amount that is taxed")
    amount: Decimal | None = term("BT-117", "the VAT")
    category: str | None = term("BT-118", "VAT category, a code of UNTDID 5305")
    rate: Decimal | None = term("BT-119", "rate in percent")
    exemption: str | None = term("BT-120", "why no VAT is due, in words")
    exemption_code: str | None = term("BT-121", "why no VAT is due, as a code")


class Annex(Frozen):
    """A supporting document (BG-24); its bytes stay in the XML."""

    reference: str | None = term("BT-122", "id of the annex")
    description: str | None = term("BT-123", "what the annex is")
    location: str | None = term("BT-124", "web address of the annex; nobody fetches it")
    media_type: str | None = term("BT-125-1", "media type of the attached file")
    filename: str | None = term("BT-125-2", "name of the attached file")


class Property(Frozen):
    """A property of an item (BG-32)."""

    name: str | None = term("BT-160", "what is told about the item")
    value: str | None = term("BT-161", "what is told")


class Line(Frozen):
    """One line (BG-25). A line that only carries a text has no amount; `kind` parts groups and remarks from what is billed."""

    id: str | None = term("BT-126", "id of the line")
    parent: str | None = group("not in EN 16931; BT-X-304 of the EXTENDED profile", "id of the line that this one is a part of")
    kind: str | None = group("not in EN 16931; BT-X-8 of the EXTENDED profile", "DETAIL, GROUP or INFORMATION where lines nest")
    note: str | None = term("BT-127", "remark on the line")
    object: str | None = term("BT-128", "what the line is about, such as a meter or a subscription")
    quantity: Decimal | None = term("BT-129", "quantity billed")
    unit: str | None = term("BT-130", "unit of the quantity, a code of UN/ECE Recommendation 20")
    net: Decimal | None = term("BT-131", "net amount of the line, allowances and charges included")
    order_line: str | None = term("BT-132", "line of the buyer's order")
    buyer_account: str | None = term("BT-133", "where the buyer books the line")
    period: Period | None = group("BG-26", "the days that the line is for")
    allowances: tuple[Adjustment, ...] = group("BG-27", "allowances on the line", ())
    charges: tuple[Adjustment, ...] = group("BG-28", "charges on the line", ())
    price: Decimal | None = term("BT-146", "net price of an item, discount deducted")
    price_discount: Decimal | None = term("BT-147", "discount on the gross price")
    gross_price: Decimal | None = term("BT-148", "price before discount")
    price_quantity: Decimal | None = term("BT-149", "quantity that the price is for")
    price_unit: str | None = term("BT-150", "unit of that quantity")
    vat_category: str | None = term("BT-151", "VAT category, a code of UNTDID 5305")
    vat_rate: Decimal | None = term("BT-152", "VAT rate in percent")
    name: str | None = term("BT-153", "name of the item")
    description: str | None = term("BT-154", "description of the item")
    seller_item: str | None = term("BT-155", "the seller's id of the item")
    buyer_item: str | None = term("BT-156", "the buyer's id of the item")
    standard_item: str | None = term("BT-157", "id of the item in a registered scheme, such as a GTIN")
    classes: tuple[str, ...] = term("BT-158", "classification codes of the item", ())
    origin: str | None = term("BT-159", "country of origin, ISO 3166-1")
    properties: tuple[Property, ...] = group("BG-32", "properties of the item", ())
    parts: tuple["Line", ...] = group("not in EN 16931; BG-DEX-01 of the XRechnung extension", "lines that this one sums up", ())


class Invoice(Frozen):
    """An invoice or credit note."""

    number: str | None = term("BT-1", "invoice number")
    issue_date: date | None = term("BT-2", "issue date")
    type_code: str | None = term("BT-3", "kind of document, a code of UNTDID 1001: 380 is an invoice, 381 a credit note")
    currency: str | None = term("BT-5", "currency of every amount, ISO 4217")
    tax_currency: str | None = term("BT-6", "currency in which the VAT is also told")
    tax_point: date | None = term("BT-7", "when the VAT becomes due")
    tax_point_code: str | None = term("BT-8", "what makes the VAT become due, a code")
    due_date: date | None = term("BT-9", "when the payment is due")
    buyer_reference: str | None = term("BT-10", "the buyer's routing id, in Germany the Leitweg-ID")
    project: str | None = term("BT-11", "project")
    contract: str | None = term("BT-12", "contract")
    order: str | None = term("BT-13", "the buyer's order")
    sales_order: str | None = term("BT-14", "the seller's order")
    receipt: str | None = term("BT-15", "receiving advice")
    despatch: str | None = term("BT-16", "despatch advice")
    tender: str | None = term("BT-17", "tender or lot")
    object: str | None = term("BT-18", "what the invoice is about, such as a meter or a subscription")
    buyer_account: str | None = term("BT-19", "where the buyer books the invoice")
    terms: str | None = term("BT-20", "payment terms in words")
    notes: tuple[Note, ...] = group("BG-1", "remarks", ())
    process: str | None = term("BT-23", "business process")
    specification: str | None = term("BT-24", "rules that the invoice claims to follow")
    preceding: tuple[Preceding, ...] = group("BG-3", "earlier invoices", ())
    seller: Seller = group("BG-4", "who sells", Seller())
    buyer: Buyer = group("BG-7", "who buys", Buyer())
    payee: Payee | None = group("BG-10", "who is paid, where that is not the seller")
    tax_representative: TaxRepresentative | None = group("BG-11", "who represents the seller before the tax office")
    delivery: Delivery | None = group("BG-13", "where and when it was delivered")
    period: Period | None = group("BG-14", "the days that the invoice is for")
    payment_reference: str | None = term("BT-83", "what to write on the transfer")
    payments: tuple[Payment, ...] = group("BG-16", "ways to pay", ())
    mandate: str | None = term("BT-89", "mandate of the direct debit")
    creditor: str | None = term("BT-90", "the creditor's id for direct debits")
    allowances: tuple[Adjustment, ...] = group("BG-20", "allowances on the whole invoice", ())
    charges: tuple[Adjustment, ...] = group("BG-21", "charges on the whole invoice", ())
    totals: Totals = group("BG-22", "the sums", Totals())
    taxes: tuple[Tax, ...] = group("BG-23", "VAT by category and rate", ())
    annexes: tuple[Annex, ...] = group("BG-24", "supporting documents", ())
    lines: tuple[Line, ...] = group("BG-25", "the lines", ())
