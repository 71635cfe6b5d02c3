"""A table over several pages made one table of the tag tree again.

The engine that sets the pages tags what stands on each page on its own, so that one would hear a new table on every
page. The decision a reader would question: a table is known to go on from the page before by having no caption, since
every table of ours has one, on its first page. Its repeated head is then no part of the tree: it becomes an artifact.
"""

from collections.abc import Callable, Iterable
from typing import Any

import pydyf

At = Callable[[bytes], Any]


def joined(tables: Iterable[Any], at: At) -> None:
    """Join tables, which are in reading order, with what goes on of them; ``at`` gives the object of a reference."""
    first: Any = None
    for table in tables:
        if first is None or _parts(table, at, "/Caption"):
            first = table
        else:
            _join(first, table, at)


def _parts(element: Any, at: At, *kinds: str) -> list[Any]:
    found = [at(one) for one in element["K"] if isinstance(one, bytes)]
    return [one for one in found if one.get("S") in kinds]


def _join(table: Any, rest: Any, at: At) -> None:
    """Move the rows of the ``rest`` to the table and take it out of the tree."""
    heads = {_name(old): new["ID"] for old, new in zip(_heads(rest, at), _heads(table, at), strict=False)}
    for part in _parts(rest, at, "/TBody"):
        _name_heads(part, heads, at)
        before = _parts(table, at, "/TBody")
        if before and not _has_heading(part, at):
            for row in _parts(part, at, "/TR"):
                row["P"] = before[-1].reference
            before[-1]["K"] += part["K"]
        else:
            part["P"] = table.reference
            table["K"].append(part.reference)
    _remove(rest, at)


def _heads(table: Any, at: At) -> list[Any]:
    """The header cells of the columns."""
    rows = [row for part in _parts(table, at, "/THead") for row in _parts(part, at, "/TR")]
    return [cell for row in rows for cell in _parts(row, at, "/TH")]


def _name(cell: Any) -> str:
    return str(cell["ID"].string)


def _name_heads(part: Any, heads: dict[str, Any], at: At) -> None:
    """The cells name the header cells of the first page."""
    for row in _parts(part, at, "/TR"):
        for cell in _parts(row, at, "/TD"):
            cell["A"]["Headers"] = pydyf.Array(heads.get(str(one.string), one) for one in cell["A"]["Headers"])


def _has_heading(part: Any, at: At) -> bool:
    """Whether a block of rows begins with a row of its own heading; what is cut by a page does not."""
    first = _parts(part, at, "/TR")[:1]
    return bool(first) and not _parts(first[0], at, "/TD")


def _remove(element: Any, at: At) -> None:
    """Take an element out of the tree, with what holds nothing but it."""
    above = at(element["P"])
    above["K"].remove(element.reference)
    if not above["K"] and above["S"] != "/Document":
        _remove(above, at)
