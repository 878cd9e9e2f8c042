"""What suppliers send: quotes, confirmations, invoices and credit notes, as the samples describe them."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from baton.types.frozen import Frozen


class PaperLine(Frozen):
    """One line of a supplier's paper."""

    item: str = ""
    name: str
    quantity: Decimal
    unit: str = "pcs"
    price: Decimal

    @property
    def net(self) -> Decimal:
        """What it comes to."""
        return (self.quantity * self.price).quantize(Decimal("0.01"))


class SupplierPaper(Frozen):
    """A paper of a supplier of ours."""

    kind: Literal["supplier-paper"]
    name: str = Field(description="the attachment's file name")
    form: Literal["pdf", "factur-x", "scan", "ubl"] = "pdf"
    title: Literal["Invoice", "Credit note", "Order confirmation", "Quotation"] = "Invoice"
    number: str
    supplier: str = Field(description="an id in vendors.csv")
    order: str = Field(default="", description="the order it names")
    lines: tuple[PaperLine, ...]
    freight: Decimal = Decimal(0)
    account: str = Field(default="", description="instead of the supplier's own account on file")
    period: tuple[str, str] | None = Field(default=None, description="first and last day, as in `today-40`")
    hidden: str = Field(default="", description="white text on white paper, for whoever reads the text layer only")
    skew: float = 0.8
    noise: float = 4.0
    blur: float = 0.0
    shadow: float = 0.2
    quality: int = 75
