"""The releases that went before, as a new one must take them into account.

All that somebody outside may have count: approved ones for ever, withdrawn or not, and candidates until they are
withdrawn. A release that is missing or altered makes the new one be refused, because nobody could say what it told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from palermo.errors import PalermoError, RefusedError
from palermo.provenance import file_sha256
from palermo.release.across import Earlier, Together
from palermo.release.confidential import true_rows
from palermo.release.folder import MANIFEST, LoadedRelease, load_release
from palermo.release.hold import Mixed, changes_of, mixed
from palermo.release.hold_estimates import answered, same_question, with_steady_estimates
from palermo.release.ledger import Ledger
from palermo.release.ledger_entry import TABLES, Listed
from palermo.release.rules import Protection
from palermo.release.tried import HIDDEN

_LIST_COUNTS = ("read", "accepted", "quarantined")


@dataclass(frozen=True)
class History:
    """Earlier releases in the order made. ``within`` says which area is part of which."""

    earlier: tuple[Earlier, ...] = ()
    folders: tuple[Path, ...] = ()
    within: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[Any, ...] = ()  # metadata, receipts and what was tried of each, as published

    def together(self) -> Together | None:
        """The joint system to protect a new release in; None where there is nothing before it."""
        return Together(self.earlier, self.within) if self.earlier else None

    def with_held(
        self, rows: Sequence[dict[str, Any]], receipts: Mapping[str, Any], k: int, *, all_wait: bool
    ) -> Mixed:
        """The rows of the new release, with small changes of published years held back, and of estimates."""
        if not self.earlier:
            return Mixed(list(rows))
        before = self._as_published()
        held = mixed(rows, before, changes_of(rows, before, k), all_wait=all_wait)
        asked = self.documents[-1]["receipts"].get("estimates")
        return with_steady_estimates(held, rows, before, k) if same_question(asked, receipts.get("estimates")) else held

    def _as_published(self) -> list[dict[str, Any]]:
        """Of each table, area and year the true figures behind the latest release that holds it."""
        latest: dict[tuple[str, ...], int] = {}
        for number, one in enumerate(self.earlier):
            for row in one.rows:
                period = row["time_period"] if row["time_period"].isdigit() else ""
                latest[row["indicator"], row["ref_area"], period] = number
        newest = len(self.earlier) - 1
        return [
            dict(row)
            for number, one in enumerate(self.earlier)
            for row in one.rows
            if (number == newest if not row["time_period"].isdigit() else latest[_place(row)] == number)
        ]

    def tried_before(self, protection: Protection) -> dict[str, Any]:
        """What stood around the estimates in the latest release; hidden where it was made under another k."""
        latest = self.documents[-1]
        said = latest["metadata"]["protection"]
        same = (said["k_tables"], said["k_microdata"]) == (protection.k_tables, protection.k_microdata)
        return dict(latest["tried"]) if same else {"why": HIDDEN}

    def estimates_before(self, receipts: Mapping[str, Any], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """The receipts, saying of the estimates what the latest release said, and of those added since what is new."""
        before = self.documents[-1]["receipts"].get("estimates")
        own, known = (document.get("answers", {}) for document in (receipts.get("estimates") or {}, before or {}))
        added = {name: own[name] for name in sorted(answered(rows) & (own.keys() - known.keys()))}
        return {**receipts, "estimates": {**before, "answers": {**known, **added}} if before and added else before}

    def answers_before(self, receipts: Mapping[str, Any], codes: frozenset[str]) -> dict[str, Any]:
        """The receipts, saying of the estimates of these codes what the latest release said."""
        own, before = (document.get("estimates") or {} for document in (receipts, self.documents[-1]["receipts"]))
        kept = {name: answer for name, answer in before.get("answers", {}).items() if name in codes}
        return {**receipts, "estimates": {**own, "answers": {**own.get("answers", {}), **kept}}}

    def steady(self, document: Any, k: int) -> Any:
        """A public document without numbers of records that differ from those published before by 1 to k - 1."""
        known: dict[str, list[Mapping[str, Any]]] = {}
        for earlier in self.documents:
            _collect(earlier, "", known)
        return _without(document, "", known, k)


def _place(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["indicator"], row["ref_area"], row["time_period"]


def _collect(part: Any, name: str, known: dict[str, list[Mapping[str, Any]]]) -> None:
    if isinstance(part, list):
        for item in part:
            _collect(item, name, known)
    elif isinstance(part, Mapping):
        name = str(part.get("list", name))
        if set(_LIST_COUNTS) <= set(part):
            known.setdefault(name, []).append(part)
        for item in part.values():
            _collect(item, name, known)


def _without(part: Any, name: str, known: Mapping[str, list[Mapping[str, Any]]], k: int) -> Any:
    if isinstance(part, list):
        return [_without(item, name, known, k) for item in part]
    if not isinstance(part, Mapping):
        return part
    name = str(part.get("list", name))
    tells = set(_LIST_COUNTS) <= set(part) and any(
        0 < abs(int(part[key]) - int(before[key])) < k for before in known.get(name, ()) for key in _LIST_COUNTS
    )
    kept = {key: value for key, value in part.items() if not (tells and key in _LIST_COUNTS)}
    cleaned = {key: _without(value, name, known, k) for key, value in kept.items()}
    return {key: value for key, value in cleaned.items() if not (value == {} and part[key])}


def load_history(ledger: Ledger, store: Path, within: Mapping[str, str], skip: str | None = None) -> History:
    """Read all earlier releases of tables that somebody may have; ``skip`` is left out. Raises ``RefusedError``."""
    earlier, folders, documents = [], [], []
    for listed in ledger.listed().values():
        if not listed.seen or listed.made.kind != TABLES or listed.id == skip:
            continue
        folder = ledger.folder(listed)
        loaded = unchanged(folder, listed)
        published = loaded.cube.to_pylist()
        earlier.append(
            Earlier(listed.id, true_rows(store, listed.id, published), published, loaded.metadata["protection"])
        )
        folders.append(folder)
        documents.append({"metadata": loaded.metadata, "receipts": loaded.receipts, "tried": loaded.estimates})
    return History(tuple(earlier), tuple(folders), within, tuple(documents))


def unchanged(folder: Path, listed: Listed) -> LoadedRelease:
    """Read a listed release. Raises ``RefusedError`` where it is not as the ledger has it."""
    try:
        loaded = load_release(folder)
    except PalermoError as error:
        raise RefusedError(
            f"earlier release {listed.id} is missing or altered, so that nobody can say what it tells: {error}. "
            "Bring it back from a copy; then try again"
        ) from None
    if file_sha256(folder / MANIFEST) != listed.manifest:
        raise RefusedError(
            f"{folder / MANIFEST}: altered: not as the ledger has it. Bring release {listed.id} back from a copy"
        )
    return loaded
