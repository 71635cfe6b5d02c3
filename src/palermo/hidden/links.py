"""What the hidden number knows of linkage: its tables, and on how many labelled pairs they rest."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Links:
    """``records``: row_id, list, record_id, comparable. ``thresholds``: threshold, row_id, person_id of joined records.
    ``rates``: ``PAIR_RATES`` at ``threshold``. ``draws``: the same rates drawn again; None without labels.
    ``threshold_rates``: threshold and ``PAIR_RATES`` of the persons made at each; None where linkage did not tell.
    ``refused``: why labels, although there are some, can carry no number."""

    records: Path
    thresholds: Path
    rates: Path
    draws: Path | None
    threshold: float
    labelled: int
    threshold_rates: Path | None = None
    refused: str | None = None
