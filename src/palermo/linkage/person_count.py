"""How many persons the records are, with missed and false links taken out.

A person with n records takes n - 1 joinings and has n (n - 1) / 2 pairs. Joinings are scaled by true pairs over pairs
made, so that the number of persons follows from the overlaps, in which no threshold enters. The decision a reader would
question: pairs for each joining are taken from the persons as made. Missed links make persons smaller, so where many
are missed the number of persons stays a little too high.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


@dataclass(frozen=True)
class PersonCount:
    """Persons of all records; ``made`` as they were joined, the others corrected, with an interval of 95 %."""

    made: int
    corrected: float
    lower: float
    upper: float


def person_count(
    memberships: pa.Table, true_pairs: float | None, draws: NDArray[np.float64] | None
) -> PersonCount | None:
    """The number corrected by ``true_pairs`` in all and the same drawn again; None where nobody labelled a pair."""
    if true_pairs is None or draws is None or not len(draws):
        return None
    _, sizes = np.unique(memberships["person_id"].to_numpy(), return_counts=True)
    records, made = int(sizes.sum()), len(sizes)
    pairs = float((sizes * (sizes - 1) / 2).sum())
    if not pairs:
        return None
    each = (records - made) / pairs
    found = np.clip(records - each * draws, 0, records)
    lower, upper = np.quantile(found, (0.025, 0.975))
    corrected = float(np.clip(records - each * true_pairs, 0, records))
    return PersonCount(made, corrected, min(float(lower), corrected), max(float(upper), corrected))
