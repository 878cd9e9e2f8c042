"""What stands on a PDF page and in which order, said for whoever has it read aloud: headings, paragraphs, lists."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference
from reportlab.pdfgen.canvas import Canvas

Role: TypeAlias = Literal["H1", "H2", "P", "LI"]


class Tags:
    """The structure of a document of one page; items that follow each other become one list."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._roles: list[Role] = []

    @contextmanager
    def tag(self, role: Role) -> Iterator[None]:
        """What is drawn within is this."""
        inner = "LBody" if role == "LI" else role
        self._canvas._code.append(f"/{inner} <</MCID {len(self._roles)}>> BDC")
        yield
        self._canvas._code.append("EMC")
        self._roles.append(role)

    def close(self) -> None:
        """Put the structure into the file: once, after the page was shown and before the file is saved."""
        document = self._canvas._doc
        catalog, page = document.Catalog, document.Pages.pages[-1]
        tree = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        whole, root = self._element("Document", document.Reference(tree))
        tree["K"] = root
        marked: list[PDFObjectReference] = []
        whole["K"] = PDFArray(list(self._kids(root, document.Reference(page), marked)))
        tree["ParentTree"] = document.Reference(PDFDictionary({"Nums": PDFArray([0, PDFArray(marked)])}))
        catalog.StructTreeRoot = tree
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        # reportlab writes the keys of a page that it knows; these two make the page part of the structure.
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = 0, PDFName("S")

    def _kids(self, root: Any, page: Any, marked: list[PDFObjectReference]) -> Iterator[PDFObjectReference]:
        listed: PDFArray | None = None
        around = root
        for number, role in enumerate(self._roles):
            if role != "LI":
                listed = None
                marked.append(self._element(role, root, Pg=page, K=number)[1])
                yield marked[-1]
                continue
            if listed is None:
                listed = PDFArray([])
                around = self._element("L", root, K=listed)[1]
                yield around
            item, place = self._element("LI", around)
            item["K"] = self._element("LBody", place, Pg=page, K=number)[1]
            marked.append(item["K"])
            listed.sequence.append(place)

    def _element(self, role: str, parent: Any, **more: Any) -> tuple[PDFDictionary, PDFObjectReference]:
        made = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(role), "P": parent, **more})
        return made, self._canvas._doc.Reference(made)
