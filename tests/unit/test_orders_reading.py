"""Forms with labels beside, above and at the head of columns, laid out word by word."""

import math
import re
from collections.abc import Sequence

from baton.documents.layout import rows_of
from baton.documents.text import page_of_text
from baton.readers.finding import key
from baton.readers.orders.forms import BilledBooking, Booking
from baton.readers.orders.rules import OrderRules
from baton.readers.reader import Source
from baton.types.canonical import Json
from baton.types.documents import Document, Page, Reading, Word
from baton.types.ids import DocumentId

WIDE, HIGH, LETTER, TALL = 612.0, 792.0, 5.0, 10.0

Cells = Sequence[tuple[float, float, str]]
"""Left, top and text; every letter five points wide and ten high."""

CONTRACT: Cells = [
    (20, 40, "Harbour Radio"), (250, 40, "Contract / Revision"), (420, 40, "Alt Order #"),
    (20, 52, "12 Quay Street"), (250, 52, "881204"), (330, 52, "/"), (420, 52, "ZX5501"),
    (250, 64, "Advertiser"), (420, 64, "Original Date / Revision"),
    (250, 76, "Friends of the Old Lighthouse"), (420, 76, "02/03/21"), (500, 76, "/ 02/17/21"),
    (250, 88, "Contract Dates"), (420, 88, "Estimate #"),
    (250, 100, "03/15/21 - 04/11/21"), (420, 100, "4410"),
    (20, 124, "*Line"), (80, 124, "Start Date"), (160, 124, "End Date"), (420, 124, "Amount"),
    (20, 136, "1"), (80, 136, "03/15/21"), (160, 136, "03/21/21"), (420, 136, "$1,200.00"),
    (20, 148, "2"), (80, 148, "03/22/21"), (160, 148, "04/11/21"), (420, 148, "$2,800.00"),
    (20, 200, "Time Period"), (150, 200, "# of Spots"), (250, 200, "Gross Amount"),
    (340, 200, "Agency Comm."), (440, 200, "Net Amount"),
    (20, 212, "03/01/21 -03/28/21"), (150, 212, "6"), (250, 212, "$1,200.00"), (340, 212, "($180.00)"), (440, 212, "$1,020.00"),
    (20, 224, "03/29/21 -04/11/21"), (150, 224, "9"), (250, 224, "$2,800.00"), (340, 224, "($420.00)"), (440, 224, "$2,380.00"),
    (20, 236, "Totals"), (150, 236, "15"), (250, 236, "$4,000.00"), (340, 236, "($600.00)"), (440, 236, "$3,400.00"),
]  # fmt: skip

INVOICE: Cells = [
    (20, 40, "Remit to Pine Valley Posters"), (250, 40, "Advertiser:"), (330, 40, "Marsh & Daughters"),
    (470, 40, "Invoice #"), (540, 40, "70412-3"),
    (250, 52, "Advertiser Code"), (350, 52, "9921"), (470, 52, "Order #"), (540, 52, "70412"),
    (250, 64, "Invoice Period"), (330, 64, "05/01/22 - 05/31/22"),
    (250, 76, "Order Flight"), (330, 76, "05/09/22 - 06/19/22"),
    (250, 120, "Gross Total"), (400, 120, "$900.00"),
    (250, 132, "Agency Commission"), (400, 132, "$135.00"),
    (250, 144, "Net Amount Due"), (400, 144, "$765.00"),
]  # fmt: skip


def form(cells: Cells, turned: float = 0.0) -> Source:
    """A page with these cells, turned by so many degrees."""
    words = [word for left, top, text in cells for word in _words(left, top, text, math.radians(turned))]
    page = Page(number=1, width=WIDE, height=HIGH, text="", words=tuple(words), lines=tuple(rows_of(words, WIDE, HIGH)))
    document = Document(id=DocumentId("d" * 64), name="form.pdf", media_type="application/pdf", size=1)
    return Source(document=document, reading=Reading(document=document.id, how="text_layer", reader="test/1", pages=(page,)))


def _words(left: float, top: float, text: str, angle: float) -> list[Word]:
    found = []
    for match in re.finditer(r"\S+", text):
        a, b = left + match.start() * LETTER, left + match.end() * LETTER
        corners = ((a, top), (b, top), (b, top + TALL), (a, top + TALL))
        turned = ((x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)) for x, y in corners)
        found.append(Word(text=match.group(), polygon=tuple((x / WIDE, y / HIGH) for x, y in turned)))
    return found


def read(cells: Cells, turned: float = 0.0, asked: type[Booking] = Booking) -> dict[str, Json]:
    filled = key(asked, [form(cells, turned)], [OrderRules()])
    return {field.name: field.value for field in filled.fields}


def test_labels_above_their_values_are_read_with_the_sum_of_the_gross_column() -> None:
    assert read(CONTRACT) == {
        "contract_number": "881204",
        "advertiser": "Friends of the Old Lighthouse",
        "gross_amount": {"amount": "4000.00", "currency": "USD"},
        "starts": "2021-03-15",
        "ends": "2021-04-11",
    }


def test_a_page_that_was_scanned_askew_says_the_same() -> None:
    assert read(CONTRACT, turned=2.5) == read(CONTRACT)


def test_labels_beside_their_values_are_read_and_the_flight_outranks_the_billing_period() -> None:
    found = read(INVOICE, asked=BilledBooking)
    assert found["advertiser"] == "Marsh & Daughters"
    assert (found["invoice_number"], found["order_number"]) == ("70412-3", "70412")
    assert (found["starts"], found["ends"]) == ("2022-05-09", "2022-06-19")
    assert found["gross_amount"] == {"amount": "900.00", "currency": "USD"}
    assert found["net_amount"] == {"amount": "765.00", "currency": "USD"}


def test_an_invoices_own_number_stands_for_the_contract_where_no_contract_is_named() -> None:
    assert read(INVOICE)["contract_number"] == "70412-3"


def test_the_net_is_the_whole_amount_where_nothing_is_called_gross() -> None:
    direct = [cell for cell in INVOICE if cell[1] < 120] + [(250, 120, "Net Total"), (400, 120, "$310.00")]
    assert read(direct)["gross_amount"] == {"amount": "310.00", "currency": "USD"}


def test_the_code_of_an_advertiser_is_no_advertiser() -> None:
    assert (
        read([(20, 40, "Advertiser Code"), (150, 40, "Northwind"), (20, 60, "Comments"), (150, 60, "none")])["advertiser"] is None
    )


def test_a_name_that_breaks_over_two_lines_is_read_whole() -> None:
    broken = [
        (20, 40, "Advertiser"),
        (120, 40, "Committee for the Preservation"),
        (120, 50, "of Covered Bridges"),
        (20, 66, "Product"),
        (120, 66, "Issue"),
    ]
    assert read(broken)["advertiser"] == "Committee for the Preservation of Covered Bridges"


def test_a_sentence_about_advertisers_names_none() -> None:
    prose = "the advertiser shall pay to the station all amounts that are due under this agreement and its terms"
    assert read([(20, 40, prose)])["advertiser"] is None


def test_an_agency_share_of_fifteen_percent_proves_which_total_is_gross() -> None:
    priced = [
        (20, 40, "Total Gross price if paying by card:"), (300, 40, "$1,025.00"),
        (20, 52, "Total Gross price if paying by check:"), (300, 52, "$1,000.00"),
        (20, 64, "Total Net price if paying by check:"), (300, 64, "$850.00"),
    ]  # fmt: skip
    assert read(priced)["gross_amount"] == {"amount": "1000.00", "currency": "USD"}


def test_dates_that_touch_their_dash_are_two_dates() -> None:
    found = read([(20, 40, "Schedule Dates"), (140, 40, "09/29/23-10/13/23")])
    assert (found["starts"], found["ends"]) == ("2023-09-29", "2023-10-13")


def test_in_a_text_without_places_only_what_stands_beside_a_label_is_read() -> None:
    text = "Contract #\nAdvertiser\n5512\nOrchard Guild\nGross Total $88.00\nFlight Dates: 05/14/23 - 05/20/23"
    document = Document(id=DocumentId("e" * 64), name="form.txt", media_type="text/plain", size=1)
    reading = Reading(document=document.id, how="text", reader="test/1", pages=(page_of_text(text),))
    filled = key(Booking, [Source(document=document, reading=reading)], [OrderRules()])
    found = {field.name: field.value for field in filled.fields}
    assert (found["contract_number"], found["advertiser"]) == (None, None)
    assert (found["gross_amount"], found["starts"]) == ({"amount": "88.00", "currency": "USD"}, "2023-05-14")


def test_values_carry_the_place_where_they_are_printed() -> None:
    filled = key(Booking, [form(INVOICE)], [OrderRules()])
    places = {field.name: field.evidence.text for field in filled.fields if field.evidence}
    assert places == {
        "contract_number": "70412-3",
        "advertiser": "Marsh & Daughters",
        "gross_amount": "$900.00",
        "starts": "05/09/22",
        "ends": "06/19/22",
    }
