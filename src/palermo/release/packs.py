"""Open case data in the ledger: a pack that `palermo synth` made is listed with what it spends of its source's budget.

The decision a reader would question: the pack is charged to the list of persons that the user names, because the pack
itself must not say which file it was made from.
"""

import shutil
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from palermo.errors import PalermoError, RefusedError, UsageError
from palermo.provenance import file_sha256, write_json
from palermo.release.approval import Office, Request, person
from palermo.release.budget import within_budget
from palermo.release.folder import CANDIDATE, FORMAT, MANIFEST, check_files, id_of, read_json
from palermo.release.ledger import GROUPED, MADE, SYNTHETIC, Entry, Listed

PARAMETERS = "parameters.json"
_ASKED = ("epsilon", "delta", "dial", "length", "k")


def list_pack(
    office: Office, folder: Path, request: Request, source: str, budget: tuple[float, float] | None
) -> Listed:
    """Copy a pack among the releases and list it as a candidate. Raises ``RefusedError`` where it would overspend."""
    by = person(request.by, "--by")
    files = _files_of(folder)
    parameters = _parameters(folder)
    rho = Fraction(parameters.get("rho") or 0)
    listed = office.ledger.listed()
    name = id_of(files)
    if name in listed:
        raise UsageError(f"{folder}: listed already, as release {name} ({listed[name].status})")
    within_budget(listed, {source: rho}, budget)
    standing = {"status": CANDIDATE, "made_by": by, "reason": request.reason, "replaces": request.replaces}
    part = office.ledger.releases / ".release.part"
    shutil.rmtree(part, ignore_errors=True)
    try:
        shutil.copytree(folder, part)
        write_json(part / MANIFEST, {**read_json(folder / MANIFEST), "id": name, **standing})
        check_files(part)
        kind = SYNTHETIC if "rho" in parameters else GROUPED
        asked: dict[str, Any] = {key: parameters[key] for key in _ASKED if key in parameters}
        entry = Entry(
            MADE, name, by, file_sha256(part / MANIFEST), kind, request.reason, request.replaces,
            sources={source: ()}, rho={source: str(rho)}, protection=asked,
        )  # fmt: skip
        pending = office.ledger.prepare(entry)
        try:
            part.rename(office.ledger.releases / name)
            pending.done()
        except OSError:
            pending.drop()
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return office.ledger.listed()[name]


def _files_of(folder: Path) -> Mapping[str, str]:
    """The hashes of a pack's files, once they were found to be those of its manifest."""
    manifest = read_json(folder / MANIFEST)
    if not isinstance(manifest, dict) or "files" not in manifest or manifest.get("format") == FORMAT:
        raise UsageError(f"{folder}: not a pack of `palermo synth`; tables are listed by `palermo release make`")
    files = {file.name: file_sha256(file) for file in folder.iterdir() if file.name != MANIFEST}
    if files != manifest["files"]:
        odd = sorted(name for name in {*files, *manifest["files"]} if files.get(name) != manifest["files"].get(name))
        raise PalermoError(f"{folder / odd[0]}: changed, missing or added after the pack was made; make it again")
    return files


def _parameters(folder: Path) -> dict[str, Any]:
    parameters: dict[str, Any] = read_json(folder / PARAMETERS)
    if parameters.get("seed") is not None or parameters.get("private") is False:
        raise RefusedError(f"{folder}: made with a seed for tests: NOT PRIVATE. Make it again without --seed-for-tests")
    return parameters
