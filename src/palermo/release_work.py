"""The release stage on a workspace: a draft, a plan, a candidate; and the ledger that all of them are held against.

The decision a reader would question: `palermo run` makes a draft, which no ledger lists and no later release is
compared with. It is for the office, says so on every page, and gives way to the candidate of the same figures.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from palermo.codes import areas
from palermo.console import Step
from palermo.provenance import file_sha256
from palermo.release.approval import Office, Request, list_release
from palermo.release.difference import differences
from palermo.release.folder import load_release
from palermo.release.freeze import Account, Made, ReleaseResult, made_release, make_release
from palermo.release.history import History, load_history
from palermo.release.ledger import Ledger, only_one
from palermo.release.ledger_entry import APPROVED, TABLES, Listed
from palermo.release.protect import protect
from palermo.release.rules import FREE, Protection
from palermo.workspace import Workspace

Summary = dict[str, Any]


@dataclass(frozen=True)
class ReleaseInputs:
    """What the account hands to the release."""

    cube: Path
    receipts: Path
    metadata: Mapping[str, Any]
    protection: Protection


def office_of(workspace: Workspace) -> Office:
    """The ledger of a workspace and what goes with it."""
    ledger = Ledger(workspace.releases, workspace.released / "ledger.head")
    within = {area.code: area.parent for area in (*areas.countries(), *areas.regions()) if area.parent}
    known = {**within, **dict(workspace.settings.release.within)}
    return Office(ledger, workspace.released, known, workspace.sealed / "search.txt")


def latest_approved(workspace: Workspace) -> tuple[Listed, Path] | None:
    """The last listed release of tables that is approved and not withdrawn, with its folder."""
    ledger = office_of(workspace).ledger
    found = [one for one in ledger.listed().values() if one.status == APPROVED and one.made.kind == TABLES]
    return (found[-1], ledger.folder(found[-1])) if found else None


def lock_of(workspace: Workspace) -> Path:
    """The file that lets one process at a time make or judge releases."""
    return workspace.work / "release.lock"


@contextmanager
def turn(workspace: Workspace) -> Iterator[Office]:
    """The office, for one process at a time; what another one left half-done is ended first."""
    with only_one(lock_of(workspace)):
        office = office_of(workspace)
        office.ledger.finish()
        yield office


def protection_of(workspace: Workspace) -> Protection:
    """The rules of protection that the settings name."""
    rules = workspace.settings.rules
    return Protection(rules.k_tables, rules.k_microdata, rules.rounding, rules.publish_zeros)


def seen_before(workspace: Workspace) -> str | None:
    """What a draft depends on besides the account: the ledger as it is."""
    path = office_of(workspace).ledger.path
    return file_sha256(path) if path.is_file() else None


def _history(workspace: Workspace, skip: str | None = None) -> History:
    office = office_of(workspace)
    return load_history(office.ledger, office.store, office.within, skip)


def draft(workspace: Workspace, inputs: ReleaseInputs, folder: Path, progress: Step) -> ReleaseResult:
    """Freeze the account as a draft for the office."""
    with turn(workspace):
        history = _history(workspace)
        return make_release(inputs.cube, inputs.receipts, folder, inputs.protection, inputs.metadata, progress, history)


def make(workspace: Workspace, inputs: ReleaseInputs, request: Request, progress: Step) -> Summary:
    """Freeze the account as a candidate and list it in the ledger."""
    sources = {one["list"]: (one["sha256"],) for one in inputs.metadata["sources"] if not one["public"]}
    with turn(workspace) as office:
        account = Account.read(inputs.cube, inputs.receipts)
        past = _history(workspace), progress
        with made_release(account, workspace.releases, inputs.protection, inputs.metadata, past) as made:
            said = _said_of(made)
            listed = list_release(office, made, inputs.protection, request, sources)
    return {**said, "path": str(office.ledger.folder(listed)), "status": listed.status, "made_by": listed.made.by}


def plan(workspace: Workspace, inputs: ReleaseInputs, progress: Step) -> Summary:
    """What a release would hide or hold back, and why; nothing is left behind."""
    with turn(workspace):
        account, history = Account.read(inputs.cube, inputs.receipts), _history(workspace)
        folder = workspace.work / "plan"
        try:
            with made_release(account, folder, inputs.protection, inputs.metadata, (history, progress)) as made:
                tables = _by_table(account, made, inputs, progress)
                return {**_said_of(made), "tables": tables, **_compared(history, made)}
        finally:
            folder.rmdir()


def _said_of(made: Made) -> Summary:
    return {
        "id": made.id,
        "cells": made.audit.cells,
        "hidden_small": made.protected.primary,
        "hidden_secondary": made.protected.secondary,
        "held_back": [asdict(change) for change in made.held.held],
        "revised": [asdict(change) for change in made.held.revised],
        "estimates_wait": made.held.as_before,
        "left_out": [{"table": table, "year": year} for table, year in made.held.left_out],
    }


def _by_table(account: Account, made: Made, inputs: ReleaseInputs, progress: Step) -> list[Summary]:
    """By table: its figures, those hidden, and those hidden only because of what earlier releases say."""
    hidden = {number for number, row in enumerate(made.protected.rows) if row["conf_status"] != FREE}
    definitions, microdata = account.receipts.get("indicators", {}), inputs.metadata.get("microdata_derived", ())
    alone = protect(made.rows, inputs.protection, definitions, microdata, progress)
    by_itself = {number for number, row in enumerate(alone.rows) if row["conf_status"] != FREE}
    names = [row["indicator"] for row in made.rows]
    figures, gone = Counter(names), Counter(names[number] for number in hidden)
    earlier = Counter(names[number] for number in hidden - by_itself)
    return [
        {"table": name, "figures": figures[name], "hidden": gone[name], "because_of_earlier": earlier[name]}
        for name in sorted(figures)
    ]


def _compared(history: History, made: Made) -> Summary:
    """The latest earlier release, and how many printed figures are not the same there."""
    if not history.earlier:
        return {"latest": None, "differences": None}
    before = load_release(history.folders[-1]).cube
    found = differences(before, pq.read_table(made.part / "cube.parquet"))
    return {"latest": history.earlier[-1].id, "differences": len(found)}


def show(listed: Listed, office: Office) -> Summary:
    """One release as listed, with where it lies."""
    return {"id": listed.id, "status": listed.status, "path": str(office.ledger.folder(listed))}


def input_of(source: Summary) -> Summary:
    """What the account and a release say of one source."""
    return {key: source[key] for key in ("list", "file", "sha256", "adapter", "read", "accepted", "quarantined")}


def metadata_of(workspace: Workspace, account: Summary, sources: Sequence[Summary]) -> Summary:
    """What a release says of itself besides its figures."""
    settings = workspace.settings
    return {
        "title": settings.title,
        "area": settings.area,
        "area_name": settings.area_name,
        "years": settings.years,
        "made_up": settings.made_up,
        "rules": asdict(settings.rules),
        "sources": [{**input_of(source), "public": source["public"]} for source in sources],
        "population": settings.population.file.name if settings.population else None,
        "hidden": _asked(account["hidden"]),
        "notes": account["notes"],
    }


def _asked(hidden: Summary | None) -> Summary:
    """Whether the account estimates those whom no list saw, with which lists, or why it does not."""
    if hidden is None:
        return {"asked": False, "lists": [], "refusal": ""}
    return {"asked": True, "lists": hidden["lists"], "refusal": hidden["refusal"]}
