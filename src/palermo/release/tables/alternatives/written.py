"""The folder of protected tables: a CSV by table, how they hang together, and what was done in plain words.

The decision a reader would question: a folder of private tables also has the parameters and the manifest of a pack of
open case data, so that `palermo release add` lists it and charges it to its source's budget.
"""

from pathlib import Path

from palermo.errors import UsageError
from palermo.provenance import file_sha256, write_json
from palermo.release.folder import MANIFEST, id_of
from palermo.release.packs import PARAMETERS
from palermo.release.tables.alternatives.protected import Protected
from palermo.release.tables.published import DESCRIPTION, csv_text, shape_of, write_plan, write_text
from palermo.release.whole_folder import whole_folder

STATEMENT = "statement.json"
FORMAT = "palermo-private-tables-1"


def write_protected(made: Protected, folder: Path) -> list[Path]:
    """Write the tables, ``tables.json`` (dimensions, groups) and ``statement.json`` (method, parameters, trade-off).

    Hidden counts are written as ``write_plan`` does, so that the attacker on tables reads them.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(
            f"{folder}: not empty; tables of two methods side by side give each other away. Choose another"
        )
    with whole_folder(folder) as part:
        names = [path.name for path in _written(made, part)]
    return [folder / name for name in names]


def _written(made: Protected, folder: Path) -> list[Path]:
    if made.plan is not None:
        written = write_plan(made.plan, folder)
    else:
        names = [table.name for table in made.specification.tables]
        written = [write_text(folder / f"{name}.csv", csv_text(made.table(name))) for name in names]
        written.append(_json(folder / DESCRIPTION, {**shape_of(made.specification), "method": made.method}))
    written.append(_json(folder / STATEMENT, made.description()))
    if made.method == "private":
        written.append(_json(folder / PARAMETERS, dict(made.parameters)))
        files = {path.name: file_sha256(path) for path in written}
        written.append(_json(folder / MANIFEST, {"format": FORMAT, "id": id_of(files), "files": files}))
    return written


def _json(path: Path, said: object) -> Path:
    write_json(path, said)
    return path
