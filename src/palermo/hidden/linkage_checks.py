"""Ways to the corrected number that need less than the full correction, to set beside it.

Two lists at a time by Lincoln and Petersen and by Chapman; and overlaps as sums of calibrated probabilities, which need
no threshold. The decision a reader would question: neither becomes the headline. Two lists cannot show that they
depend on each other, and sums of probabilities say nothing of who is on three lists.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.linkage_error import Estimating, finite, pair_overlaps, possible_cells
from palermo.hidden.linkage_rates import PairRates, Rate
from palermo.hidden.linkage_table import pairs_of, raked

Floats = npt.NDArray[np.float64]


def by_overlaps(table: CaptureTable, overlaps: Rate, name: str, settings: Settings) -> float | None:
    """The number from overlaps as sums of calibrated probabilities: a check on the rates that needs no threshold."""
    # Lists that share nobody keep their zero where the probabilities, too, do not add up to one person.
    nobody = (pair_overlaps(table) == 0) & (overlaps.value < 1)
    wanted = np.where(nobody, 0.0, overlaps.value)
    cells, reached = raked(table.cells.astype(np.float64)[None], wanted[None], table.k)
    if not reached[0]:
        return None
    return finite(Estimating(name, possible_cells(table), table.k, settings).totals(cells)[0])


def two_lists(table: CaptureTable, rates: PairRates) -> list[dict[str, Any]]:
    """For each pair of lists the number by Lincoln and Petersen and by Chapman, without and with correction.

    With both corrections N = n_a n_b (1 - missed) / (n_ab (1 - false)): Di Consiglio and Tuoto (2015), and Ding and
    Fienberg (1994) where no link is false. None where nobody is on both lists.
    """
    ratio = (1 - rates.false.value) / np.maximum(1 - rates.missed.value, 1e-12)
    rows = []
    for number, (a, b) in enumerate(pairs_of(table.k)):
        one, other = int(table.list_sizes[a]), int(table.list_sizes[b])
        seen = float(table.overlaps[a, b])
        true = seen * float(ratio[number])
        rows.append(
            {
                "lists": (table.lists[a], table.lists[b]),
                "overlap": seen,
                "overlap_corrected": true,
                "lincoln_petersen": one * other / seen if seen else None,
                "lincoln_petersen_corrected": one * other / true if true else None,
                "chapman": (one + 1) * (other + 1) / (seen + 1) - 1,
                "chapman_corrected": (one + 1) * (other + 1) / (true + 1) - 1,
            }
        )
    return rows
