"""Taking in one file: from its rows to tables, a quarantine file and a quality report.

The law is ``read == accepted + quarantined``; it is checked on every batch, and a break stops intake before anything is
written. A file with too many bad rows is refused, but what was wrong with it is written for a person to look at.
"""

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from palermo.errors import PalermoError, RefusedError, UsageError
from palermo.intake.convert import read_mapped
from palermo.intake.identity_file import IdentityFile
from palermo.intake.outputs import Outputs
from palermo.intake.quality import QualityReport
from palermo.intake.quality_page import quality_page
from palermo.intake.registry import Batch, Notice, SourceOptions, adapter_for
from palermo.intake.schema import SEALED, TABLES
from palermo.intake.text_file import unreadable
from palermo.progress import Progress
from palermo.provenance import file_sha256, write_json

_LIST_NAME = re.compile(r"\w[\w .-]*")  # it becomes part of file names


@dataclass(frozen=True)
class IntakeResult:
    """What came of one file. ``tables`` names the Parquet files by table; ``quarantine`` is None where it is empty."""

    list_name: str
    file: str
    sha256: str
    adapter: str
    read: int
    accepted: int
    quarantined: int
    tables: dict[str, Path]
    quarantine: Path | None
    quality_json: Path
    quality_html: Path
    notices: tuple[Notice, ...]
    report: QualityReport
    identities: Path | None = None  # names and birth dates, where the mapping names columns and a folder was given
    sealed: Path | None = None  # which records are of persons under seal, likewise

    def summary(self) -> dict[str, Any]:
        """The result as plain data; the pipeline finds the tables by it."""
        return {
            "list": self.list_name,
            "file": self.file,
            "sha256": self.sha256,
            "adapter": self.adapter,
            "read": self.read,
            "accepted": self.accepted,
            "quarantined": self.quarantined,
            "tables": {name: str(path) for name, path in sorted(self.tables.items())},
            "identities": str(self.identities) if self.identities else None,
            "sealed": str(self.sealed) if self.sealed else None,
            "quarantine": str(self.quarantine) if self.quarantine else None,
            "quality": str(self.quality_html),
            "quality_json": str(self.quality_json),
        }


def intake_file(
    path: Path,
    options: SourceOptions,
    out_dir: Path,
    *,
    adapter: str | None = None,
    quarantine_limit: float = 0.5,
    identities: Path | None = None,
    sealed: Path | None = None,
    progress: Progress = None,
) -> IntakeResult:
    """Take in one file as one list. Names and birth dates are read only into the folder ``identities``, if given, and
    who is under seal only into ``sealed``.

    Raises ``UsageError`` where the file has no known shape or no rows, ``RefusedError`` where more than
    ``quarantine_limit`` of its rows are bad, ``PalermoError`` where it changes meanwhile or cannot be read or written.
    """
    if not _LIST_NAME.fullmatch(options.list_name):
        raise UsageError(
            f"list name {options.list_name!r}: expected letters, digits, spaces, dots, dashes, underscores"
        )
    before = _state(path)
    name, batches = _shape(path, options, adapter)
    report = QualityReport(options.list_name, path.name, _hash(path), name)
    with (
        IdentityFile(identities, options.list_name) as apart,
        IdentityFile(sealed, options.list_name, "sealed", SEALED) as seals,
        Outputs(out_dir, options.list_name) as outputs,
    ):
        outputs.begin()
        with _closed(batches):
            for batch in batches:
                _check_law(path, batch)
                outputs.write_tables(batch.tables)
                apart.add(batch.identities)
                seals.add(batch.sealed)
                outputs.write_quarantined(batch.quarantined)
                report.add(batch)
                if progress is not None:
                    progress(report.read, None, f"{report.read:,} rows")
        if _state(path) != before:
            raise PalermoError(f"{path}: changed while it was read; nothing was written. Run again when it is complete")
        if report.read == 0:
            raise UsageError(f"{path}: a header and no rows; expected rows of data")
        result = _write(path, outputs, report, quarantine_limit)
        return replace(result, identities=apart.commit(), sealed=seals.commit())


@contextmanager
def _closed(batches: Iterator[Batch]) -> Iterator[None]:
    """Stop reading, and close the file, however the loop over the batches ends."""
    try:
        yield
    finally:
        if isinstance(batches, Generator):
            batches.close()


def _shape(path: Path, options: SourceOptions, adapter: str | None) -> tuple[str, Iterator[Batch]]:
    if options.mapping is not None:
        return f"mapping {options.mapping.name}", read_mapped(path, options, options.mapping)
    found = adapter_for(path, adapter, options)
    return found.name, found.read(path, options)


def _state(path: Path) -> tuple[int, int, int, int]:
    """What changes when a file is written to or replaced."""
    try:
        stat = path.stat()
    except OSError as error:
        raise unreadable(path, error) from None
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino


def _hash(path: Path) -> str:
    try:
        return file_sha256(path)
    except OSError as error:
        raise unreadable(path, error) from None


def _check_law(path: Path, batch: Batch) -> None:
    if batch.read != batch.accepted + len(batch.quarantined):
        raise PalermoError(
            f"{path}: read {batch.read} rows but accepted {batch.accepted} and quarantined {len(batch.quarantined)}; "
            "this is a fault of Palermo. Nothing was written; please report it"
        )


def _write(path: Path, outputs: Outputs, report: QualityReport, limit: float) -> IntakeResult:
    """Finish the files and give them their names, or refuse the file and keep only what says why."""
    parts = outputs.finish()
    bad = ("quarantine.csv",) if report.quarantined else ()
    refused = report.quarantined > limit * report.read
    with outputs.named_errors():
        if refused:
            report.refused = (
                f"{report.quarantined:,} of {report.read:,} rows are bad, more than the limit of {limit:.0%} "
                "(rules.quarantine_limit). Correct the mapping or the file"
            )
        else:
            report.check_tables(parts)
        write_json(outputs.part("quality.json"), report.to_dict())
        outputs.part("quality.html").write_text(quality_page(report), encoding="utf-8")
    quality = ("quality.json", "quality.html")
    if refused:
        outputs.commit(*bad, *quality)
        raise RefusedError(
            f"{path}: {report.refused}; see {outputs.name('quarantine.csv')} and {outputs.name('quality.html')}"
        )
    outputs.commit(*(f"{name}.parquet" for name in parts), *bad, *quality)
    outputs.remove(*(f"{name}.parquet" for name in TABLES if name not in parts), *(() if bad else ("quarantine.csv",)))
    return IntakeResult(
        list_name=report.list_name,
        file=report.file,
        sha256=report.sha256,
        adapter=report.adapter,
        read=report.read,
        accepted=report.accepted,
        quarantined=report.quarantined,
        tables={name: outputs.name(f"{name}.parquet") for name in parts},
        quarantine=outputs.name("quarantine.csv") if bad else None,
        quality_json=outputs.name("quality.json"),
        quality_html=outputs.name("quality.html"),
        notices=report.notices,
        report=report,
    )
