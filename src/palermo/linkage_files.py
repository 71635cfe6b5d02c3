"""Linking plain files outside a workspace: what is written, and the summary of it that the command line shows.

The decision a reader would question: the prepared records are written too, for their owner alone. They hold names in
the form in which they were compared; without them nobody could look at a sample of the pairs (``palermo review``).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from palermo.linkage.plain import link_plain
from palermo.linkage.plain_file import PlainOptions
from palermo.linkage.plain_mapping import PlainMapping
from palermo.linkage.rates import kept_shares
from palermo.linkage_report import LABELS_FILE, Rule, Scored, Summary, finish, missing_by_list, write_found
from palermo.private_files import write_private_table, write_private_text
from palermo.progress import Tell


def link_files(files: Sequence[Path], options: PlainOptions, out: Path, progress: Tell) -> Summary:
    """Link ``files`` and write memberships, pairs, rates, the mapping of each list and the report into ``out``."""
    result = link_plain(files, options, progress)
    missing = missing_by_list(result.records)
    scored = Scored(
        pairs=result.pairs,
        records=result.records,
        kept=kept_shares(result.linked.kept),
        candidates=result.linked.candidates,
        missing=missing,
        notices=(*_nameless(missing, result.records), *result.notices),
    )
    # The same threshold as the score of persons used, unless labels have changed the probabilities.
    labelled = (out / LABELS_FILE).is_file()
    rule = Rule(
        options.threshold if labelled else result.threshold, options.cap, options.link.unique_lists, options.link.seed
    )
    progress(3.5, 4, "joining")
    summary = write_found(scored, finish(scored, rule, out), out)
    write_private_table(result.records, out / "prepared.parquet")
    for name, mapping in result.mapping.items():
        write_private_text(mapping.as_toml(), out / f"{name}.mapping.toml")
    return {
        **summary,
        "score": result.score.as_json() if result.score is not None else None,
        "person_score": dict(result.person_score) if result.person_score and not labelled else None,
        "mapping": {name: mapping_told(one) for name, one in result.mapping.items()},
    }


def _nameless(missing: Mapping[str, Mapping[str, int]], records: pa.Table) -> list[str]:
    """Notices of lists in which no record holds a name, or neither a name nor a birth."""
    told = []
    for name, lacking in missing.items():
        size = pc.sum(pc.equal(records["list"], name)).as_py()
        if lacking["tokens"] == size:
            what = "neither a name nor a date of birth" if lacking["birth_from"] == size else "a name"
            verb = "holds" if what.startswith("neither") else "lacks"
            told.append(f"{name}: every record {verb} {what}; its persons can hardly be found on other lists")
    return told


def mapping_told(mapping: PlainMapping) -> dict[str, Any]:
    """Which columns were read as what."""
    columns = {target: list(names) for target, names in sorted(mapping.columns.items())}
    return {"columns": columns, "date_format": mapping.date_format}
