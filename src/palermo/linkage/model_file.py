"""The model of clear linking on disk: JSON for the weights, Parquet for how often each name occurs.

Both are written for their owner alone. The frequencies hold names; without them a later month could not be scored as
the first one was, because a rare name weighs more.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.errors import PalermoError
from palermo.linkage.training import Model
from palermo.private_files import write_private_table, write_private_text

VERSION = 1


@dataclass(frozen=True)
class ClearModel:
    """All that scoring needs besides the records. ``frequencies`` hold names: as confidential as the records."""

    model: Model
    largest: Mapping[str, int]  # rule -> largest block; empty where every pair is compared
    shift: float  # log2 odds of the share of true pairs, learnt from all scored pairs
    frequencies: Mapping[str, pa.Table]


def save_model(model: ClearModel, folder: Path) -> Path:
    """Write the model as ``model.json``, with the frequencies of names in ``frequencies/``, for their owner alone."""
    path = folder / "model.json"
    document = {
        "version": VERSION,
        "columns": list(model.model.columns),
        "share_true": model.model.share_true,
        "shift": model.shift,
        "largest_blocks": dict(model.largest),
        "frequencies": sorted(model.frequencies),
        "splink": dict(model.model.splink),
    }
    write_private_text(json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n", path)
    for column, table in model.frequencies.items():
        write_private_table(table, folder / "frequencies" / f"{column}.parquet")
    return path


def read_model(path: Path) -> ClearModel:
    """Read what ``save_model`` wrote. Raises ``PalermoError`` for another version or a damaged file."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        model = Model(document["splink"], tuple(document["columns"]), float(document["share_true"]))
        largest = {str(rule): int(size) for rule, size in document["largest_blocks"].items()}
        version, shift, names = document["version"], float(document["shift"]), document["frequencies"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PalermoError(
            f"{path}: not a model of palermo link ({type(error).__name__}). Link again without it"
        ) from error
    if version != VERSION:
        raise PalermoError(f"{path}: the model has version {version}; this program reads {VERSION}. Link again")
    tables = {name: pq.read_table(path.parent / "frequencies" / f"{name}.parquet") for name in names}
    return ClearModel(model, largest, shift, tables)
