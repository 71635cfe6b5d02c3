"""Estimates of persons seen and unseen as rows of the cube, of the kind ``estimated``, beside those detected.

``value`` is the preferred estimate, ``lower`` and ``upper`` its interval: not bounds of a hidden count as elsewhere in
the cube. A part that was refused has a row without any number and the status ``O`` (there should be a value and there
is none), so that a refusal is never read as zero. The decision a reader would question: what is particular to one
estimate (method, verdict, reasons) stands in the receipts under its codes and not in the cube, whose columns all
indicators share.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.account.cube import block
from palermo.account.definition import Definition
from palermo.rounded_words import about

TOTAL = "_T"
ESTIMATED, NO_VALUE = "E", "O"
PARTS = ("sex", "age", "form")
SETTINGS = ("bootstrap", "seed", "threshold", "by", "criterion", "pooling")  # those that a receipt tells
INDICATORS = ("victims_estimated", "victims_estimated_range", "victims_hidden")
_PERSONS = re.compile(r"(?<!than )\b(?:only |about )?(\d[\d,]*) persons\b")  # "fewer than 10" is a limit of ours
# Three digits or more, but no decimals and no year of a paper (our numbers of four digits have a comma).
_LARGE = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d{3}|\d{5,})(?![\d%]|[.,]\d)")

Row = Mapping[str, Any]


def read_headlines(path: Path) -> list[dict[str, Any]]:
    """The answers that stand for their parts, with the codes of the cube."""
    rows = pq.read_table(path).to_pylist()  # hidden.schema.STAGE_ESTIMATES; importing it would start the compiler
    return [{**row, "codes": codes_of(row["period"], row["stratum"])} for row in rows if row["headline"]]


def codes_of(period: str, stratum: str) -> dict[str, str]:
    """``sex=F, age=Y0T17`` as codes of the dimensions of the cube."""
    named = dict(part.split("=", 1) for part in stratum.split(", ")) if stratum != TOTAL else {}
    return {"time_period": period, **{name: named.get(name, TOTAL) for name in PARTS}}


def estimated_rows(definition: Definition, headlines: Sequence[Row], area: str) -> list[pa.Table]:
    """The rows of one of ``INDICATORS``."""
    makers = {"estimated": _estimates, "estimated_range": _ranges, "estimated_hidden": _unseen}
    chosen = makers[definition.rule](headlines)
    columns: dict[str, Any] = {name: [row["codes"][name] for row, _ in chosen] for name in ("time_period", *PARTS)}
    for place, name in enumerate(("value", "lower", "upper")):
        columns[name] = [figures[place] for _, figures in chosen]
    columns["obs_status"] = [NO_VALUE if figures == NONE else ESTIMATED for _, figures in chosen]
    return [block(definition, {**columns, "ref_area": area}, len(chosen), True)]


Figures = tuple[float | None, float | None, float | None]
NONE: Figures = (None, None, None)


def _estimates(headlines: Sequence[Row]) -> list[tuple[Row, Figures]]:
    return [(row, (row["estimate"], row["lower"], row["upper"])) for row in headlines]


def _ranges(headlines: Sequence[Row]) -> list[tuple[Row, Figures]]:
    return [(row, (None, row["lowest"], row["highest"])) for row in headlines if row["estimate"] is not None]


def _unseen(headlines: Sequence[Row]) -> list[tuple[Row, Figures]]:
    """Less those detected, and never below none: a method may put fewer persons in all than records show."""
    known = [row for row in headlines if row["detected"] is not None and row["estimate"] is not None]
    return [(row, (_less(row, "estimate"), _less(row, "lower"), _less(row, "upper"))) for row in known]


def _less(row: Row, name: str) -> float:
    return max(float(row[name] - row["detected"]), 0.0)


def receipts_of(headlines: Sequence[Row], lists: Sequence[str]) -> dict[str, Any]:
    """What stands behind each estimate, by its codes; numbers in reasons are rounded, as receipts leave the office."""
    return {
        "lists": list(lists),
        "answers": {
            " ".join(row["codes"].values()): {
                "estimator": row["estimator"],
                "settings": {name: value for name, value in json.loads(row["settings"]).items() if name in SETTINGS},
                "level": row["level"],
                "verdict": row["verdict"],
                "reasons": [rounded_reason(reason) for reason in row["reasons"]],
                "estimators": row["estimators"],
            }
            for row in headlines
        },
    }


def read_tried(path: Path | None) -> dict[str, Any]:
    """What stands around the estimate of everyone, its reasons rounded; empty where the stage before left nothing."""
    if path is None:
        return {}
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    methods = [{**own, "reasons": [rounded_reason(reason) for reason in own["reasons"]]} for own in told["methods"]]
    return {**told, "methods": methods}


def rounded_reason(reason: str) -> str:
    """A reason without numbers of few persons: persons in tens, all other large numbers to two digits."""
    told = _PERSONS.sub(lambda found: f"{about(_whole(found.group(1)))} persons", reason)
    return _LARGE.sub(lambda found: _two_digits(_whole(found.group())), told)


def _whole(text: str) -> int:
    return int(text.replace(",", ""))


def _two_digits(number: int) -> str:
    return f"{round(number, 2 - len(str(number))):,}"
