"""Freeze a protected cube into a folder that is named after its content and can be checked by anyone who holds it.

The decision a reader would question: the folder holds no date and no machine's name, so that the same account released
twice is the same release, byte for byte. A release that fails the audit is never given its final name.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from palermo.account.schema import CUBE
from palermo.errors import PalermoError, RefusedError, UsageError
from palermo.progress import Progress
from palermo.provenance import code_version, file_sha256, write_json
from palermo.release.additive import check_figures
from palermo.release.audit import Audit, audit_release
from palermo.release.audit_across import audit_across
from palermo.release.cells import ESTIMATED
from palermo.release.folder import CONTENT, DRAFT, FORMAT, MANIFEST, id_of, load_release, read_json
from palermo.release.gone_rows import gone, needed
from palermo.release.history import History
from palermo.release.hold import Mixed
from palermo.release.notice import COLUMN, notice, notices
from palermo.release.protect import Protected, protect
from palermo.release.receipts import without_counts
from palermo.release.rules import Protection
from palermo.release.schema import RELEASED
from palermo.release.tried import FILE, HIDDEN, guarded_tried
from palermo.spreadsheets import harmless


@dataclass(frozen=True)
class ReleaseResult:
    """Where the release lies and how much of it is hidden. The two numbers of hidden rows are not published."""

    id: str
    path: Path
    cells: int
    hidden_primary: int
    hidden_secondary: int
    audit: Audit


@dataclass(frozen=True)
class Account:
    """What a release is made from: the cube with its receipts, and what was tried around the estimate."""

    rows: list[dict[str, Any]]
    receipts: dict[str, Any]
    tried: dict[str, Any]

    @classmethod
    def read(cls, cube_path: Path, receipts_path: Path) -> "Account":
        """Read it; what was tried stands in ``estimates.json`` beside the receipts, where there is one.

        Raises ``RefusedError`` where the figures cannot be true.
        """
        tried = receipts_path.with_name(FILE)
        rows = _read_cube(cube_path).to_pylist()
        check_figures(cube_path, rows)
        return cls(rows, read_json(receipts_path), read_json(tried) if tried.is_file() else {})


@dataclass(frozen=True)
class Made:
    """A release written and audited in a folder of its own, not yet under its name."""

    id: str
    part: Path
    rows: list[dict[str, Any]]  # the true figures it was made from
    protected: Protected
    audit: Audit
    held: Mixed  # which years wait


def make_release(
    cube_path: Path,
    receipts_path: Path,
    out_dir: Path,
    protection: Protection,
    metadata: Mapping[str, Any],
    progress: Progress = None,
    history: History | None = None,
) -> ReleaseResult:
    """Protect the account, audit it and freeze it under ``out_dir/<id>``, as a draft for the office.

    ``metadata["microdata_derived"]`` may list indicators for which ``k_microdata`` holds. With ``history`` it is
    protected and audited together with the releases before it. Raises ``RefusedError``, and freezes nothing, when the
    audit can work out a hidden count.
    """
    account = Account.read(cube_path, receipts_path)
    with made_release(account, out_dir, protection, metadata, (history or History(), progress)) as made:
        put_in_place(made, out_dir, manifest_of(made, protection, {"status": DRAFT}))
        hidden = made.protected.primary, made.protected.secondary
        return ReleaseResult(made.id, out_dir / made.id, made.audit.cells, *hidden, made.audit)


@contextmanager
def made_release(
    account: Account,
    out_dir: Path,
    protection: Protection,
    metadata: Mapping[str, Any],
    past: tuple[History, Progress],
) -> Iterator[Made]:
    """A release written and audited below ``out_dir`` under a passing name, which is gone again at the end.

    Where a change cannot be published safely, every change of a published year waits; where that does not help either,
    ``RefusedError`` says why.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    part = out_dir / ".release.part"
    try:
        yield _safe(account, part, protection, metadata, past)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _safe(
    account: Account, part: Path, protection: Protection, metadata: Mapping[str, Any], past: tuple[History, Progress]
) -> Made:
    history, _ = past
    held = history.with_held(account.rows, account.receipts, protection.k_tables, all_wait=False)
    try:
        return _written(account, held, part, protection, metadata, past)
    except PalermoError as error:
        if not held.revised:
            raise RefusedError(str(error)) from None
    held = history.with_held(account.rows, account.receipts, protection.k_tables, all_wait=True)
    return _written(account, held, part, protection, metadata, past)


def _written(
    account: Account,
    held: Mixed,
    part: Path,
    protection: Protection,
    metadata: Mapping[str, Any],
    past: tuple[History, Progress],
) -> Made:
    """Protect, write and audit one choice of figures."""
    history, progress = past
    microdata = metadata.get("microdata_derived", ())
    definitions = account.receipts.get("indicators", {})
    more = gone(held.rows, history.earlier)
    rows = [*held.rows, *more]
    protected = protect(rows, protection, definitions, microdata, progress, history.together())
    rows, protected.rows = needed(rows, protected.rows, len(more))
    tried = guarded_tried(account.tried, rows, protected.rows, protection)
    receipts = account.receipts
    if held.as_before:  # the estimates are those first published, so what stands around them is too
        before = history.tried_before(protection)
        receipt = {"receipt": tried["receipt"]} if "receipt" in before and "receipt" in tried else {}
        tried = tried if tried["why"] == HIDDEN else {**before, **receipt}
        receipts = history.estimates_before(receipts, rows)
    elif held.waiting:
        receipts = history.answers_before(receipts, held.waiting)
    made_up = bool(metadata.get("made_up"))
    about = {COLUMN: notice(made_up=made_up)}
    rules = {**asdict(protection), **protected.statement, "microdata_derived": [*microdata]}
    said = {**metadata, **about, "protection": rules}
    released = pa.Table.from_pylist(protected.rows, RELEASED.with_metadata(about))
    shutil.rmtree(part, ignore_errors=True)  # what an interrupted run left
    part.mkdir()
    pq.write_table(released, part / "cube.parquet", compression="zstd")
    pa_csv.write_csv(_for_people(released, made_up=made_up), part / "cube.csv")
    k = max(protection.k_tables, protection.k_microdata)
    public_receipts, public_metadata = without_counts(receipts, said, released)
    write_json(part / "receipts.json", {**history.steady(public_receipts, k), **about})
    write_json(part / "metadata.json", history.steady(public_metadata, k))
    write_json(part / FILE, {**tried, COLUMN: notice(ESTIMATED, made_up=made_up)})
    audit = audit_release(part)
    if audit.ok and history.folders:
        found = audit_across([*history.folders, part], history.within)
        audit = replace(audit, ok=not found, findings=found)
    if not audit.ok:
        raise RefusedError(_refusal(audit))
    files = {name: file_sha256(part / name) for name in CONTENT}
    return Made(id_of(files), part, rows, protected, audit, held)


def manifest_of(made: Made, protection: Protection, standing: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest: hashes, who made it, what the audit found; no date, so that it can be made again to the byte."""
    return {
        "format": FORMAT,
        "id": made.id,
        COLUMN: read_json(made.part / "metadata.json")[COLUMN],
        "files": {name: file_sha256(made.part / name) for name in CONTENT},
        "code_version": code_version(),
        "protection": asdict(protection),
        "audit": {"ok": made.audit.ok, "hidden": made.audit.hidden, "checked": made.audit.checked},
        **standing,
    }


def put_in_place(made: Made, out_dir: Path, manifest: Mapping[str, Any]) -> Path:
    """Give a release its final name. One that is there already must be whole, and keeps its manifest."""
    final = out_dir / made.id
    if final.exists():
        load_release(final)
        return final
    write_json(made.part / MANIFEST, manifest)
    made.part.rename(final)
    return final


def _read_cube(path: Path) -> pa.Table:
    if not path.is_file():
        raise UsageError(f"{path}: no cube here; make the account first with `palermo account`")
    cube = pq.read_table(path)
    missing = [name for name in CUBE.names if name not in cube.column_names]
    if missing:
        raise UsageError(f"{path}: not a cube: the columns {', '.join(missing)} are missing")
    return cube.select(CUBE.names)


def _for_people(cube: pa.Table, *, made_up: bool) -> pa.Table:
    """The table for CSV: each row says what it counts, and what a spreadsheet would run as a formula gets a quote."""
    columns = {}
    for name in cube.column_names:
        values = cube[name].to_pylist()
        if pa.types.is_string(cube.schema.field(name).type):
            values = [text and harmless(text) for text in values]
        columns[name] = pa.array(values, cube.schema.field(name).type)
    return pa.table({**columns, COLUMN: notices(cube["kind"].to_pylist(), made_up=made_up)})


def _refusal(audit: Audit) -> str:
    shown = "; ".join(finding.words for finding in audit.findings[:5])
    more = f" and {len(audit.findings) - 5} more" if len(audit.findings) > 5 else ""
    return f"not released: the audit could work out hidden counts. {shown}{more}. Nothing was written"
