"""The stage of persons under seal: between linkage and all that counts. It does nothing where nobody asks for it.

Who is under seal stands in a column that a mapping names (``[mapping] sealed = "COLUMN"``), in a file of the office
(``[release] sealed = "sealed.csv"``), or in both. The decision a reader would question: numbers of records that go
into receipts and notes lose those of the sealed persons too, or what was read less what was counted would tell them.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.console import Step
from palermo.errors import UsageError
from palermo.intake.identity_file import closed_folder
from palermo.intake.schema import SEALED
from palermo.linkage.persons import PersonsResult
from palermo.linkage.sealed import part_sealed
from palermo.private_files import is_shared
from palermo.provenance import file_sha256
from palermo.workspace import Workspace

Summary = dict[str, Any]
_HEADER = ("list", "record_id")


def asked(workspace: Workspace, sources: Sequence[Summary]) -> bool:
    """Whether the settings or a mapping say who is under seal."""
    return workspace.settings.release.sealed is not None or any(source.get("sealed") for source in sources)


def read_for(workspace: Workspace, sources: Sequence[Summary], persons: Summary) -> Summary:
    """What the stage depends on."""
    file = workspace.settings.release.sealed
    links = persons["links"]
    return {
        "persons": file_sha256(Path(persons["table"])),
        "cases": [source["tables_sha256"].get("cases") for source in sources],
        "marks": [source.get("sealed_sha256") for source in sources],
        "file": file_sha256(owner_only(file, "palermo.toml names it as [release] sealed")) if file else None,
        "memberships": file_sha256(Path(links["memberships"])) if links and links.get("memberships") else None,
    }


def act(workspace: Workspace, sources: Sequence[Summary], persons: Summary) -> tuple[Summary, Sequence[Path]]:
    """Part the tables. The summary names them and says how many records were taken out; never whose."""
    marks = [pq.read_table(source["sealed"]) for source in sources if source.get("sealed")]
    file = workspace.settings.release.sealed
    lists = [source["list"] for source in sources if "cases" in source["tables"]]
    if file is not None:
        marks.append(read_sealed(owner_only(file, "palermo.toml names it as [release] sealed"), lists))
    cases = [Path(source["tables"]["cases"]) for source in sources if "cases" in source["tables"]]
    links = persons["links"] or {}
    memberships = Path(links["memberships"]) if links.get("memberships") else None
    folder = closed_folder(workspace.sealed)
    made = part_sealed(cases, Path(persons["table"]), pa.concat_tables(marks), memberships, folder)
    summary = {
        "persons": str(made.persons),
        "sealed": str(made.sealed),
        "cases": {name: str(path) for name, path in zip(lists, made.cases, strict=True)},
        "strings": str(made.strings) if made.strings else None,
        "left_out": dict(made.left_out),
        "counts": dict(made.counts),
    }
    written = [made.persons, made.sealed, *made.cases, *([made.strings] if made.strings else [])]
    return summary, written


def read_sealed(file: Path, lists: Sequence[str]) -> pa.Table:
    """The file of the office as ``SEALED``. Messages name its rows, and nothing that stands in them."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = [name for name in _HEADER if name not in (reader.fieldnames or ())]
            if missing:
                raise UsageError(f"{file}: no column {missing[0]}; expected the header list,record_id")
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{file}: cannot be read ({type(error).__name__}); expected CSV (UTF-8)") from None
    found = []
    for number, row in enumerate(rows, 1):
        name, record = ((row[column] or "").strip() for column in _HEADER)
        if name not in lists or not record:
            raise UsageError(
                f"{file}: row {number}: expected one of the lists {', '.join(lists)} and the number of a record there"
            )
        found.append({"list": name, "record_id": record, "source_row": number})
    return pa.Table.from_pylist(found, SEALED)


def owner_only(file: Path, named: str) -> Path:
    """The file, where nobody but its owner can read it; ``named`` says who asks for it."""
    if not file.is_file():
        raise UsageError(f"{file}: no such file; {named}")
    if is_shared(file):
        raise UsageError(f"{file}: others than its owner may read it; close it with: chmod 600 {file}")
    return file


def parted(
    workspace: Workspace, sources: Sequence[Summary], persons: Summary | None, once: Callable[..., Summary]
) -> tuple[Summary | None, Sequence[Summary], Summary | None, Sequence[Summary]]:
    """The stage, run by ``once``; the sources and persons to count; the sources as they were."""
    if persons is None or not asked(workspace, sources):
        return None, sources, persons, sources

    def run(_: Step) -> tuple[Summary, Sequence[Path]]:
        return act(workspace, sources, persons)

    made = once("seals", "Taking out persons under seal", read_for(workspace, sources, persons), run)
    return made, [open_source(source, made) for source in sources], open_persons(persons, made), sources


def open_persons(persons: Summary, parted: Summary) -> Summary:
    """The summary of linkage for the persons who are left, with its notes worked out anew."""
    names = {field.name for field in fields(PersonsResult)}
    before = PersonsResult(**{**{name: persons[name] for name in names}, "lists": tuple(persons["lists"])})
    after = PersonsResult(**{**asdict(before), **parted["counts"]})
    rest = persons["notes"][len(before.notes()) :]
    return {**persons, **asdict(after), "notes": [*after.notes(), *rest], "table": parted["persons"]}


def open_source(source: Summary, parted: Summary) -> Summary:
    """The summary of intake without the records of sealed persons."""
    gone = parted["left_out"].get(source["list"], 0)
    if source["list"] not in parted["cases"]:
        return source
    cases = parted["cases"][source["list"]]
    return {
        **source,
        "read": source["read"] - gone,
        "accepted": source["accepted"] - gone,
        "tables": {**source["tables"], "cases": cases},
        "tables_sha256": {**source["tables_sha256"], "cases": file_sha256(Path(cases))},
    }
