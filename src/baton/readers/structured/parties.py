"""The parties of an invoice, as EN 16931-1 knows them."""

from datetime import date

from baton.readers.structured.terms import group, term
from baton.types.frozen import Frozen


class Address(Frozen):
    """A postal address. The numbers are the seller's, the buyer's, the tax representative's, and the place of delivery's."""

    street: str | None = group("BT-35, BT-50, BT-64, BT-75", "first line, mostly the street")
    more: str | None = group("BT-36, BT-51, BT-65, BT-76", "second line")
    still_more: str | None = group("BT-162, BT-163, BT-164, BT-165", "third line")
    city: str | None = group("BT-37, BT-52, BT-66, BT-77", "city")
    postcode: str | None = group("BT-38, BT-53, BT-67, BT-78", "postal code")
    region: str | None = group("BT-39, BT-54, BT-68, BT-79", "part of the country")
    country: str | None = group("BT-40, BT-55, BT-69, BT-80", "country, ISO 3166-1")


class Seller(Frozen):
    """Who sells (BG-4), with the contact (BG-6)."""

    name: str | None = term("BT-27", "full name of the seller")
    trading_name: str | None = term("BT-28", "name the seller is known by")
    ids: tuple[str, ...] = term("BT-29", "ids of the seller", ())
    registration: str | None = term("BT-30", "the seller's number in a register of companies")
    vat_id: str | None = term("BT-31", "the seller's VAT id")
    tax_number: str | None = term("BT-32", "the seller's number at the tax office")
    legal_note: str | None = term("BT-33", "what the law wants told about the seller")
    electronic_address: str | None = term("BT-34", "where the seller receives electronic documents")
    address: Address | None = group("BG-5", "the seller's address")
    contact: str | None = term("BT-41", "person or department")
    phone: str | None = term("BT-42", "phone of the contact")
    email: str | None = term("BT-43", "e-mail address of the contact")


class Buyer(Frozen):
    """Who buys (BG-7), with the contact (BG-9)."""

    name: str | None = term("BT-44", "full name of the buyer")
    trading_name: str | None = term("BT-45", "name the buyer is known by")
    id: str | None = term("BT-46", "id of the buyer, mostly the customer number")
    registration: str | None = term("BT-47", "the buyer's number in a register of companies")
    vat_id: str | None = term("BT-48", "the buyer's VAT id")
    electronic_address: str | None = term("BT-49", "where the buyer receives electronic documents")
    address: Address | None = group("BG-8", "the buyer's address")
    contact: str | None = term("BT-56", "person or department")
    phone: str | None = term("BT-57", "phone of the contact")
    email: str | None = term("BT-58", "e-mail address of the contact")


class Payee(Frozen):
    """Who is paid, where that is not the seller (BG-10)."""

    name: str | None = term("BT-59", "name of the payee")
    id: str | None = term("BT-60", "id of the payee")
    registration: str | None = term("BT-61", "the payee's number in a register of companies")


class TaxRepresentative(Frozen):
    """Who represents the seller before the tax office (BG-11)."""

    name: str | None = term("BT-62", "name of the representative")
    vat_id: str | None = term("BT-63", "the representative's VAT id")
    address: Address | None = group("BG-12", "the representative's address")


class Delivery(Frozen):
    """Where and when it was delivered (BG-13)."""

    party: str | None = term("BT-70", "who received it")
    location: str | None = term("BT-71", "id of the place")
    delivered: date | None = term("BT-72", "day of the delivery")
    address: Address | None = group("BG-15", "address of the place")
