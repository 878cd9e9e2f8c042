"""A supplier's invoice as Factur-X: the page for people, and the same as UN/CEFACT CII (EN 16931) attached to it."""

from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString
from reportlab.pdfgen.canvas import Canvas

from samples.billing import UNITS, Bill, pdf

_NAME: Final = "factur-x.xml"
_CII: Final = "urn:un:unece:uncefact:data:standard"


def facturx(bill: Bill) -> bytes:
    """The page, with its XML inside."""
    return pdf(bill, lambda canvas: _attach(canvas, cii(bill)))


def cii(bill: Bill) -> bytes:
    """The invoice as CII D16B."""
    currency, sums = bill.supplier["currency"], sum((line.net for line in bill.spec.lines), Decimal(0))
    lines = "\n".join(_line(bill, number) for number in range(1, len(bill.spec.lines) + 1))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="{_CII}:CrossIndustryInvoice:100" xmlns:udt="{_CII}:UnqualifiedDataType:100"
    xmlns:ram="{_CII}:ReusableAggregateBusinessInformationEntity:100">
  <rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
    <ram:ID>urn:cen.eu:en16931:2017</ram:ID>
  </ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
  <rsm:ExchangedDocument>
    <ram:ID>{bill.spec.number}</ram:ID><ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="102">{bill.day:%Y%m%d}</udt:DateTimeString></ram:IssueDateTime>
  </rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>
{lines}
    <ram:ApplicableHeaderTradeAgreement>
      <ram:SellerTradeParty><ram:Name>{escape(bill.supplier["name"])}</ram:Name></ram:SellerTradeParty>
      <ram:BuyerTradeParty><ram:Name>Wrenfield &amp; Oake B.V.</ram:Name></ram:BuyerTradeParty>
      <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>{bill.spec.order}</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>
    </ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeDelivery/>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:InvoiceCurrencyCode>{currency}</ram:InvoiceCurrencyCode>
      <ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode>
        <ram:PayeePartyCreditorFinancialAccount><ram:IBANID>{bill.account}</ram:IBANID></ram:PayeePartyCreditorFinancialAccount>
      </ram:SpecifiedTradeSettlementPaymentMeans>
      <ram:ApplicableTradeTax>
        <ram:CalculatedAmount>{bill.tax}</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>
        <ram:BasisAmount>{bill.net}</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode>
        <ram:RateApplicablePercent>{bill.rate}</ram:RateApplicablePercent>
      </ram:ApplicableTradeTax>
{_freight(bill) if bill.spec.freight else ""}
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        <ram:LineTotalAmount>{sums}</ram:LineTotalAmount><ram:ChargeTotalAmount>{bill.spec.freight}</ram:ChargeTotalAmount>
        <ram:TaxBasisTotalAmount>{bill.net}</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="{currency}">{bill.tax}</ram:TaxTotalAmount>
        <ram:GrandTotalAmount>{bill.total}</ram:GrandTotalAmount><ram:DuePayableAmount>{bill.total}</ram:DuePayableAmount>
      </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
""".encode()


def _freight(bill: Bill) -> str:
    return f"""      <ram:SpecifiedTradeAllowanceCharge>
        <ram:ChargeIndicator><udt:Indicator>true</udt:Indicator></ram:ChargeIndicator>
        <ram:ActualAmount>{bill.spec.freight}</ram:ActualAmount><ram:Reason>Freight</ram:Reason>
        <ram:CategoryTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>
          <ram:RateApplicablePercent>{bill.rate}</ram:RateApplicablePercent></ram:CategoryTradeTax>
      </ram:SpecifiedTradeAllowanceCharge>"""


def _line(bill: Bill, number: int) -> str:
    line = bill.spec.lines[number - 1]
    return f"""    <ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument><ram:LineID>{number}</ram:LineID></ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedTradeProduct>
        <ram:BuyerAssignedID>{line.item}</ram:BuyerAssignedID><ram:Name>{escape(line.name)}</ram:Name>
      </ram:SpecifiedTradeProduct>
      <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>
        <ram:ChargeAmount>{line.price}</ram:ChargeAmount>
      </ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
      <ram:SpecifiedLineTradeDelivery>
        <ram:BilledQuantity unitCode="{UNITS.get(line.unit, line.unit)}">{line.quantity}</ram:BilledQuantity>
      </ram:SpecifiedLineTradeDelivery>
      <ram:SpecifiedLineTradeSettlement>
        <ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>
          <ram:RateApplicablePercent>{bill.rate}</ram:RateApplicablePercent></ram:ApplicableTradeTax>
        <ram:SpecifiedTradeSettlementLineMonetarySummation>
          <ram:LineTotalAmount>{line.net}</ram:LineTotalAmount>
        </ram:SpecifiedTradeSettlementLineMonetarySummation>
      </ram:SpecifiedLineTradeSettlement>
    </ram:IncludedSupplyChainTradeLineItem>"""


def _attach(canvas: Canvas, xml: bytes) -> None:
    """As PDF/A-3 and Factur-X 1.0 name it: an associated file that is an alternative to the page."""
    document = canvas._doc
    stream = PDFStream(PDFDictionary({"Type": PDFName("EmbeddedFile"), "Subtype": PDFName("text/xml")}), xml)
    inside = PDFDictionary({"F": document.Reference(stream), "UF": document.Reference(stream)})
    told = {"Type": PDFName("Filespec"), "F": PDFString(_NAME), "UF": PDFString(_NAME), "EF": inside}
    file = document.Reference(PDFDictionary({**told, "AFRelationship": PDFName("Alternative")}))
    names = PDFDictionary({"Names": PDFArray([PDFString(_NAME), file])})
    document.Catalog.Names = PDFDictionary({"EmbeddedFiles": names})
    document.Catalog.AF = PDFArray([file])
    document.Catalog.__NoDefault__ = [*document.Catalog.__NoDefault__, "AF"]
