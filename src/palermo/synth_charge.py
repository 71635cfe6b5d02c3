"""Noise inside a workspace: its source's budget is asked, and charged, before any is drawn.

The decision a reader would question: the charge stays when nothing is published. Whoever made the pack has seen it, and
somebody who may draw for nothing draws until the noise shows what he wants.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

from palermo.errors import RefusedError, UsageError
from palermo.release.packs import charge_noise, noise_was_drawn
from palermo.release.privacy_loss import Loss
from palermo.release.synthetic.measure import loss_of
from palermo.release_work import turn
from palermo.sealed_rows import holds_sealed, workspace_naming
from palermo.synth_work import Charging, not_charged
from palermo.workspace import FILE_NAME, Workspace, find_workspace


@dataclass(frozen=True)
class Asked:
    """What the command line says of the workspace."""

    workspace: Path | None = None
    source: str | None = None
    by: str | None = None


def workspace_of(file: Path, asked: Asked) -> tuple[Workspace, str] | None:
    """The workspace whose source ``file`` is, and the source; None outside of any.

    Raises ``UsageError`` where a workspace is named, or is the folder of the process, and the source is not known.
    """
    named = asked.workspace or (Path() if (Path() / FILE_NAME).is_file() else None)
    if named is not None:
        found = find_workspace(named)
        return found, _source_of(found, file, asked)
    around = workspace_naming(file)
    if around is not None:
        return around, _source_of(around, file, asked)
    if asked.source or asked.by:
        raise UsageError("--source and --by charge the ledger of a workspace: name it with --workspace DIR")
    return None


def refuse_sealed(file: Path, asked: Asked) -> None:
    """Refuse a list of cases that holds persons under seal: open data would be made of their rows too.

    Raises ``RefusedError``; a copy without them can be named instead, with its source.
    """
    found = holds_sealed(file, asked.workspace)
    if found is not None:
        named = next((one.name for one in found.settings.sources if one.path.resolve() == file.resolve()), "NAME")
        raise RefusedError(
            f"{file}: the workspace says that some of its persons are under seal, and open data would be made of their "
            f"rows too. Write a copy without them, and name it: palermo synth COPY --workspace {found.root} "
            f"--source {named}"
        )


def _source_of(workspace: Workspace, file: Path, asked: Asked) -> str:
    names = [source.name for source in workspace.settings.sources]
    if asked.source is not None:
        return asked.source
    for source in workspace.settings.sources:
        if source.path.resolve() == file.resolve():
            return source.name
    raise UsageError(
        f"{file}: no source of the workspace {workspace.root}. Say whose persons it holds, so that their privacy "
        f"budget can be charged: --source NAME, of: {', '.join(names) or 'none yet'}"
    )


def charging(file: Path, out: Path, promise: tuple[float, float] | None, asked: Asked) -> Charging:
    """What ``make_synthetic`` enters before it draws noise: it charges the source, then notes which pack came of it.

    Nothing is charged outside of a workspace, nor without ``promise`` (epsilon, delta): noise of a seed for tests must
    not be published. Entering it raises ``RefusedError``, before anything is drawn, where the source would overspend.
    """
    found = workspace_of(file, asked)
    refuse_sealed(file, asked)
    if found is None or promise is None:
        return not_charged
    if asked.by is None:
        raise UsageError('--by: the ledger of the workspace notes who draws noise: --by "A. Maker"')
    return partial(_charged, found, asked.by, promise, out)


@contextmanager
def _charged(
    found: tuple[Workspace, str], by: str, promise: tuple[float, float], out: Path, codes_found: bool
) -> Iterator[None]:
    workspace, source = found
    budget = workspace.settings.release.budget
    most = (budget.epsilon, budget.delta) if budget else None
    rho, failing = loss_of(*promise, codes_found=codes_found)
    loss = Loss(Fraction(rho), Fraction(failing))
    with turn(workspace) as office:
        charge = charge_noise(office, by, source, promise, loss, most)
    yield
    with turn(workspace) as office:
        noise_was_drawn(office, charge, out)
