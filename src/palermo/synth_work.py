"""The work of ``palermo synth``: read, check, make, write. The command line and other programs call this.

    make_synthetic(Path("cases.csv"), Path("open-data"), SynthesisSettings(epsilon=4, delta=1e-9))

The decision a reader would question: the errors against the true file go to a file of their own, never into the pack.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.errors import RefusedError, UsageError
from palermo.progress import Progress
from palermo.provenance import write_json
from palermo.release.synthetic.accuracy import confidential_accuracy
from palermo.release.synthetic.budget import check_budget
from palermo.release.synthetic.card_words import lost_words
from palermo.release.synthetic.kanonymous import k_anonymous
from palermo.release.synthetic.kanonymous_pack import WARNING, write_kanonymous_pack
from palermo.release.synthetic.pack import check_folder, write_pack
from palermo.release.synthetic.reading import Reading, ReadOptions, read_file
from palermo.release.synthetic.rows import for_people
from palermo.release.synthetic.rules_file import rules_of
from palermo.release.synthetic.settings import SynthesisSettings
from palermo.release.synthetic.synthesise import synthesise

Summary = dict[str, Any]
_COLUMNS_TOLD = 5
Charging = Callable[[bool], AbstractContextManager[None]]


def not_charged(_codes_found: bool) -> AbstractContextManager[None]:
    """Noise outside of any workspace."""
    return nullcontext()


def make_synthetic(
    file: Path,
    out: Path,
    settings: SynthesisSettings,
    options: ReadOptions | None = None,
    utility: Path | None = None,
    force: bool = False,
    progress: Progress = None,
    charging: Charging = not_charged,
) -> Summary:
    """Make the pack in ``out`` and say what was made; errors against the true file go to ``utility`` where named.

    ``charging`` is entered when all is checked and before noise is drawn (``palermo.synth_charge``), told whether codes
    were found in the data, which cost a part of delta.
    """
    check_folder(out, force)
    check_utility(utility, out)
    together = replace(options or ReadOptions(), together=utility is None)  # a comparison looks at single rows
    reading = read_file(file, together, progress)
    warnings = check_budget(settings.epsilon, settings.delta, persons(reading))
    width = len(reading.data.columns)  # nobody has more values, and longer combinations would cost for nothing
    rules = rules_of(reading, settings.rules or ())
    with charging(bool(reading.data.found)):
        made = synthesise(reading.data, replace(settings, length=min(settings.length, width), rules=rules), progress)
        pack = write_pack(reading, made, out, progress)
    notices = [*warnings, *_shallow(made.parameters), *_lacking(pack.summary), *reading.notices]
    told = {**pack.summary, "warnings": notices, "confidential_utility": None}
    if utility is not None:
        utility.parent.mkdir(parents=True, exist_ok=True)
        write_json(utility, confidential_accuracy(reading.data, made, settings.length))
        told["confidential_utility"] = str(utility)
    return told


def _shallow(parameters: Summary) -> list[str]:
    depth = parameters["rows_fitted_to_length"]
    if depth >= parameters["length"]:
        return []
    return [
        f"combinations of more than {depth} values could hardly be told from noise, and rows were fitted to those of "
        f"up to {depth}; fewer columns (--leave-out) would tell more"
    ]


def _lacking(summary: Summary) -> list[str]:
    """Words on values that the rows lack, and the columns that lack most."""
    words = lost_words(summary["parameters"], summary["values_lost"])
    if not words:
        return []
    most = sorted((one for one in summary["columns"] if one["lost"]), key=lambda one: -one["lost"])[:_COLUMNS_TOLD]
    listed = ", ".join(f"{one['column']} {100 * one['lost']:.0f} %" for one in most)
    return [f"{words} Most is lost in: {listed}; the card lists every column"]


def _quoted(reading: Reading) -> list[str]:
    """Of each column whose name is not written as it came, that it is not: a name is a cell too."""
    named = ((column.name, for_people(column.name)) for column in reading.columns)
    return [
        f"column {name}: written as {shown} in rows.csv, so that no spreadsheet runs it; programs take the quote off"
        for name, shown in named
        if shown != name
    ]


def make_kanonymous(
    file: Path,
    out: Path,
    k: int,
    options: ReadOptions | None = None,
    seed: int | None = None,
    force: bool = False,
    progress: Progress = None,
) -> Summary:
    """Make the k-anonymous pack in ``out``: one row of each person, chosen at random where several are hers."""
    check_folder(out, force)
    reading = read_file(file, options, progress)
    if k > persons(reading):
        raise RefusedError(f"{file}: {persons(reading):,} persons, fewer than k = {k}; no group can be large enough")
    if progress:
        progress(0, None, "looking for groups")
    made = k_anonymous(_one_row_each(reading, seed), k)
    pack = write_kanonymous_pack(reading, made, out, progress)
    notices = [notice for notice in reading.notices if "no public code list" not in notice]
    return {**pack.summary, "warnings": [WARNING, *notices, *_quoted(reading)]}


def _one_row_each(reading: Reading, seed: int | None) -> npt.NDArray[np.int32]:
    values, person = reading.data.values, reading.data.person
    if person is None:
        return values
    order = np.random.default_rng(seed).permutation(len(person))  # which row stands for a person is no secret
    _, first = np.unique(person[order], return_index=True)
    return values[order[first]]


def persons(reading: Reading) -> int:
    """Persons in the file: rows, or different persons where a column names them."""
    person = reading.data.person
    return reading.rows if person is None else len(np.unique(person))


def check_utility(utility: Path | None, out: Path) -> None:
    """Refuse to put the confidential report into the folder that is published. Raises ``UsageError``."""
    if utility is not None and out.resolve() in utility.resolve().parents:
        raise UsageError(
            f"--utility {utility}: inside {out}, which is published; errors against the true rows are confidential. "
            f"Name a file elsewhere"
        )
