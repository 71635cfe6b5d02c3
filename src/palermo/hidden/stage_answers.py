"""What the stage wrote, read back: the answers for all years, their capture table, and what linkage does to them.

The decision a reader would question: answers are made anew from rows, not kept as they were. What a page shows of a
workspace then rests on the files that the account reads too.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from palermo.hidden.answer import Answer, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.link_threshold import Curve, Point
from palermo.hidden.linked_number import LinkedNumber
from palermo.hidden.reading import from_frame

ALL_YEARS = "_T"


def read_answers(estimates: Path) -> list[Answer]:
    """The answers for all years together, in the order in which the stage wrote them."""
    rows = pq.read_table(estimates).to_pylist()
    return [answer_of(row) for row in rows if row["period"] == ALL_YEARS]


def answer_of(row: Mapping[str, Any]) -> Answer:
    """The answer that a row of the stage's estimates holds."""
    return Answer(
        row["estimator"],
        row["estimate"],
        row["lower"],
        row["upper"],
        row["level"],
        settings=json.loads(row["settings"]),
        verdict=Verdict(row["verdict"]),
        reasons=tuple(row["reasons"]),
        diagnostics=json.loads(row["diagnostics"]),
        stratum=row["stratum"],
    )


def read_captures(captures: Path, lists: tuple[str, ...]) -> CaptureTable:
    """The capture table of all years, everybody together."""
    table = pq.read_table(captures)
    own = table.filter(pc.equal(table["period"], ALL_YEARS)).group_by(list(lists)).aggregate([("count", "sum")])
    return from_frame(own.rename_columns([*lists, "count"]), lists)


def linked_from(document: Mapping[str, Any]) -> LinkedNumber:
    """The linked number from what ``LinkedNumber.document`` gave."""
    told = document["curve"]
    return LinkedNumber(
        document["threshold"],
        tuple(_corrected(row) for row in document["estimates"]),
        Curve(told["estimator"], tuple(Point(**point) for point in told["points"])),
        document["by_calibrated_overlaps"],
        document["labelled"],
        document["hindrance"],
        tuple(document["two_lists"]),
    )


def _corrected(row: Mapping[str, Any]) -> Answer:
    before = {
        name: row[f"uncorrected{end}"] for name, end in (("estimate", ""), ("lower", "_lower"), ("upper", "_upper"))
    }
    return Answer(
        row["estimator"],
        row["corrected"],
        row["lower"],
        row["upper"],
        row["level"],
        verdict=Verdict(row["verdict"]),
        reasons=tuple(row["reasons"]),
        diagnostics={"uncorrected": before, "linkage_part": row["linkage_part"]},
    )
