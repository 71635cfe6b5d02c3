"""A view of a cube as its address says it: ``?rows=sex&columns=age&time_period=2021``.

The decision a reader would question: a name or code that does not occur is not an error but a view without figures, and
the page says "not published". Only a word that is no dimension at all is refused, so that a mistyped address is seen.
A code for the dimension of the rows or the columns (``?rows=sex&sex=F``) leaves that row or column alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from palermo.codes.areas import WORLD
from palermo.errors import UsageError
from palermo.language import _, number
from palermo.release.schema import DIMENSIONS
from palermo.report.explore.cubes import FIRST, Cube

ROWS_A_PAGE = 60
CELLS_A_PAGE = 500  # wide tables have fewer rows a page, so that no page is over 100 kB
COLUMNS_AT_MOST = 12
WORDS = ("rows", "columns", "page", "sort")
BY_CODE, BY_SIZE = "code", "size"
SORTS = (BY_CODE, BY_SIZE)


class ViewError(UsageError):
    """An address that asks for no view: the word at fault, what it said and what was expected, in words as well."""

    def __init__(self, message: str, word: str, found: str, expected: str) -> None:
        super().__init__(message)
        self.word, self.found, self.expected = word, found, expected


@dataclass(frozen=True)
class View:
    """What is shown of a cube: the dimension down, the one across or none, and one code for every other dimension.

    ``filters`` may hold a code for the dimension down or across too: that row or column alone is shown.
    """

    cube: Cube
    rows: str
    columns: str | None
    filters: Mapping[str, str]
    page: int = 1
    sort: str = BY_CODE

    @property
    def alone(self) -> dict[str, str]:
        """The codes to which rows and columns are restricted."""
        return {name: code for name, code in self.filters.items() if name in {self.rows, self.columns}}

    def query(self, **changed: str | int) -> dict[str, str]:
        """The words of the address of this view, with some of them changed; what is as it begins is left out."""
        told: dict[str, str] = {"rows": self.rows, "columns": self.columns or "", **self.filters}
        if self.sort != BY_CODE:
            told["sort"] = self.sort
        told |= {name: str(value) for name, value in changed.items()}
        return {name: value for name, value in told.items() if not (name == "page" and value == "1")}


def view_of(cube: Cube, asked: Mapping[str, str]) -> View:
    """The view that an address asks for, with what it leaves out filled in. Raises ``ViewError`` naming the word."""
    known = (*WORDS, *DIMENSIONS)
    strange = sorted(set(asked) - set(known))
    if strange:
        words = ", ".join(known)
        told = _("{word}: found no such word, expected one of {expected}", word=strange[0], expected=words)
        raise ViewError(told, strange[0], strange[0], words)
    rows = _dimension(cube, "rows", asked.get("rows", "")) or _rows(cube)
    columns = _columns(cube, asked, rows)
    filters = _filters(cube, asked, (rows, columns))
    return View(cube, rows, columns, filters, _page(asked.get("page", "1")), _sort(asked.get("sort", BY_CODE)))


def _filters(cube: Cube, asked: Mapping[str, str], shown: tuple[str, str | None]) -> Mapping[str, str]:
    """One code for each dimension not shown: as asked, else as it begins, else one with which anything is there."""
    rest = [name for name in DIMENSIONS if name not in shown]
    varying = [name for name in rest if name in cube.dimensions or _is_broken_down(cube, name, asked)]
    alone = {name: asked[name] for name in shown if name and asked.get(name)}
    filters = {name: asked.get(name) or cube.default(name) for name in varying} | alone
    free = [name for name in varying if not asked.get(name)]
    if not free or cube.grid(*shown, filters).filled.rows:
        return filters
    fixed = {name: code for name, code in filters.items() if name not in free}
    for name in free:
        held = cube.occurring(name, fixed)
        fixed[name] = filters[name] if filters[name] in held or not held else held[0]
    return fixed


def _is_broken_down(cube: Cube, name: str, asked: Mapping[str, str]) -> bool:
    """Whether an address asks for a part of what this cube does not break down; it must not get the whole instead."""
    code, held = asked.get(name), cube.codes[name]
    return bool(code) and code not in held and not {code, *held} <= {*FIRST}


def _dimension(cube: Cube, word: str, name: str) -> str | None:
    if name and name not in DIMENSIONS:
        names = ", ".join(cube.dimensions)
        told = _("{word}={found}: found no such dimension, expected one of {expected}",
                 word=word, found=name, expected=names)  # fmt: skip
        raise ViewError(told, word, name, names)
    return name or None


def _rows(cube: Cube) -> str:
    """The dimension to begin with: areas where several stand side by side without one of all of them together, else
    the first that tells who people are, else time, else the first."""
    if len(cube.codes["ref_area"]) > 1 and not {*cube.codes["ref_area"]} & {*FIRST, WORLD}:
        return "ref_area"
    told = [name for name in cube.dimensions if name not in {"ref_area", "time_period"}]
    return next(iter([*told, *reversed(cube.dimensions)]), "time_period")


def _columns(cube: Cube, asked: Mapping[str, str], rows: str) -> str | None:
    name = _dimension(cube, "columns", asked.get("columns", ""))
    if name == rows:
        told = _("columns={found}: rows and columns are the same, expected two different dimensions", found=name)
        raise ViewError(told, "columns", name, "two different dimensions")
    if name and not asked.get(name) and len(cube.codes[name]) > COLUMNS_AT_MOST and name != "time_period":
        many, most = number(len(cube.codes[name])), number(COLUMNS_AT_MOST)
        told = _("columns={found}: {n} codes, expected at most {most}; put it in rows", found=name, n=many, most=most)
        raise ViewError(told, "columns", name, f"at most {COLUMNS_AT_MOST} codes")
    return name


def _page(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        told = _("page={found}: expected a whole number from 1", found=text)
        raise ViewError(told, "page", text, "a whole number from 1")
    return int(text)


def _sort(text: str) -> str:
    if text not in SORTS:
        sorts = ", ".join(SORTS)
        told = _("sort={found}: expected one of {expected}", found=text, expected=sorts)
        raise ViewError(told, "sort", text, sorts)
    return text
