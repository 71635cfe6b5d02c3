"""The ledger as an attack: releases that it does not list, entries that were altered, budgets that were overspent.

The decision a reader would question: drafts are no finding. They are for the office and marked so; whoever passes one
on breaks a rule that no file can keep.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from palermo.errors import PalermoError
from palermo.release.attack.finding import Finding, Outcome, could_not, ran
from palermo.release.attack.material import PARAMETERS
from palermo.release.ledger import Ledger
from palermo.release.ledger_check import verify
from palermo.release.ledger_entry import SYNTHETIC, losses_of, spent
from palermo.release.packs import loss_told
from palermo.release.privacy_loss import Loss, total_of
from palermo.workspace import FILE_NAME, find_workspace

BOOKS = "ledger"


def books(releases: Path) -> Outcome:
    """Hold the ledger of a folder of releases against the folder, and its losses against the budget."""
    home = releases.parent
    anchor, budget = None, None
    if (home / FILE_NAME).is_file():
        try:
            workspace = find_workspace(home)
        except PalermoError as error:
            return could_not(BOOKS, releases.name, str(error))
        anchor = workspace.released / "ledger.head"
        asked = workspace.settings.release.budget
        budget = None if asked is None else (asked.epsilon, asked.delta)
    ledger = Ledger(releases, anchor)
    faults, _ = verify(ledger)
    findings = [Finding(BOOKS, releases.name, fault.replace(f"{releases}/", "")) for fault in faults]
    if any("entry" in fault and "altered" in fault for fault in faults):
        return ran(BOOKS, releases.name, 0, "the chain of the ledger, which is broken", findings)
    try:
        findings += [Finding(BOOKS, releases.name, words) for words in _overspent(ledger, budget)]
        entries = len(ledger.entries())
    except PalermoError as error:
        return ran(BOOKS, releases.name, 0, f"the chain of the ledger: {error}", findings)
    words = "entries held against each other, the folders and the budget"
    return ran(BOOKS, releases.name, entries, words if budget else f"{words} (no budget is set)", findings)


def _overspent(ledger: Ledger, budget: tuple[float, float] | None) -> Iterator[str]:
    listed = ledger.listed()
    for one in listed.values():
        if one.made.kind == SYNTHETIC:
            charged = total_of(losses_of(one).values())
            told = _told(ledger.folder(one))
            if charged.rho < told.rho or charged.failing < told.failing:
                yield f"release {one.id}: charged less than its parameters say it spends"
    if budget is None:
        return
    most, delta = budget
    for source, losses in spent(listed).items():
        total = total_of(losses.values())
        if not total.is_within(most, delta):
            spends = f"epsilon {total.epsilon(delta):.3g}" if total.left_of(delta) else "the whole delta"
            yield f"source {source}: {spends} is spent, the budget is {most:g} (delta {delta:g})"


def _told(folder: Path) -> Loss:
    try:
        return loss_told(json.loads((folder / PARAMETERS).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return Loss()  # a folder that is missing is named by ``verify``
