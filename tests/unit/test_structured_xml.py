import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.readers.structured import xml
from baton.readers.structured.read import NoInvoice, read_invoice
from baton.readers.structured.xml import NoXml, parse, text_of

BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><Invoice>&lol3;</Invoice>"""
OUTSIDE = '<!DOCTYPE a [<!ENTITY secret SYSTEM "file:///etc/passwd">]><a>&secret;</a>'
REMOTE = '<!DOCTYPE Invoice SYSTEM "http://127.0.0.1:9/invoice.dtd"><Invoice/>'


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, REMOTE])
def test_xml_that_brings_its_own_document_type_is_refused_before_anything_in_it_counts(text: str) -> None:
    with pytest.raises(NoXml, match="document type"):
        parse(text)


def test_an_entity_that_nobody_declared_is_broken_xml() -> None:
    with pytest.raises(NoXml, match="broken"):
        parse("<a>&secret;</a>")


def test_xml_nested_too_deep_is_refused_and_not_followed() -> None:
    with pytest.raises(NoXml, match="inside each other"):
        parse("<a>" * 100_000 + "</a>" * 100_000)


def test_xml_with_too_many_elements_is_refused() -> None:
    with pytest.raises(NoXml, match="elements"):
        parse("<a>" + "<b/>" * (xml.MOST_ELEMENTS + 1) + "</a>")


def test_more_bytes_than_an_invoice_ever_has_are_refused_unread() -> None:
    with pytest.raises(NoXml, match="ask for it without annexes"):
        text_of(b"<a>" + b" " * xml.MOST_BYTES + b"</a>")


def test_a_big_annex_is_read_in_time() -> None:
    begun = time.perf_counter()
    root = parse(f"<a><b>{'QUJD' * 500_000}</b><c>7</c></a>")
    assert [leaf.value for leaf in root.leaves()][1] == "7"
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    "data",
    [
        '<?xml version="1.0" encoding="ISO-8859-1"?><a>Müller</a>'.encode("latin-1"),
        '<?xml version="1.0" encoding="windows-1252"?><a>Müller</a>'.encode("cp1252"),
        b"\xef\xbb\xbf" + "<a>Müller</a>".encode(),
        b"\xff\xfe" + "<a>Müller</a>".encode("utf-16-le"),
        "<a>Müller</a>".encode(),
    ],
)
def test_the_letters_are_right_in_every_encoding_that_the_file_declares(data: bytes) -> None:
    assert parse(text_of(data)).value == "Müller"


def test_an_encoding_that_does_not_exist_is_told_by_its_name() -> None:
    with pytest.raises(NoXml, match="`UTF-8-W/O-BOM`"):
        text_of(b'<?xml version="1.0" encoding="UTF-8-W/O-BOM"?><a/>')


def test_bytes_that_are_not_in_the_declared_encoding_are_refused() -> None:
    with pytest.raises(NoXml, match="not written in it"):
        text_of(b'<?xml version="1.0" encoding="UTF-8"?><a>\xff\xfe</a>')


def test_every_value_knows_its_path_and_its_letters_in_the_document() -> None:
    text = '<p:a xmlns:p="urn:x"><p:b c=">">éé</p:b><p:b><p:d> 7 </p:d></p:b></p:a>'
    first, second = parse(text).leaves()
    assert (first.path, second.path) == ("/p:a/p:b", "/p:a/p:b[2]/p:d")
    assert (text[slice(*first.span)], text[slice(*second.span)]) == ("éé", " 7 ")
    assert (first.attributes, second.value) == ({"c": ">"}, "7")


@given(st.binary(max_size=200) | st.text(alphabet="<>/&;!?[]abc \"'=-", max_size=200).map(str.encode))
def test_whatever_the_bytes_are_nothing_but_a_clear_refusal_comes_out(data: bytes) -> None:
    with pytest.raises((NoXml, NoInvoice)):
        read_invoice(data)
