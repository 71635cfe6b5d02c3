"""The tag tree of a PDF made right where the engine that sets the pages leaves it short of PDF/UA-1.

The decision a reader would question: we write into another program's objects. The engine lets a caller do so before the
file is written, tags nearly everything itself, and what it leaves open (scope of header cells, lists within divisions,
running heads as text, the words of a drawing beside it) is found by every checker.
"""

from collections.abc import Iterator
from typing import Any

import pydyf

from palermo.report.documents.long_tables import joined

POINTS = 0.75  # of a pixel of the page
PRINTED = 4  # flag of an annotation: also on paper (ISO 32000-1, table 165)
RUNNING = {"Type": "/Pagination"}  # ISO 32000-1, 14.8.2.2.2


def completed(_document: Any, pdf: pydyf.PDF) -> None:
    """Complete the tags of a PDF that is about to be written."""
    tree = _Tree(pdf)
    joined([one for one in tree.walk(tree.root) if one["S"] == "/Table"], tree.at)
    shown: dict[int, set[int]] = {}
    for element in tree.walk(tree.root):
        tree.complete(element)
    for element in tree.walk(tree.root):
        marks = [one for one in element["K"] if isinstance(one, int)]
        if marks:
            shown.setdefault(_number(element["Pg"]), set()).update(marks)
    for place, number in enumerate(pdf.pages["Kids"][::3]):
        page = pdf.objects[number]
        for reference in page.get("Annots", ()):
            tree.at(reference)["F"] = PRINTED
        unread = _as_artifacts(tree.at(page["Contents"]).stream, shown.get(number, set()))
        tree.forget(place, unread)


class _Tree:
    def __init__(self, pdf: pydyf.PDF) -> None:
        self.objects = pdf.objects
        self.top = self.at(pdf.catalog["StructTreeRoot"])
        self.root = self.at(self.top["K"][0])

    def at(self, reference: bytes) -> Any:
        """The object of a reference."""
        return self.objects[_number(reference)]

    def kids(self, element: Any) -> list[Any]:
        """The elements directly within one."""
        found = [self.at(one) for one in element["K"] if isinstance(one, bytes)]
        return [one for one in found if one.get("Type") == "/StructElem"]

    def walk(self, element: Any) -> Iterator[Any]:
        """An element and all within it; what is changed in one before the next is asked for is seen."""
        yield element
        for kid in self.kids(element):
            yield from self.walk(kid)

    def complete(self, element: Any) -> None:
        """What one element lacks."""
        kind = element["S"]
        if kind == "/L":
            self._lift(element)
        elif kind == "/Table":
            self._head(element)
        elif kind == "/Figure":
            self._place(element)
        elif kind == "/Div":
            self._hold_words(element)
        elif kind == "/Span" and self._is_linked(element):
            element["S"] = "/Link"

    def _lift(self, element: Any) -> None:
        """A list holds its items and nothing between: take away the divisions around them."""
        lifted = pydyf.Array()
        for one in element["K"]:
            kid = self.at(one)
            if kid["S"] != "/Div":
                lifted.append(one)
                continue
            for item in self.kids(kid):
                item["P"] = element.reference
            lifted += kid["K"]
        element["K"] = lifted

    def _head(self, table: Any) -> None:
        """Header cells say what they head; the cells below the heading of a block name it too."""
        for part in self.kids(table):
            group: Any = None
            for row in self.kids(part):
                cells = self.kids(row)
                heads = [one for one in cells if one["S"] == "/TH"]
                if part["S"] == "/TBody" and heads and len(heads) == len(cells):
                    group = heads[0].get("ID")
                is_column = part["S"] == "/THead" or len(heads) == len(cells)
                for cell in heads:
                    cell["A"]["Scope"] = "/Column" if is_column else "/Row"
                for cell in cells:
                    if group and cell["S"] == "/TD":
                        cell["A"]["Headers"].append(group)

    def _place(self, figure: Any) -> None:
        """The box of a drawing in points from below, where the engine writes pixels from above."""
        height = float(self.at(figure["Pg"])["MediaBox"][3])
        left, top, right, bottom = (POINTS * float(one) for one in figure["A"]["BBox"])
        figure["A"]["BBox"] = pydyf.Array((left, height - bottom, right, height - top))

    def _hold_words(self, element: Any) -> None:
        """The words set over a drawing become part of it, so that they are not read again after its text."""
        kids = self.kids(element)
        if [one["S"] for one in kids] == ["/Figure", "/Div"]:
            figure, words = kids
            words["S"], words["P"] = "/Span", figure.reference
            figure["K"].append(words.reference)
            element["K"].remove(words.reference)

    def _is_linked(self, element: Any) -> bool:
        return any(isinstance(one, bytes) and self.at(one).get("Type") == "/OBJR" for one in element["K"])

    def forget(self, page: int, unread: set[int]) -> None:
        """Take the marked contents that nobody reads out of the list of a page."""
        numbers = self.at(self.top["ParentTree"])["Nums"]
        elements = numbers[2 * page + 1]
        for mark in unread:
            elements[mark] = b"null"


def _as_artifacts(stream: list[Any], read: set[int]) -> set[int]:
    """Turn what no element of the tree holds, the heads and feet of the pages, into artifacts; return their marks."""
    unread = set()
    for place, item in enumerate(stream):
        if isinstance(item, pydyf.Dictionary) and "MCID" in item and item["MCID"] not in read:
            unread.add(item["MCID"])
            stream[place - 1], stream[place] = "/Artifact", pydyf.Dictionary(RUNNING)
    return unread


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
