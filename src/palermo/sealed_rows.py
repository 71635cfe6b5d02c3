"""Persons under seal in files that other verbs read: open data, and tables of any file.

``palermo run`` takes them out of all that it counts. A verb that reads a file by itself knows none of that, so it is
refused a source of a workspace that has persons under seal, unless it is told whose rows to leave out. The decision a
reader would question: a seal on any list refuses every list of the workspace, as the same person may stand on each.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from palermo.errors import RefusedError, UsageError
from palermo.intake.mapping import load_mapping
from palermo.sealed_work import owner_only
from palermo.workspace import FILE_NAME, Workspace, find_workspace


def workspace_naming(file: Path, named: Path | None = None) -> Workspace | None:
    """The workspace of which a file is a source or a table of its work: ``named``, here, or around the file."""
    for folder in (*((named,) if named else ()), *_around(file)):
        found = find_workspace(folder)
        if _is_source(found, file) or found.work in file.resolve().parents:
            return found
    return None


def _around(file: Path) -> Iterator[Path]:
    here = (Path.cwd(),) if (Path.cwd() / FILE_NAME).is_file() else ()
    parents = next((folder for folder in file.resolve().parents if (folder / FILE_NAME).is_file()), None)
    yield from dict.fromkeys((*here, *((parents,) if parents else ())))


def _is_source(workspace: Workspace, file: Path) -> bool:
    return any(one.path.resolve() == file.resolve() for one in workspace.settings.sources)


def has_seals(workspace: Workspace) -> bool:
    """Whether the settings or the mapping of any list say who is under seal."""
    mappings = (one.mapping for one in workspace.settings.sources if one.mapping)
    return workspace.settings.release.sealed is not None or any(load_mapping(one).sealed for one in mappings)


def holds_sealed(file: Path, workspace: Path | None = None) -> Workspace | None:
    """The workspace whose persons under seal may stand in a file that it names; None where none are known."""
    found = workspace_naming(file, workspace)
    if found is None or not has_seals(found) or _is_parted(found, file) or _is_public(found, file):
        return None
    return found


def _is_parted(workspace: Workspace, file: Path) -> bool:
    """Whether it is a table that the stage of seals made without them."""
    apart = file.name == "under-seal.parquet" or file.name.endswith(".sealed.parquet")
    return file.resolve().parent == workspace.sealed and not apart


def _is_public(workspace: Workspace, file: Path) -> bool:
    return any(one.public and one.path.resolve() == file.resolve() for one in workspace.settings.sources)


def refuse_sealed_rows(file: Path, workspace: Path | None, leave_out: Path | None) -> None:
    """Raise ``RefusedError`` where tables would count persons under seal, and nothing says whose rows to leave out.

    ``workspace`` is the one that the user says the file's persons are of: any file then counts as theirs.
    """
    found = holds_sealed(file, workspace)
    if found is None and workspace is not None:
        said = find_workspace(workspace)
        found = said if has_seals(said) and workspace_naming(file, workspace) is None else None
    if found is not None and leave_out is None:
        raise RefusedError(
            f"{file}: the workspace {found.root} says that some of its persons are under seal, and these tables would "
            "count them. Give --leave-out FILE --person COLUMN (their ids, one a line), or read a copy without them, "
            "outside of the workspace and without --workspace"
        )


def without(rows: pa.Table, ids: Path, column: str | None, file: Path) -> pa.Table:
    """The rows of all persons but those whose id stands in ``ids``. How many were left out is never said.

    Raises ``UsageError`` where others may read ``ids``, where it is empty or where none of it stands in the column: a
    wrong column would leave everybody in.
    """
    if column is None:
        raise UsageError("--leave-out needs --person COLUMN, the column that holds the ids")
    if column not in rows.column_names:
        raise UsageError(f"{file}: no column {column!r}; columns: {', '.join(rows.column_names)}")
    try:
        text = owner_only(ids, "--leave-out names it").read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{ids}: not text (UTF-8); expected the ids of those to leave out, one a line") from None
    wanted = sorted({line.strip() for line in text.splitlines()} - {""})
    if not wanted:
        raise UsageError(f"{ids}: empty; expected the ids of those to leave out, one a line")
    gone = pc.is_in(pc.utf8_trim_whitespace(rows[column]), value_set=pa.array(wanted, pa.string()))
    if not pc.any(gone).as_py():
        raise UsageError(
            f"{file}: no id of {ids} stands in column {column}: nobody would be left out. Is it another one?"
        )
    return rows.filter(pc.invert(gone))
