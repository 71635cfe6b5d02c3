"""The attacker on protected tables: works out what it can about every hidden count from the folder alone.

It reads the published files, sets up its own unknowns (every combination of codes that no printed zero rules out), and
does not know the true figures. For each hidden count it asks for the least and the most that all sums allow. The
decision a reader would question: linear programmes, rounded to whole numbers, stand for whole-number tables, so that
the attacker never finds more than there is; the plan proves the opposite side by whole tables.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from palermo.errors import PalermoError, UsageError
from palermo.release.rules import is_safe, is_small
from palermo.release.tables.cells import Lattice, Whole
from palermo.release.tables.hierarchy import TOTAL, Dimension
from palermo.release.tables.possible import Known, Possible
from palermo.release.tables.proof import Proof
from palermo.release.tables.published import DESCRIPTION, SUPPRESSED_MARK
from palermo.release.tables.specification import Published, Specification
from palermo.release.tables.system import same_rows


@dataclass(frozen=True)
class Attack:
    """What was found: words for each count given away; and how many counts were printed and hidden."""

    findings: tuple[str, ...]
    printed: int
    hidden: int
    exact: int

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


@dataclass(frozen=True)
class _Release:
    specification: Specification
    k: int
    level: str
    shown: dict[int, int]
    hidden: Whole
    contradictions: tuple[str, ...]


def attack_tables(folder: Path) -> Attack:
    """Attack the tables that ``write_plan`` wrote. Raises ``PalermoError`` where they cannot be read."""
    release = _read(folder)
    lattice = Lattice.of(release.specification)
    zeros = np.array([key for key, value in release.shown.items() if value == 0], dtype=np.int64)
    pairs, keys, in_table = lattice.above(lattice.grid())
    asked = np.array([table.k or 0 for table in release.specification.tables])
    k = np.maximum(np.where(in_table, asked, 0).max(axis=1), release.k)
    open_to = np.ones(int(pairs[0].max(initial=-1)) + 1, dtype=bool)
    open_to[pairs[0][np.isin(keys, zeros)[pairs[1]]]] = False
    kept = open_to[pairs[0]]
    members = sparse.csr_matrix(
        (np.ones(int(kept.sum())), (pairs[1][kept], pairs[0][kept])), shape=(len(keys), len(open_to))
    )
    members = members[:, np.flatnonzero(open_to)].tocsr()
    findings = [*release.contradictions, *_small_printed(release, lattice, keys, k)]
    try:
        given, exact = _worked_out(release, lattice, (keys, k, members))
    except PalermoError as error:
        given, exact = [str(error)], 0
    return Attack((*findings, *given), len(release.shown), len(release.hidden), exact)


def _small_printed(release: _Release, lattice: Lattice, keys: Whole, k: Whole) -> list[str]:
    least = dict(zip(keys.tolist(), k.tolist(), strict=True))
    return [
        f"{_name(lattice, key)}: a count under k = {least[key]} is printed"
        for key, value in release.shown.items()
        if is_small(value, least.get(key, release.k))
    ]


def _worked_out(
    release: _Release, lattice: Lattice, cells: tuple[Whole, Whole, sparse.csr_matrix]
) -> tuple[list[str], int]:
    """Words for every hidden count that is known exactly or too closely, and how many are known exactly."""
    keys, k, members = cells
    group, one = same_rows(members)
    column = same_rows(members[one].T.tocsr())[1]
    rows = members[one][:, column].tocsr()
    shown = np.isin(keys, np.array(list(release.shown), dtype=np.int64))
    values = np.full(len(one), -1.0)
    for cell in np.flatnonzero(shown).tolist():
        value = release.shown[int(keys[cell])]
        if values[group[cell]] not in {-1.0, float(value)}:
            return [f"published figures contradict each other at {_name(lattice, int(keys[cell]))}"], 0
        values[group[cell]] = value
    known = values >= 0
    ceiling = 4 * max(values.max(initial=0), 0) + 1000
    hidden = np.flatnonzero(np.isin(keys, release.hidden))
    of_group = np.unique(group[hidden])
    proof = Proof(Possible(Known(rows[known], values[known], ceiling)), rows[of_group])
    place = np.searchsorted(of_group, group[hidden])
    needed = k[hidden] if release.level == "width" else np.ones(len(hidden), dtype=np.int64)
    wanted = np.zeros(len(of_group))
    np.maximum.at(wanted, place, needed)
    proof.audit(wanted)
    low, high = proof.limits()
    words = []
    for cell, least, most, doubt in zip(hidden.tolist(), low[place], high[place], needed.tolist(), strict=True):
        if np.isfinite(most) and not is_safe(int(least), int(most), doubt):
            found = f"is {int(least)}" if least == most else f"is from {int(least)} to {int(most)}"
            words.append(f"{_name(lattice, int(keys[cell]))}: hidden, but it follows that it {found}")
    return words, int((low == high)[place].sum())


def _name(lattice: Lattice, key: int) -> str:
    places = lattice.decoded(np.array([key]))[0].tolist()
    return "/".join(one.names[place] for one, place in zip(lattice.specification.dimensions, places, strict=True))


def _read(folder: Path) -> _Release:
    try:
        said = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        dimensions = tuple(
            Dimension(one["name"], tuple(one["codes"]), {name: tuple(held) for name, held in one["groups"].items()})
            for one in said["dimensions"]
        )
        tables = tuple(
            Published(
                one["name"],
                tuple(one["dimensions"]),
                {name: tuple(codes) for name, codes in one["codes"].items()},
                one["k"],
            )
            for one in said["tables"]
        )
        specification = Specification(dimensions, tables)
        rows = {table.name: _rows(folder / f"{table.name}.csv") for table in tables}
        k, level = int(said["k"]), str(said["level"])
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise PalermoError(f"{folder}: not protected tables that can be attacked: {error}. Make them again") from None
    return _gathered(specification, rows, k, level)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _gathered(specification: Specification, rows: dict[str, list[dict[str, Any]]], k: int, level: str) -> _Release:
    """Every count by its key: what one table prints is known in all."""
    lattice = Lattice.of(specification)
    shown: dict[int, int] = {}
    hidden: set[int] = set()
    wrong = []
    for table in specification.tables:
        for row in rows[table.name]:
            key = _key(lattice, table, row)
            if row["mark"] == SUPPRESSED_MARK and not row["value"]:
                hidden.add(key)
            elif shown.setdefault(key, int(row["value"] or 0)) != int(row["value"] or 0):
                wrong.append(f"{_name(lattice, key)} is printed as two figures")
    both = sorted(hidden & set(shown))
    wrong += [f"{_name(lattice, key)} is hidden in one table and printed in another" for key in both]
    return _Release(specification, k, level, shown, np.array(sorted(hidden), dtype=np.int64), tuple(wrong))


def _key(lattice: Lattice, table: Published, row: dict[str, Any]) -> int:
    key = 0
    for place, dimension in enumerate(lattice.specification.dimensions):
        code = row[dimension.name] if dimension.name in table.dimensions else TOTAL
        plain = code[1:] if code.startswith("'") else code
        if plain not in dimension.place:
            raise UsageError(f"table {table.name}: {dimension.name} has no code {code!r}; make the tables again")
        key += dimension.place[plain] * lattice.strides[place]
    return key
