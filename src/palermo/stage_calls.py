"""What single stages are called with, and what they say of themselves: one source read in, one release reported."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from palermo import release_work as releasing
from palermo.account.making import AccountInputs
from palermo.console import Step
from palermo.intake.mapping import load_mapping
from palermo.intake.registry import SourceOptions
from palermo.intake.run import intake_file
from palermo.provenance import file_sha256
from palermo.report.build import write_report
from palermo.settings import Source
from palermo.workspace import Workspace

Summary = dict[str, Any]


def read_source(
    source: Source,
    folder: Path,
    limit: float,
    progress: Step,
    identities: Path | None = None,
    sealed: Path | None = None,
) -> tuple[Summary, Sequence[Path]]:
    """Take one source in; names and birth dates only into ``identities``. Returns its summary and the files written."""
    options = SourceOptions(
        list_name=source.name,
        source_type=source.type,
        area=source.area,
        unit=source.unit,
        mapping=load_mapping(source.mapping) if source.mapping else None,
        encoding=source.encoding,
        delimiter=source.delimiter,
        sheet=source.sheet,
    )
    result = intake_file(
        source.path,
        options,
        folder,
        adapter=source.adapter,
        quarantine_limit=limit,
        identities=identities,
        sealed=sealed,
        progress=progress,
    )
    summary = {
        **result.summary(),
        "file": source.path.name,
        "public": source.public,
        "tables_sha256": {name: file_sha256(path) for name, path in result.tables.items()},
        "sealed_sha256": file_sha256(result.sealed) if result.sealed else None,
        "identities_sha256": file_sha256(result.identities) if result.identities else None,
    }
    written = [*result.tables.values(), result.quality_json, result.quality_html]
    return summary, written + [path for path in (result.quarantine, result.identities, result.sealed) if path]


def report_release(release: Path, out: Path, progress: Step) -> tuple[Summary, Sequence[Path]]:
    """Write the report of one release folder. Returns what was written."""
    result = write_report(release, out, progress)
    summary = {"html": str(result.html), "files": len(result.files), "figures": result.figures}
    return summary, (result.html, *result.files)


def totals(sources: Sequence[Summary]) -> Summary:
    """The counts of all sources; read = accepted + quarantined holds for the sum as for each."""
    counts = {key: sum(source[key] for source in sources) for key in ("read", "accepted", "quarantined")}
    return {**counts, "sources": list(sources)}


def account_inputs(
    workspace: Workspace, sources: Sequence[Summary], persons: Summary | None, hidden: Summary | None
) -> AccountInputs:
    """What an account is made from, of what the stages before it say of themselves."""
    settings = workspace.settings

    def tables(name: str) -> tuple[Path, ...]:
        return tuple(Path(source["tables"][name]) for source in sources if name in source["tables"])

    return AccountInputs(
        persons=Path(persons["table"]) if persons else None,
        cases=tables("cases"),
        suspects=tables("suspects"),
        observations=tables("observations"),
        public_lists=frozenset(source.name for source in settings.sources if source.public),
        inputs=tuple(releasing.input_of(source) for source in sources),
        population=settings.population.file if settings.population else None,
        population_shape=settings.population.shape if settings.population else None,
        area=settings.area,
        area_name=settings.area_name,
        years=settings.years,
        rules=settings.rules,
        estimates=Path(hidden["estimates"]) if hidden else None,
        compared=tuple(hidden["lists"]) if hidden else (),
        tried=Path(hidden["tried"]) if hidden and hidden["tried"] else None,
        engine=settings.engine,
    )
