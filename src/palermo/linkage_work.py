"""Linkage by names as stages of a workspace: what each step reads, so that nothing runs again without a reason.

The decision a reader would question: comparing records and joining them are remembered apart. Labels and decisions
change every evening of a review; the comparison of a million records, which they do not touch, takes minutes.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from palermo.console import Step
from palermo.intake.identity_file import closed_folder
from palermo.linkage.finding import Found, ListFiles, find_pairs, kept_of, kept_rows
from palermo.linkage.finding_encoded import find_encoded
from palermo.linkage.persons import build_persons
from palermo.linkage.stage import join_records
from palermo.linkage.stopping import stoppable
from palermo.pipeline_linkage import TABLES, Summary, method_of
from palermo.provenance import file_sha256
from palermo.rounded_words import about, about_share
from palermo.settings import CLEAR, ENCODINGS, SPARK, Linkage
from palermo.workspace import Workspace

MEASURES = ("labelled", "clerks", "missed", "false", "broken", "review", "refused")
Act = Callable[[Step], tuple[Summary, Sequence[Path]]]


@dataclass(frozen=True)
class LinkageWork:
    """The two steps for one workspace and the sources as intake left them."""

    workspace: Workspace
    sources: Sequence[Summary]

    @property
    def _settings(self) -> Linkage:
        asked, folder = self.workspace.settings.linkage, self.workspace.work / "linkage"
        return replace(
            asked,
            method=method_of(self.workspace, self.sources),
            labels=asked.labels or folder / "labels.jsonl",
            decisions=asked.decisions or folder / "decisions.jsonl",
        )

    def read_for_pairs(self) -> Summary:
        """What the comparison of records hangs on."""
        settings = self._settings
        return {
            "identities": [source["identities_sha256"] for source in self._cases],
            "cases": [(source["list"], source["tables_sha256"]["cases"]) for source in self._cases],
            "method": settings.method,
            "seed": settings.seed,
            "without_duplicates": settings.without_duplicates,
            "on_spark": self.workspace.settings.engine == SPARK,  # its similarities differ in the last digits
            "encoded": [_hash(one.encoded) for one in self._lists()],
        }

    def read_for_persons(self, found: Summary) -> Summary:
        """What the joining of records hangs on."""
        settings = self._settings
        return {
            "pairs": file_sha256(Path(found["pairs"])),
            "kept": found["kept"],
            "cases": [source["tables_sha256"]["cases"] for source in self._cases],
            "settings": asdict(settings),
            "labels": _hash(settings.labels),
            "decisions": _hash(settings.decisions),
        }

    def find(self, progress: Step) -> tuple[Summary, Sequence[Path]]:
        """Compare the records; the pairs and what they were found from stay in the closed folder."""
        closed, lists = closed_folder(self.workspace.identities), self._lists()
        if self._settings.method == ENCODINGS:
            found = find_encoded(lists, closed, progress)
        else:
            with stoppable():
                found = find_pairs(lists, self._settings, closed, progress, self.workspace.settings.engine)
        summary = {
            "pairs": str(found.pairs),
            "prepared": str(found.prepared),
            "compared": found.compared,
            "fresh": found.fresh,
            "kept": kept_rows(found.kept),
            "missing": found.missing,
            "notices": list(found.notices),
        }
        return summary, (found.pairs, found.prepared)

    def joining(self, found: Summary) -> Act:
        """The step that makes persons of pairs."""

        def act(_: Step) -> tuple[Summary, Sequence[Path]]:
            return self._join(found)

        return act

    def _join(self, found: Summary) -> tuple[Summary, Sequence[Path]]:
        settings, lists = self._settings, self._lists()
        pairs = Found(
            Path(found["pairs"]),
            Path(found["prepared"]),
            found["compared"],
            kept_of(found["kept"]),
            found["missing"],
            tuple(found["notices"]),
        )
        folder = closed_folder(self.workspace.work / "linkage")
        joined = join_records(lists, pairs, settings, folder)
        out = self.workspace.work / "persons.parquet"
        made = build_persons([one.cases for one in lists], out, joined.memberships)
        persons = replace(made, method=str(settings.method), unrecognised=joined.unrecognised)
        links = {name: str(path) if (path := getattr(joined, name)) else None for name in TABLES}
        sure = {name: getattr(joined, name) for name in MEASURES}
        sure["count"] = asdict(joined.count) if joined.count else None
        notes = [*persons.notes(), *how_joined(settings, joined.by_model), *how_sure(sure)]
        summary = {
            **asdict(persons),
            "table": str(out),
            "notes": notes,
            "links": {**links, **sure, "threshold": settings.threshold, "by_model": joined.by_model},
            "calibration": list(joined.notes),
            "pairs": str(joined.pairs),
            "prepared": found["prepared"],
        }
        return summary, (out, joined.pairs, *(Path(path) for path in links.values() if path))

    @property
    def _cases(self) -> list[Summary]:
        return [source for source in self.sources if "cases" in source["tables"]]

    def _lists(self) -> list[ListFiles]:
        encoded = {source.name: source.encoded for source in self.workspace.settings.sources}
        return [
            ListFiles(
                source["list"],
                Path(source["tables"]["cases"]),
                Path(source["identities"]) if source["identities"] else None,
                encoded.get(source["list"]),
            )
            for source in self._cases
        ]


def _hash(file: Path | None) -> str | None:
    return file_sha256(file) if file is not None and file.is_file() else None


def how_joined(settings: Linkage, by_model: int) -> tuple[str, ...]:
    """How the records of one person were found, for readers of the account."""
    by = "names, birth dates and places" if settings.method == CLEAR else "keyed encodings of names and birth dates"
    return (
        f"Records that share a number were joined, and records whose {by} make it likely (at least "
        f"{settings.threshold:g}) that they are of one person: {about(by_model)} of them by that alone.",
    )


def how_sure(sure: Summary) -> tuple[str, ...]:
    """How many links are wrong or missing, as far as anybody looked."""
    if sure.get("refused") is not None:
        return (f"No number may be taken from what people said of the pairs: {sure['refused']}.",)
    if not sure["labelled"] or sure["missed"] is None:
        return (
            "Nobody looked at a sample of the pairs, so that nothing says how many links are wrong or missing, and the "
            "number of persons is uncertain by as much.",
        )
    clerks = f"{sure['clerks']} people" if sure["clerks"] > 1 else "one person"
    return (
        f"By a sample of {about(sure['labelled'])} pairs that {clerks} looked at, {about_share(sure['missed'])} of the "
        f"links between lists are missing and {about_share(sure['false'])} of those made are wrong.",
        *_corrected(sure["count"]),
    )


def _corrected(count: Summary | None) -> tuple[str, ...]:
    if count is None:
        return ()
    likely, low, high = (about(round(count[key])) for key in ("corrected", "lower", "upper"))
    return (f"With these errors taken out the records are {likely} persons (95 % interval: {low} to {high}).",)
