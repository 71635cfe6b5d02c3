"""Receipts: what stands behind each figure, as data for machines and in words for people.

``receipts.json`` holds what the figures of an indicator have in common; what is particular to a figure stands in its
row of the cube, which is found by the receipt. So the file stays small however large the cube is. Every number in it
that could tell of few persons stands under a key named ``counts``, which a release leaves out.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from palermo.account.schema import DIMENSIONS
from palermo.account.wording import describe
from palermo.errors import UsageError

ESTIMATED = "estimated"  # codes: kind
SHORTEST = 6
LENGTH = 16


def receipt(receipts_path: Path, receipt_id: str, cube_path: Path | None = None) -> dict[str, Any]:
    """All that is known of the figure with this receipt, or with the only receipt that begins so.

    The cube lies beside the receipts unless ``cube_path`` says otherwise. Raises ``UsageError`` where no figure, or
    more than one, has the receipt.
    """
    document = _read(receipts_path)
    row = _find(cube_path or receipts_path.with_name("cube.parquet"), receipt_id)
    indicator = document["indicators"].get(row["indicator"])
    if indicator is None:
        raise UsageError(f"{receipts_path}: says nothing of {row['indicator']}; it belongs to another cube")
    names = set(indicator["inputs"])
    return {
        "receipt": row["receipt_id"],
        "indicator": row["indicator"],
        "codes": {name: row[name] for name in DIMENSIONS},
        "figure": {key: value for key, value in row.items() if key not in {*DIMENSIONS, "receipt_id", "indicator"}},
        "definition": {key: value for key, value in indicator.items() if key not in {"inputs", "counts"}},
        "counts": indicator.get("counts", {}),
        "inputs": [entry for entry in document["inputs"] if entry["list"] in names],
        "estimate": _estimate(document, row),
        "population": document.get("population") if row["unit"] == "PER_100K" else None,
        "area": document["area"],
        "area_name": document.get("area_name"),
        "years": document["years"],
        "rules": document["rules"],
        "code_version": document["code_version"],
    }


def _estimate(document: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any] | None:
    """What stands behind a figure of the kind ``estimated``: lists compared, method, verdict and its reasons."""
    told = document.get("estimates")
    if row["kind"] != ESTIMATED or not told:
        return None
    key = " ".join(row[name] for name in ("time_period", "sex", "age", "form"))
    return {"lists": told["lists"], **told["answers"].get(key, {})}


def explain(receipts_path: Path, receipt_id: str, cube_path: Path | None = None) -> str:
    """The receipt in words. Raises ``UsageError`` as ``receipt`` does."""
    return describe(receipt(receipts_path, receipt_id, cube_path))


def _read(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{path}: no receipts here; make the account first with `palermo account`") from None
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}: not a file of receipts: {error}") from None
    if not isinstance(document, dict) or not {"indicators", "inputs"} <= set(document):
        raise UsageError(f"{path}: not a file of receipts; expected the keys indicators and inputs")
    return document


def _find(cube_path: Path, receipt_id: str) -> dict[str, Any]:
    wanted = receipt_id.strip().lower()
    if not SHORTEST <= len(wanted) <= LENGTH or not set(wanted) <= set("0123456789abcdef"):
        raise UsageError(f"{receipt_id!r} is not a receipt: expected {SHORTEST} to {LENGTH} of the signs 0-9 and a-f")
    if not cube_path.is_file():
        raise UsageError(f"{cube_path}: no cube beside the receipts; name it, or look the receipt up in its own folder")
    # Codes first, so that the rest is read for one row only.
    ids = pq.read_table(cube_path, columns=["receipt_id"])["receipt_id"]
    places = pc.indices_nonzero(pc.starts_with(ids, wanted))
    if len(places) == 0:
        raise UsageError(f"no figure has the receipt {wanted}: it belongs to another account, or was not published")
    if len(places) > 1:
        few = ", ".join(sorted(ids.take(places[:4]).to_pylist()))
        raise UsageError(f"{len(places)} figures have receipts that begin with {wanted}: {few} ... Give more of it")
    row: dict[str, Any] = pq.read_table(cube_path).take(pa.array(places)).to_pylist()[0]
    return row
