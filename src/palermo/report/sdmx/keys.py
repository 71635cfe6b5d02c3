"""Keys in the path: one code per dimension, in the order of the structure, as SDMX 3.0 and 2.1 write them.

3.0: ``A.XXA.*`` with ``*`` for any code, positions left out at the end, several keys by comma. 2.1: ``A.XXA+YYY..``
with nothing for any code, plus for several, and as many positions as there are dimensions.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from palermo.report.sdmx.faults import semantic
from palermo.report.sdmx.model import Structure
from palermo.report.sdmx.table import codes_of

Key = tuple[frozenset[str], ...]  # for each dimension the codes; none: any
EVERYTHING: tuple[Key, ...] = ()


def keys_of_3_0(text: str, structure: Structure) -> tuple[Key, ...]:
    """The keys of a path of SDMX 3.0. Raises ``FaultError`` where one has too many positions."""
    if text in {"", "*"}:
        return EVERYTHING
    return tuple(_key(one, structure) for one in text.split(","))


def keys_of_2_1(text: str, structure: Structure) -> tuple[Key, ...]:
    """The key of a path of SDMX 2.1. Raises ``FaultError`` where its positions are not those of the structure."""
    if text in {"", "all"}:
        return EVERYTHING
    if text.count(".") != len(structure.dimensions) - 1:
        raise semantic(_positions(text, structure, "exactly"))
    return (_key(text, structure),)


def _key(text: str, structure: Structure) -> Key:
    positions = text.split(".")
    if len(positions) > len(structure.dimensions):
        raise semantic(_positions(text, structure, "at most"))
    return tuple(frozenset() if part in {"", "*"} else frozenset(part.split("+")) for part in positions)


def _positions(text: str, structure: Structure, how_many: str) -> str:
    named = ".".join(one.id for one in structure.dimensions)
    return (
        f"key {text!r}: found {text.count('.') + 1} positions, expected {how_many} {len(structure.dimensions)}: {named}"
    )


def matching(keys: tuple[Key, ...], structure: Structure, table: pa.Table) -> npt.NDArray[np.bool_]:
    """Where one of the keys fits; everywhere where there is none."""
    if not keys:
        return np.ones(table.num_rows, bool)
    found = np.zeros(table.num_rows, bool)
    for key in keys:
        fits = np.ones(table.num_rows, bool)
        for dimension, wanted in zip(structure.dimensions, key, strict=False):
            if wanted:
                known, places = codes_of(table, dimension.id)
                fits &= np.array([*(code in wanted for code in known), False], dtype=bool)[places]
        found |= fits
    return found
