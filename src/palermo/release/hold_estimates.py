"""Estimates across releases: one whose persons changed by fewer than k stays as first published (ADR 3).

An estimate depends on how the lists overlap, which no table of counts shows: two records joined late, or parted and
joined otherwise, change it where no count changes. So it is held by itself. Everyone's estimate goes first: while the
number detected by which it is checked differs by fewer than k, every estimate stays, with all that stands around it. A
year's estimate stays by the same rule where everyone's goes out. The decision a reader would question: a large change
of links that leaves the counts alike waits too, until the counts change or the office asks another question (lists,
level, settings). Whose estimates would change by one person cannot be told apart from it by what a release holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from palermo.release.estimates import DETECTED, codes_of, detected_only, is_estimate
from palermo.release.hold import Mixed, as_if_new, years_of

Row = Mapping[str, Any]
Codes = tuple[str, ...]
_EVERYONE = ("_T", "_T", "_T", "_T")


def same_question(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Whether two releases asked for the same estimates: lists, and of each answer its level and its settings.

    Which estimator stands for a part may follow from the data, so only settings that both have are compared.
    """
    if not one or not other or one.get("lists") != other.get("lists"):
        return False
    mine, theirs = one.get("answers", {}), other.get("answers", {})
    return all(_alike(mine[codes], theirs[codes]) for codes in mine.keys() & theirs.keys())


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    settings, others = (answer.get("settings") or {} for answer in (one, other))
    return one.get("level") == other.get("level") and all(
        settings[name] == others[name] for name in settings.keys() & others.keys()
    )


def with_steady_estimates(held: Mixed, new: Sequence[Row], old: Sequence[Row], k: int) -> Mixed:
    """The rows to protect, with the estimates that wait as first published. The question must be the same."""
    before = {_key(row): row for row in old if _is_ours(row)}
    areas = {row["ref_area"] for row in before.values()}
    if held.as_before or not before:
        return held
    counts, changed = _detected(old), _detected(held.rows)

    def waits(codes: Codes) -> bool:
        return codes in counts and codes in changed and abs(changed[codes] - counts[codes]) < k

    if years_of(new, areas) == years_of(old, areas) and all(waits((area, *_EVERYONE)) for area in areas):
        rows = [row for row in held.rows if not _is_ours(row) or _key(row) not in before]  # a part asked for since
        rows += [dict(row) for row in before.values()]
        return replace(held, rows=as_if_new(rows, new), as_before=True)
    kept, waiting = [], set()
    for row in held.rows:
        first = before.get(_key(row))
        if _is_ours(row) and first is not None and row["time_period"].isdigit() and waits(codes_of(row)):
            waiting.add(_answer(row))
            kept.append({**first, "receipt_id": row["receipt_id"]})
        else:
            kept.append(dict(row))
    return replace(held, rows=kept, waiting=frozenset(waiting))


def answered(rows: Iterable[Row]) -> frozenset[str]:
    """The codes of all estimates, as receipts have them."""
    return frozenset(_answer(row) for row in rows if _is_ours(row))


def _answer(row: Row) -> str:
    return " ".join(codes_of(row)[1:])


def _is_ours(row: Row) -> bool:
    return is_estimate(row) and bool(row["confidential"])


def _key(row: Row) -> Codes:
    return (row["indicator"], row["measure"], row["unit"], *codes_of(row))


def _detected(rows: Iterable[Row]) -> dict[Codes, float]:
    """The numbers detected by which estimates are checked."""
    found = (row for row in rows if (row["measure"], row["unit"], row["kind"]) == DETECTED and detected_only(row))
    return {codes_of(row): float(row["value"]) for row in found if row["value"] is not None}
