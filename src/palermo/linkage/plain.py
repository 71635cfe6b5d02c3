"""Linking plain files outside a workspace: CSV, XLSX or Parquet in, persons out, and a score where truth is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from palermo.errors import UsageError
from palermo.linkage.clear import Linked, link_table
from palermo.linkage.clusters import Clusters, memberships
from palermo.linkage.plain_file import PlainFile, PlainOptions, prepared_records, read_file
from palermo.linkage.plain_mapping import PlainMapping
from palermo.linkage.scoring import Score, best_threshold, score_pairs, score_persons
from palermo.linkage.stopping import stoppable
from palermo.progress import Progress

# Where lists share nobody, the best expected F1 lies at chance links; two records that are more likely two persons than
# one are not joined.
LEAST_THRESHOLD = 0.5


@dataclass(frozen=True)
class PlainResult:
    """``mapping`` by list; both scores are None without a truth; ``notices`` name columns, never values."""

    memberships: pa.Table
    pairs: pa.Table
    score: Score | None
    mapping: Mapping[str, PlainMapping]
    notices: tuple[str, ...]
    threshold: float
    clusters: Clusters
    linked: Linked
    records: pa.Table  # PREPARED: as confidential as the files
    person_score: Mapping[str, float] | None = None


def link_plain(files: Sequence[Path], options: PlainOptions | None = None, progress: Progress = None) -> PlainResult:
    """Link the records of ``files``, each one list. Raises ``UsageError`` where a file or the truth cannot be read."""
    chosen = options or PlainOptions()
    if not files:
        raise UsageError("no file to link; give at least one CSV, XLSX or Parquet file")
    read = [
        read_file(path, name, chosen, mapping)
        for path, name, mapping in zip(files, _list_names(files), _mappings(files, chosen.mappings), strict=True)
    ]
    records = prepared_records(read)
    with stoppable():
        linked = link_table(records, chosen.link, progress=progress)
    kept = _overall_kept(linked)
    suggested = max(LEAST_THRESHOLD, best_threshold(linked.pairs["probability"].to_numpy(), kept))
    threshold = chosen.threshold if chosen.threshold is not None else suggested
    clusters = memberships(linked.pairs, records, threshold, chosen.cap, unique_lists=chosen.link.unique_lists)
    score = persons = None
    if chosen.truth is not None:
        truth = pa.table({"row_id": records["row_id"], "person": pa.concat_arrays([one.truth for one in read])})
        score, persons = score_pairs(linked.pairs, truth), score_persons(clusters.table, truth)
    return PlainResult(
        memberships=clusters.table,
        pairs=linked.pairs,
        score=score,
        mapping={one.name: one.mapping for one in read},
        notices=(*_unused(read), *linked.notices, *_capped(clusters)),
        threshold=threshold,
        clusters=clusters,
        linked=linked,
        records=records,
        person_score=persons,
    )


def _overall_kept(linked: Linked) -> float:
    links = sum(one.expected_links for one in linked.kept)
    found = sum(one.expected_links / one.kept for one in linked.kept)
    return links / found if found else 1.0


def _list_names(files: Sequence[Path]) -> list[str]:
    names = [path.stem for path in files]
    return [name if names.count(name) == 1 else f"{name}-{number}" for number, name in enumerate(names, 1)]


def _mappings(files: Sequence[Path], given: Sequence[PlainMapping]) -> Sequence[PlainMapping | None]:
    if len(given) > 1 and len(given) != len(files):
        raise UsageError(
            f"--mapping is given {len(given)} times for {len(files)} files; give one for all, or one for each file in "
            "the order of the files"
        )
    return given if len(given) > 1 else [given[0] if given else None] * len(files)


def _unused(read: Sequence[PlainFile]) -> list[str]:
    return [
        f"{one.name}: not used: {', '.join(rest)}"
        for one in read
        if (
            rest := [
                name for name in one.table.column_names if not any(name in c for c in one.mapping.columns.values())
            ]
        )
    ]


def _capped(clusters: Clusters) -> list[str]:
    if not clusters.broken.num_rows:
        return []
    return [f"{clusters.broken.num_rows:,} links would have broken a rule of persons and were not made; review them"]
