"""Linking plain files outside a workspace: what is written, and the summary of it that the command line shows.

The decision a reader would question: the prepared records are written too, for their owner alone. They hold names in
the form in which they were compared; without them nobody could look at a sample of the pairs (``palermo review``).
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from palermo.linkage.model_file import write_private
from palermo.linkage.plain import PlainOptions, link_plain
from palermo.linkage.plain_mapping import PlainMapping
from palermo.linkage.rates import kept_shares
from palermo.linkage.review.labels import write_private as write_private_text
from palermo.linkage_report import Rule, Scored, Summary, finish, missing_by_list, write_found

Progress = Callable[[float, float | None, str], None]


def link_files(files: Sequence[Path], options: PlainOptions, out: Path, progress: Progress) -> Summary:
    """Link ``files`` and write memberships, pairs, rates, the mapping of each list and the report into ``out``."""
    result = link_plain(files, options, progress)
    scored = Scored(
        pairs=result.pairs,
        records=result.records,
        kept=kept_shares(result.linked.kept),
        candidates=result.linked.candidates,
        missing=missing_by_list(result.records),
        notices=result.notices,
    )
    rule = Rule(options.threshold, options.cap, options.link.unique_lists, options.link.seed)
    progress(3.5, 4, "joining")
    summary = write_found(scored, finish(scored, rule, out), out)
    write_private(result.records, out / "prepared.parquet")
    for name, mapping in result.mapping.items():
        write_private_text(out / f"{name}.mapping.toml", mapping.as_toml())
    return {
        **summary,
        "score": result.score.as_json() if result.score is not None else None,
        "person_score": dict(result.person_score) if result.person_score is not None else None,
        "mapping": {name: mapping_told(one) for name, one in result.mapping.items()},
    }


def mapping_told(mapping: PlainMapping) -> dict[str, Any]:
    """Which columns were read as what."""
    columns = {target: list(names) for target, names in sorted(mapping.columns.items())}
    return {"columns": columns, "date_format": mapping.date_format}
