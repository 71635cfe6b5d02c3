"""Who made a release, who approved it, and what became of it: each act is an entry of the ledger and in the manifest.

One person makes, another approves, with the attacker's report of that moment before them. Nothing is taken back: what
was withdrawn after it was approved has been seen, and later releases are still compared with it. The decision a reader
would question: a candidate counts as seen as well until somebody withdraws it, as nobody knows who was shown it.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from palermo.errors import PalermoError, RefusedError, UsageError
from palermo.provenance import file_sha256, write_json
from palermo.release.attacker import attacker_report
from palermo.release.budget import within_budget
from palermo.release.confidential import keep_true_rows
from palermo.release.folder import CANDIDATE, MANIFEST, check_files, read_json
from palermo.release.freeze import Made, manifest_of
from palermo.release.history import load_history, unchanged
from palermo.release.ledger import Ledger
from palermo.release.ledger_entry import APPROVED, CHARGED, MADE, TABLES, WITHDRAWN, Entry, Listed, losses_of
from palermo.release.one_off import check_alone
from palermo.release.rules import Protection

_LONGEST = 200
Sources = Mapping[str, tuple[str, ...]]  # hashes of the files by source


@dataclass(frozen=True)
class Request:
    """Who makes a release and why; ``replaces`` names an earlier one that it corrects."""

    by: str
    reason: str = ""
    replaces: str | None = None


@dataclass(frozen=True)
class Office:
    """The ledger of a workspace, the closed folder of its true figures, and which area lies in which."""

    ledger: Ledger
    store: Path
    within: Mapping[str, str]
    sealed: Path | None = None  # numbers of persons under seal, one a line, to be looked for in every byte


def person(text: str, option: str) -> str:
    """A name as typed, tidied. Raises ``UsageError`` where it is none."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name or len(name) > _LONGEST or any(unicodedata.category(letter).startswith("C") for letter in name):
        raise UsageError(f"{option} {text!r}: expected the name of a person, in at most {_LONGEST} letters")
    return name


def _reason(text: str) -> str:
    reason = " ".join(unicodedata.normalize("NFC", text).split())
    if not reason:
        raise UsageError("--reason: found nothing, expected in a few words why")
    return reason


def same_person(one: str, other: str) -> bool:
    """Whether two names are one, whatever their case, width or accents in composed form."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def list_release(office: Office, made: Made, protection: Protection, request: Request, sources: Sources) -> Listed:
    """Freeze a release as a candidate and list it. All or nothing. Raises ``UsageError`` where it is listed already."""
    ledger = office.ledger
    by = person(request.by, "--by")
    replaced = _replaced(ledger, request)
    listed = ledger.listed().get(made.id)
    if listed is not None:
        raise UsageError(
            f"release {made.id} is listed already ({listed.status}, made by {listed.made.by}): nothing has changed "
            "since. There is nothing new to make"
        )
    check_alone(ledger.listed(), TABLES, sources)
    reason = _reason(request.reason) if replaced or request.reason else ""
    standing = {"status": CANDIDATE, "made_by": by, "reason": reason, "replaces": replaced}
    manifest = manifest_of(made, protection, standing)
    write_json(made.part / MANIFEST, manifest)
    entry = Entry(
        MADE, made.id, by, file_sha256(made.part / MANIFEST), TABLES, reason, replaced,
        sources=sources, rho=dict.fromkeys(sources, "0"), areas=_codes(made, "ref_area"),
        periods=_codes(made, "time_period"), protection=asdict(protection),
    )  # fmt: skip
    _place(office, made, entry)
    return ledger.listed()[made.id]


def _codes(made: Made, dimension: str) -> tuple[str, ...]:
    return tuple(sorted({row[dimension] for row in made.rows if row["confidential"]}))


def _replaced(ledger: Ledger, request: Request) -> str | None:
    if request.replaces is None:
        return None
    if not request.reason.strip():
        raise UsageError("--replaces needs --reason: say in a few words why the earlier release is corrected")
    return ledger.release(request.replaces).id


def _place(office: Office, made: Made, entry: Entry) -> None:
    """The true figures, the entry, the folder: where one cannot be written, none is left."""
    final = office.ledger.releases / made.id
    before = final.with_name(f".{made.id}.draft")  # a draft of the same figures gives way to the candidate
    kept = keep_true_rows(office.store, made.id, made.rows)
    try:
        pending = office.ledger.prepare(entry)
    except OSError:
        kept.unlink(missing_ok=True)
        raise
    try:
        if final.exists():
            final.rename(before)
        made.part.rename(final)
        pending.done()
    except OSError:
        pending.drop()
        kept.unlink(missing_ok=True)
        if before.exists():
            final.rename(made.part)
            before.rename(final)
        raise
    _remove(before)


def _remove(folder: Path) -> None:
    if folder.is_dir():
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def approve(
    office: Office, name: str, by: str, budget: tuple[float, float] | None = None
) -> tuple[Listed, dict[str, Any]]:
    """Approve a candidate. Returns it and the attacker's report, which is attached to the manifest.

    Raises ``RefusedError`` where the approver made it, where it or an earlier release was altered, where the losses in
    the ledger are above ``budget`` as it is now, or where the attacker finds anything.
    """
    approver = person(by, "--by")
    listed = office.ledger.release(name)
    if listed.status != CANDIDATE:
        raise UsageError(f"release {listed.id} is {listed.status}; only a candidate can be approved")
    if same_person(approver, listed.made.by):
        raise RefusedError(
            f"release {listed.id} was made by {listed.made.by}: another person must approve it, who has looked at it"
        )
    others = {key: one for key, one in office.ledger.listed().items() if key != listed.id}
    check_alone(others, listed.made.kind, listed.made.sources)
    within_budget(others, losses_of(listed), budget)
    report = _attacked(office, listed)
    if not report["ok"]:
        raise RefusedError(f"release {listed.id} is not approved: {'; '.join(report['findings'][:5])}")
    _act(
        office.ledger, listed, (APPROVED, approver, ""), {"status": APPROVED, "approved_by": approver, "attack": report}
    )
    return office.ledger.listed()[listed.id], report


def _attacked(office: Office, listed: Listed) -> dict[str, Any]:
    """The attacker's report on a release that is as the ledger has it."""
    folder = office.ledger.folder(listed)
    if listed.made.kind != TABLES:
        check_files(folder)
        return attacker_report(folder, (), office.within, office.sealed)
    unchanged(folder, listed)
    history = load_history(office.ledger, office.store, office.within, skip=listed.id)
    return attacker_report(folder, history.folders, office.within, office.sealed)


def withdraw(office: Office, name: str, by: str, reason: str) -> Listed:
    """Withdraw a release. Its folder stays, marked; an approved one still counts as seen."""
    who, why = person(by, "--by"), _reason(reason)
    listed = office.ledger.release(name)
    if listed.made.action == CHARGED:
        raise UsageError(f"{listed.id}: a charge for noise, and no release. Noise that was drawn cannot be taken back")
    if listed.withdrawn:
        raise UsageError(f"release {listed.id} was withdrawn already, by {listed.withdrawn.by}")
    marks = {"status": WITHDRAWN, "withdrawn_by": who, "withdrawn_for": why}
    _act(office.ledger, listed, (WITHDRAWN, who, why), marks)
    return office.ledger.listed()[listed.id]


def _act(ledger: Ledger, listed: Listed, act: tuple[str, str, str], marks: Mapping[str, Any]) -> None:
    """Write the marks into the manifest and the act into the ledger; neither where one cannot be written."""
    path = ledger.folder(listed) / MANIFEST
    if not path.is_file():
        raise PalermoError(f"{path}: missing. Bring release {listed.id} back from a copy")
    before = path.read_bytes()
    if file_sha256(path) != listed.manifest:
        raise RefusedError(f"{path}: altered: not as the ledger has it. Bring release {listed.id} back from a copy")
    action, by, reason = act
    marked = ledger.releases / f".{listed.id}.{MANIFEST}"  # beside the folder, which somebody might copy meanwhile
    try:
        write_json(marked, {**read_json(path), **marks})
        pending = ledger.prepare(
            Entry(action, listed.id, by, file_sha256(marked), listed.made.kind, reason, folder=listed.made.folder)
        )
        try:
            marked.replace(path)
            pending.done()
        except OSError:
            pending.drop()
            path.write_bytes(before)
            raise
    finally:
        marked.unlink(missing_ok=True)


def names(listed: Iterable[Listed]) -> list[dict[str, Any]]:
    """What a list of releases shows of each."""
    return [
        {
            "id": one.id,
            "kind": one.made.kind,
            "status": one.status,
            "made_by": one.made.by,
            "approved_by": one.approved_by,
            "withdrawn_by": one.withdrawn.by if one.withdrawn else None,
            "reason": one.withdrawn.reason if one.withdrawn else one.made.reason,
            "replaces": one.made.replaces,
            "areas": list(one.made.areas),
            "periods": list(one.made.periods),
        }
        for one in listed
    ]
