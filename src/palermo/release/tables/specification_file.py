"""What tables to print, from a TOML file: dimensions with their codes and groups, and tables over them.

A dimension names its codes, or ``areas = true`` (all countries, in the regions of M49), or ``from_data = true``. The
decision a reader would question: codes from the data are refused where tables are to be private, because which codes
occur is then told without noise.
"""

import tomllib
from pathlib import Path
from typing import Any

import pyarrow as pa

from palermo.codes import areas
from palermo.errors import UsageError
from palermo.release.tables.hierarchy import UNKNOWN, Dimension, of_areas
from palermo.release.tables.reading import codes_of
from palermo.release.tables.specification import Published, Specification

_DIMENSION = {"codes", "groups", "areas", "subregions", "from_data"}
_TABLE = {"name", "dimensions", "codes", "k"}


def read_specification(path: Path, rows: pa.Table, public_codes: bool = False) -> Specification:
    """The specification. ``public_codes`` refuses codes from the data. Raises ``UsageError`` naming what is wrong."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{path}: cannot be read as TOML: {error}") from None
    strange = sorted(set(said) - {"dimensions", "tables"})
    if strange or not isinstance(said.get("dimensions"), dict):
        raise UsageError(f"{path}: {', '.join(strange) or 'no dimensions'}; expected [dimensions.NAME] and [[tables]]")
    dimensions = [_dimension(path, name, one, rows, public_codes) for name, one in said["dimensions"].items()]
    tables = said.get("tables", [])
    if not isinstance(tables, list):
        raise UsageError(f"{path}: tables = {tables!r}; expected [[tables]] entries (with double brackets)")
    return Specification(tuple(dimensions), tuple(_table(path, one) for one in tables))


def _dimension(path: Path, name: str, said: Any, rows: pa.Table, public_codes: bool) -> Dimension:
    where = f"{path}: dimension {name}"
    _check(where, said, _DIMENSION)
    if public_codes and said.get("from_data"):
        raise UsageError(f"{where}: codes from the data are not public; list its codes, or areas = true for countries")
    groups = _lists(f"{where}: groups", said.get("groups", {}))
    if said.get("areas"):
        codes = codes_of(rows, name) if said.get("from_data") else [one.code for one in areas.countries()] + [UNKNOWN]
        return of_areas(name, codes, bool(said.get("subregions", False)))
    if said.get("from_data"):
        return Dimension(name, codes_of(rows, name), groups)
    if not said.get("codes"):
        raise UsageError(f"{where}: no codes; expected codes = [...], areas = true or from_data = true")
    return Dimension(name, _texts(f"{where}: codes", said["codes"]), groups)


def _table(path: Path, said: Any) -> Published:
    where = f"{path}: a table"
    _check(where, said, _TABLE)
    names = _texts(f"{where}: dimensions", said.get("dimensions", []))
    codes = _lists(f"{where}: codes", said.get("codes", {}))
    k = said.get("k")
    if k is not None and type(k) is not int:
        raise UsageError(f"{where}: k: found {k!r}, expected a whole number")
    return Published(str(said.get("name", "_".join(names))), names, codes, k)


def _lists(where: str, said: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(said, dict):
        raise UsageError(f"{where}: found {said!r}, expected {{ NAME = [CODE, ...] }}")
    return {name: _texts(f"{where}: {name}", some) for name, some in said.items()}


def _texts(where: str, said: Any) -> tuple[str, ...]:
    """The codes of a list; a text alone would otherwise be taken for its letters."""
    if not isinstance(said, list) or not all(type(one) in (str, int) for one in said):
        raise UsageError(f"{where}: found {said!r}, expected a list of codes")
    return tuple(map(str, said))


def _check(where: str, said: Any, known: set[str]) -> None:
    if not isinstance(said, dict):
        raise UsageError(f"{where}: expected settings, found {said!r}")
    strange = sorted(set(said) - known)
    if strange:
        raise UsageError(f"{where}: no setting {', '.join(strange)}; settings: {', '.join(sorted(known))}")
