"""Receipts and metadata as they may leave the office: without the numbers that could give hidden counts away.

The decision a reader would question: all numbers under a key ``counts`` are left out of what is said of an indicator,
even where nothing of it is hidden, because they add up over its cells. How many records a list gave is kept, unless it
is small or the table of records hides it.
"""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from palermo.release.rules import FREE

COUNTS = "counts"
_LIST_COUNTS = ("read", "accepted", "quarantined")
_TOTALS = frozenset({"_T", "_Z"})


def without_counts(receipts: Any, metadata: Mapping[str, Any], released: pa.Table) -> tuple[Any, Any]:
    """Both documents without numbers that tell of hidden cells."""
    k = max(metadata["protection"]["k_tables"], metadata["protection"]["k_microdata"])
    secret = _lists_with_hidden_total(released)
    return _clean(receipts, k, secret, ""), _clean(dict(metadata), k, secret, "")


def _lists_with_hidden_total(released: pa.Table) -> frozenset[str]:
    """Lists whose number of records over all years is hidden, or that have hidden years and no such number."""
    marks: dict[str, dict[str, bool]] = {}
    columns = (released[name].to_pylist() for name in ("list", "time_period", "conf_status"))
    for name, period, mark in zip(*columns, strict=True):
        if name not in _TOTALS:
            marks.setdefault(name, {})[period] = mark != FREE
    return frozenset(name for name, hidden in marks.items() if hidden.get("_T", any(hidden.values())))


def _clean(part: Any, k: int, secret: frozenset[str], list_name: str) -> Any:
    if isinstance(part, list | tuple):
        return [_clean(item, k, secret, list_name) for item in part]
    if not isinstance(part, Mapping):
        return part
    name = str(part.get("list", list_name))
    kept = {}
    for key, value in part.items():
        if key == COUNTS and (not set(value) <= set(_LIST_COUNTS) or _tells(value, k, name in secret)):
            continue
        kept[key] = _clean(value, k, secret, name)
    if set(_LIST_COUNTS) <= set(kept) and _tells(kept, k, name in secret):
        return {key: value for key, value in kept.items() if key not in _LIST_COUNTS}
    return kept


def _tells(counts: Mapping[str, Any], k: int, is_secret: bool) -> bool:
    return is_secret or any(0 < int(counts.get(key) or 0) < k for key in ("read", "accepted"))
