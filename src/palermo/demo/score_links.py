"""Linkage beside the truth of the demo country: pairs found, pairs wrong, persons, and pairs across scripts.

The decision a reader would question: a pair is two records of different lists that are one person. Duplicates within a
list are easier and would flatter the figures; they count in the number of persons only. Pairs that a shared number
joins are left out of the lines "by names", which say what the comparison of names alone is worth.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from palermo.demo.truth import FOLDER, RECORDS_FILE

LINK_HEADER = ("pairs of records between lists", "true", "found", "precision", "recall", "F1")


@dataclass(frozen=True)
class LinkLine:
    """One way of taking pairs for links, beside the truth. ``threshold`` is None for the persons as made."""

    name: str
    true: int
    found: int
    right: int
    threshold: float | None = None

    @property
    def precision(self) -> float:
        """The share of the pairs found that are true."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of the true pairs that are found."""
        return self.right / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (self.found + self.true) if self.found + self.true else 0.0

    def row(self) -> tuple[object, ...]:
        """The line under ``LINK_HEADER``."""
        return (self.name, self.true, self.found, f"{self.precision:.3f}", f"{self.recall:.3f}", f"{self.f1:.3f}")


@dataclass(frozen=True)
class LinkScore:
    """``persons`` of all records that carry a name or number: in truth, as made, and corrected where labels allow."""

    lines: tuple[LinkLine, ...]
    persons: int
    made: int
    corrected: float | None

    @property
    def rows(self) -> tuple[tuple[object, ...], ...]:
        """The lines as rows under ``LINK_HEADER``."""
        return tuple(line.row() for line in self.lines)

    def error(self, count: float) -> float:
        """How far a number of persons is from the truth, as a share of it."""
        return count / self.persons - 1

    def words(self) -> str:
        """The numbers of persons in a sentence."""
        said = f"Persons in truth {self.persons:,}, as joined {self.made:,} ({self.error(self.made):+.1%})"
        if self.corrected is None:
            return f"{said}; no labels, so no correction."
        return (
            f"{said}, corrected for missed and false links {self.corrected:,.0f} ({self.error(self.corrected):+.1%})."
        )

    def summary(self) -> dict[str, Any]:
        """The score for JSON."""
        lines = [
            {**vars(line), "precision": line.precision, "recall": line.recall, "f1": line.f1} for line in self.lines
        ]
        corrected = None if self.corrected is None else self.error(self.corrected)
        return {
            "lines": lines,
            "persons": self.persons,
            "made": self.made,
            "made_error": self.error(self.made),
            "corrected": self.corrected,
            "corrected_error": corrected,
        }


def score_links(workspace: Path, persons: Mapping[str, Any]) -> LinkScore | None:
    """The score of what the linkage stage said (``persons``); None where it joined records by numbers alone."""
    links = persons["links"]
    if links is None:
        return None
    files = {
        "truth": str(workspace / FOLDER / RECORDS_FILE),
        "members": links["memberships"],
        "records": links["records"],
        "pairs": persons["pairs"],
    }
    with duckdb.connect(":memory:") as connection:
        for name, file in files.items():
            connection.from_parquet(file).create_view(name)
        connection.execute(
            "CREATE TABLE known AS SELECT row_id, list, person, person_id, script FROM members JOIN records "
            "USING (row_id, list, record_id) JOIN truth USING (list, record_id) WHERE comparable"
        )
        lines = (*_as_made(connection), *_by_names(connection))
        true, made = connection.execute(
            "SELECT count(DISTINCT person), count(DISTINCT person_id) FROM known"
        ).fetchall()[0]
    count = links["count"]
    corrected = None if count is None else count["corrected"] - count["made"] + made
    return LinkScore(lines, true, made, corrected)


def _pairs_where(connection: duckdb.DuckDBPyConnection, same: str, more: str = "true") -> int:
    query = f"SELECT count(*) FROM known a JOIN known b ON {same} AND a.list < b.list WHERE {more}"
    return int(connection.execute(query).fetchall()[0][0])


def _as_made(connection: duckdb.DuckDBPyConnection) -> tuple[LinkLine, ...]:
    lines = []
    for name, more in (("persons as made", "true"), ("the same, across scripts", "a.script <> b.script")):
        true = _pairs_where(connection, "a.person = b.person", more)
        found = _pairs_where(connection, "a.person_id = b.person_id", more)
        right = _pairs_where(connection, "a.person_id = b.person_id AND a.person = b.person", more)
        lines.append(LinkLine(name, true, found, right))
    return tuple(lines)


def _by_names(connection: duckdb.DuckDBPyConnection) -> tuple[LinkLine, ...]:
    """Pairs by score at the threshold that is best in truth, without those that a shared number settles."""
    connection.execute(
        """
        CREATE TABLE scored AS
        SELECT p.source, coalesce(p.calibrated, p.probability) AS probability, a.person = b.person AS same,
            a.script <> b.script AS across
        FROM pairs p JOIN known a ON a.row_id = p."left" JOIN known b ON b.row_id = p."right" WHERE a.list <> b.list
        """
    )
    settled = connection.execute(
        "SELECT count(*), count_if(across) FROM scored WHERE source = 'key' AND same"
    ).fetchall()[0]
    true = _pairs_where(connection, "a.person = b.person") - settled[0]
    across = _pairs_where(connection, "a.person = b.person", "a.script <> b.script") - settled[1]
    rows = connection.execute(
        "SELECT probability, same, across FROM scored WHERE source <> 'key' ORDER BY probability DESC"
    ).fetchnumpy()
    if not len(rows["same"]) or not true:
        return ()
    right, found = np.cumsum(rows["same"]), np.arange(1, len(rows["same"]) + 1)
    best = int(np.argmax(2 * right / (found + true)))
    threshold = float(rows["probability"][best])
    over = rows["across"][: best + 1]
    return (
        LinkLine("by names, best threshold", true, int(found[best]), int(right[best]), threshold),
        LinkLine(
            "the same, across scripts", across, int(over.sum()), int((over & rows["same"][: best + 1]).sum()), threshold
        ),
    )
