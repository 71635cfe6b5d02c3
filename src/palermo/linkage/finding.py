"""The first step of the stage: comparing the records of all lists, only those that are new where that is enough.

The decision a reader would question: when a list or a month is added, the model that was learnt stays, and pairs of old
records keep their scores. So two workspaces with the same lists may differ in the last digits by the order in which the
lists came. Where more than half of the records are new, or code, settings or the engine have changed, all is learnt
and compared anew.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.intake.schema import IDENTITIES
from palermo.linkage.clear import link_clear
from palermo.linkage.incremental import link_added
from palermo.linkage.model_file import read_model
from palermo.linkage.prepare import prepare
from palermo.linkage.rates import Kept, kept_shares
from palermo.linkage.settings import LinkOptions
from palermo.private_files import write_private_table, write_private_text
from palermo.progress import Progress
from palermo.provenance import code_version
from palermo.settings import DUCKDB, SPARK, Linkage

MOSTLY_NEW = 0.5  # share of new records from which the model is learnt anew


@dataclass(frozen=True)
class ListFiles:
    """One list as linkage reads it; ``identities`` is None where its mapping names no column of names."""

    name: str
    cases: Path
    identities: Path | None = None
    encoded: Path | None = None  # what `palermo encode` made of the list


@dataclass(frozen=True)
class Found:
    """What comparing records gave. ``kept``: share of true pairs that blocking let through, with limits, by two lists.

    ``compared`` is the number of pairs compared in this run; ``fresh`` the records that were new, None where all were.
    """

    pairs: Path
    prepared: Path
    compared: int
    kept: dict[tuple[str, str], Kept]
    missing: dict[str, dict[str, int]]
    notices: tuple[str, ...]
    fresh: int | None = None


def find_pairs(
    lists: Sequence[ListFiles], settings: Linkage, closed: Path, progress: Progress = None, engine: str = DUCKDB
) -> Found:
    """Compare records by names, birth dates and places. ``closed`` is a folder for its owner alone."""
    files = [one.identities or _nameless(one, closed) for one in lists]
    name, folder = closed / "prepared.parquet", closed / "linked"
    earlier = pq.read_table(name) if name.is_file() else None
    state = folder / "state.json"
    options = LinkOptions(seed=settings.seed, unique_lists=frozenset(settings.without_duplicates), engine=engine)
    known = _known(state, options) if earlier is not None else None
    state.unlink(missing_ok=True)  # an interrupted run must not be built upon
    prepared = prepare(files, name, progress)
    if earlier is not None and known is not None:
        found = _added(prepared.path, earlier, folder, options, progress)
        if found is not None:
            pairs, compared, fresh, notices = found
            _write_state(state, known)
            return Found(pairs, prepared.path, compared, kept_of(known["kept"]), prepared.missing, notices, fresh)
    linked = link_clear(prepared.path, folder, options, progress)
    document = {**_basis(options), "kept": kept_rows(kept_shares(linked.linked.kept))}
    _write_state(state, document)
    return Found(
        linked.pairs,
        prepared.path,
        linked.linked.candidates,
        kept_of(document["kept"]),
        prepared.missing,
        tuple(linked.linked.notices),
    )


def _added(
    prepared: Path, earlier: pa.Table, folder: Path, options: LinkOptions, progress: Progress
) -> tuple[Path, int, int, tuple[str, ...]] | None:
    """The pairs with those of new records added; None where so much is new that the model must be learnt anew."""
    records, out = pq.read_table(prepared), folder / "pairs.parquet"
    if records.num_rows > earlier.num_rows / MOSTLY_NEW:
        return None
    added = link_added(records, earlier, pq.read_table(out), read_model(folder / "model.json"), options, progress)
    if added.fresh > MOSTLY_NEW * records.num_rows:
        return None
    write_private_table(added.pairs, out)
    return out, added.compared, added.fresh, tuple(added.notices)


def _basis(options: LinkOptions) -> dict[str, Any]:
    """What pairs that may be built upon were found with. Spark's similarities differ in the last digits."""
    return {
        "code": code_version(),
        "seed": options.seed,
        "without_duplicates": sorted(options.unique_lists),
        "on_spark": options.engine == SPARK,
    }


def _known(state: Path, options: LinkOptions) -> dict[str, Any] | None:
    """What the earlier run left behind, if its model may be built upon."""
    try:
        document: dict[str, Any] = json.loads(state.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    basis = _basis(options)
    return document if {key: document.get(key) for key in basis} == basis else None


def _write_state(state: Path, document: dict[str, Any]) -> None:
    write_private_text(json.dumps(document, indent=1, sort_keys=True) + "\n", state)


def kept_rows(kept: Mapping[tuple[str, str], Kept]) -> list[list[Any]]:
    """Shares kept as plain data: two lists, the share and its limits; see ``kept_of``."""
    return [[*names, *(share if isinstance(share, tuple) else (share,))] for names, share in sorted(kept.items())]


def kept_of(rows: Iterable[Sequence[Any]]) -> dict[tuple[str, str], Kept]:
    """Shares by pair of lists. A list that came later has none of its own; it takes the mean of the others."""
    return {(row[0], row[1]): (row[2], row[3], row[4]) if len(row) > 3 else row[2] for row in rows}


def _nameless(one: ListFiles, closed: Path) -> Path:
    """Identities that say nothing, for a list without names: so the records of all lists are numbered alike."""
    cases = pq.read_table(one.cases, columns=["list", "record_id", "source_row"])
    nothing = {field.name: pa.nulls(len(cases), field.type) for field in IDENTITIES}
    table = pa.table({**nothing, **{name: cases[name] for name in cases.column_names}}).select(IDENTITIES.names)
    path = closed / f"{one.name}.nameless.parquet"
    write_private_table(table.cast(IDENTITIES), path)
    return path
