"""``palermo check``: the laws tried on what stands in a workspace or a release, by code that did not make it.

The decision a reader would question: a check that cannot be made is a finding too. An account without a release is not
"fine", it is "not released".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from palermo.account.receipts import receipt
from palermo.errors import PalermoError
from palermo.pipeline import Run
from palermo.release.audit import audit_release
from palermo.release.folder import load_release
from palermo.release.ledger_check import verify
from palermo.release.rules import FREE
from palermo.release_work import office_of
from palermo.workspace import Workspace

OTHERS = 0o077  # rights of anybody but the owner
NAMES = frozenset({"given_name", "family_name", "full_name", "other_names", "birth_date", "given", "family", "tokens"})


@dataclass(frozen=True)
class Check:
    """One law and what was found."""

    law: str
    passed: bool
    found: str


def check_release(folder: Path) -> list[Check]:
    """Try a frozen release: unchanged since then, no hidden cell can be derived, every figure has a receipt."""
    try:
        release = load_release(folder)
    except PalermoError as error:
        return [Check("unchanged since it was frozen", False, str(error))]
    audit = audit_release(folder)
    worst = "; ".join(str(finding) for finding in audit.findings[:5])
    return [
        Check("unchanged since it was frozen", True, f"release {release.id}"),
        Check("no subtraction", audit.ok, worst or f"{audit.hidden:,} hidden cells, none can be derived"),
        _hidden_have_no_value(release.cube),
        _receipts_resolve(folder, release.cube),
    ]


def check_workspace(workspace: Workspace) -> list[Check]:
    """Try what was last run in a workspace."""
    return list(_workspace_checks(Run(workspace, quiet=True)))


def _workspace_checks(run: Run) -> Iterator[Check]:
    workspace = run.workspace
    missing = [source.path.name for source in workspace.settings.sources if not source.path.is_file()]
    yield Check("every source stands", not missing, f"missing: {', '.join(missing)}" if missing else "all files found")
    try:
        sources = run.intake_summaries()
    except KeyError as error:
        yield Check("every source was read", False, f"not yet run: {error.args[0]}; use `palermo run`")
        return
    lost = [s["list"] for s in sources if s["read"] != s["accepted"] + s["quarantined"]]
    yield from _names_are_kept_apart(workspace, sources)
    read = sum(source["read"] for source in sources)
    yield Check("read = accepted + quarantined", not lost, f"broken in {', '.join(lost)}" if lost else f"{read:,} rows")
    release = run.latest_release()
    if release is None:
        yield Check("released", False, "no release yet; use `palermo release`")
        return
    yield from check_release(release)
    ledger = office_of(workspace).ledger
    if ledger.path.is_file():
        faults, _ = verify(ledger)
        yield Check("the ledger is whole", not faults, "; ".join(faults[:5]) or "every release as the ledger has it")


def _names_are_kept_apart(workspace: Workspace, sources: Sequence[dict[str, Any]]) -> Iterator[Check]:
    """Names and birth dates lie in one folder that is closed, and no other table has a column for them."""
    if not workspace.identities.is_dir():
        named = [source["list"] for source in sources if source.get("identities")]
        if named:
            yield Check("names are kept apart", False, f"gone since intake: the identities of {', '.join(named)}")
        return
    files = [file for file in workspace.identities.rglob("*") if file.is_file()]
    open_to_others = [file.name for file in files if file.stat().st_mode & OTHERS]
    if workspace.identities.stat().st_mode & OTHERS:
        open_to_others.insert(0, f"the folder {workspace.identities.name}")
    outside = [
        file.name
        for folder in (workspace.work, workspace.releases, workspace.report)
        for file in folder.rglob("*.parquet")
        if not file.is_relative_to(workspace.identities) and set(pq.read_schema(file).names) & NAMES
    ]
    faults = [f"others may read {', '.join(open_to_others[:5])}"] if open_to_others else []
    faults += [f"columns of names in {', '.join(outside[:5])}"] if outside else []
    found = "; ".join(faults) or f"{len(files):,} files in a closed folder"
    yield Check("names are kept apart", not faults, found)


def _hidden_have_no_value(cube: pa.Table) -> Check:
    hidden = cube.filter(pc.not_equal(cube["conf_status"], FREE))
    shown = len(hidden) - hidden["value"].null_count
    return Check("a hidden cell has no value", shown == 0, f"{len(hidden):,} hidden cells, {shown:,} with a value")


def _receipts_resolve(folder: Path, cube: pa.Table) -> Check:
    """Every cell's receipt number leads to a receipt; one cell of each indicator is tried to the end."""
    without = cube["receipt_id"].null_count
    tried = set()
    for indicator in pc.unique(cube["indicator"]).to_pylist():
        first = cube.filter(pc.equal(cube["indicator"], indicator))["receipt_id"][0].as_py()
        if first and receipt(folder / "receipts.json", first):
            tried.add(indicator)
    found = f"{len(cube):,} figures of {len(tried)} indicators, {without:,} without a receipt"
    return Check("every figure has a receipt", without == 0, found)
