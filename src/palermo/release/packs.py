"""Open case data in the ledger: a pack that `palermo synth` made is listed with what it spends of its source's budget.

Inside a workspace the noise is charged before it is drawn, and stays charged if nothing is published: who drew it has
seen it, and could draw until it shows what he wants. The decision a reader would question: the pack is charged to the
list of persons that the user names, because the pack itself must not say which file it was made from.
"""

import hashlib
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
from palermo.release.ledger_entry import CHARGE, CHARGED, DRAWN, GROUPED, MADE, SYNTHETIC, Entry, Listed
from palermo.release.one_off import check_alone
from palermo.release.privacy_loss import Loss

PARAMETERS = "parameters.json"
_ASKED = ("epsilon", "delta", "dial", "length", "k")


def list_pack(
    office: Office, folder: Path, request: Request, source: str, budget: tuple[float, float] | None
) -> Listed:
    """Copy a pack among the releases and list it as a candidate. Raises ``RefusedError`` where it would overspend."""
    by = person(request.by, "--by")
    files = _files_of(folder)
    parameters = _parameters(folder)
    loss = loss_told(parameters)
    listed = office.ledger.listed()
    name = id_of(files)
    if name in listed:
        raise UsageError(f"{folder}: listed already, as release {name} ({listed[name].status})")
    kind = SYNTHETIC if "rho" in parameters else GROUPED
    check_alone(listed, kind, (source,))
    charge = _charge_of(listed, name, source, loss.rho)
    within_budget({key: one for key, one in listed.items() if key != charge}, {source: loss}, budget)
    standing = {"status": CANDIDATE, "made_by": by, "reason": request.reason, "replaces": request.replaces}
    part = office.ledger.releases / ".release.part"
    shutil.rmtree(part, ignore_errors=True)
    try:
        shutil.copytree(folder, part)
        write_json(part / MANIFEST, {**read_json(folder / MANIFEST), "id": name, **standing})
        check_files(part)
        asked: dict[str, Any] = {key: parameters[key] for key in _ASKED if key in parameters}
        asked |= {CHARGE: charge} if charge else {}
        entry = Entry(
            MADE, name, by, file_sha256(part / MANIFEST), kind, request.reason, request.replaces,
            sources={source: ()}, **_by_source(source, loss), protection=asked,
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


def _charge_of(listed: Mapping[str, Listed], name: str, source: str, rho: Fraction) -> str | None:
    """The charge that was made before the noise of this pack was drawn; None for a pack made outside the workspace."""
    for charge, one in listed.items():
        if one.status == DRAWN and one.manifest == name:
            charged = {key: Fraction(loss) for key, loss in one.made.rho.items()}
            if source not in charged or charged[source] < rho:
                raise UsageError(f"--source {source}: the noise of this pack was charged to {', '.join(charged)}")
            return charge
    return None


def charge_noise(
    office: Office,
    by: str,
    source: str,
    promise: tuple[float, float],
    loss: Loss,
    budget: tuple[float, float] | None,
) -> str:
    """Charge noise to a source before it is drawn, and return the name of the charge.

    ``promise`` is its (epsilon, delta), and ``loss`` how it is spent. Raises ``RefusedError`` where it would overspend.
    """
    who, listed = person(by, "--by"), office.ledger.listed()
    within_budget(listed, {source: loss}, budget)
    name = hashlib.sha256(f"charge {office.ledger.head()} {source} {loss.rho}".encode()).hexdigest()[:16]
    asked = dict(zip(("epsilon", "delta"), promise, strict=True))
    spending = _by_source(source, loss)
    office.ledger.append(Entry(CHARGED, name, who, "", SYNTHETIC, sources={source: ()}, **spending, protection=asked))
    return name


def _by_source(source: str, loss: Loss) -> dict[str, Any]:
    """A loss as an entry holds it."""
    failing = {"failing": {source: str(loss.failing)}} if loss.failing else {}
    return {"rho": {source: str(loss.rho)}, **failing}


def loss_told(parameters: Mapping[str, Any]) -> Loss:
    """What a pack says that it spends."""
    return Loss(Fraction(parameters.get("rho") or 0), Fraction(parameters.get("delta_for_codes_found") or 0))


def noise_was_drawn(office: Office, charge: str, folder: Path) -> str:
    """Note which pack came of a charge; returns the name that the pack will have as a release."""
    name = id_of(_files_of(folder))
    by = office.ledger.release(charge).made.by
    office.ledger.append(Entry(DRAWN, charge, by, name, SYNTHETIC))
    return name


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
